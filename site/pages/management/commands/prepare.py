"""``manage.py prepare``: from an empty database to a site one can use; repeatable."""

import hashlib
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from courses.actions import forget_copies
from pages import setup


class Command(BaseCommand):
    """Brings database, base rows, registers and static files to the state of this release.

    Run after each upgrade; with nothing to do it takes seconds and changes nothing.
    """

    help = "Migrate, create the base rows, load the registers, collect static files."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--skip-static`` is for tests and for whoever serves static files from elsewhere."""
        parser.add_argument("--skip-static", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take each step and say how long it took."""
        steps: list[tuple[str, Callable[[], object]]] = [
            ("Database", lambda: call_command("migrate", verbosity=0, interactive=False)),
            ("Cache", lambda: call_command("createcachetable", verbosity=0)),
            ("Languages and front pages", setup.create_home_pages),
            ("Groups and permissions", setup.grant_permissions),
            ("Review before publishing", self._workflow),
            ("Privacy and accessibility", self._site_pages),
            ("Towns", lambda: self._load("load_places")),
            ("Topics", lambda: self._load("load_topics")),
            ("Competences", lambda: self._load("load_frameworks")),
            ("Rules", lambda: self._load("load_rules")),
            ("Glossary", lambda: self._load("load_glossary")),
            ("Initiatives", lambda: self._load("load_initiatives")),
            ("Titles", forget_copies),
            ("Search", lambda: self._load("build_search")),
        ]
        if not options["skip_static"]:  # before the pages, which are weighed with them
            steps.insert(0, ("Files for the browser", self._collect_static))
        for number, (name, step) in enumerate(steps, start=1):
            self.stdout.write(f"[{number}/{len(steps)}] {name} … ", ending="")
            self.stdout.flush()
            began = time.monotonic()
            step()
            self.stdout.write(f"{time.monotonic() - began:.1f} s")

    def _workflow(self) -> None:
        setup.create_workflow(setup.create_home_pages())

    def _site_pages(self) -> None:
        setup.create_site_pages(setup.create_home_pages())

    def _load(self, command: str) -> None:
        call_command(command, stdout=StringIO())

    def _collect_static(self) -> None:
        """Compressing takes a while, so it is done only where a file has changed since."""
        stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
        now = _fingerprint()
        if stamp.exists() and stamp.read_text(encoding="ascii") == now:
            return
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(now, encoding="ascii")


def _fingerprint() -> str:
    """Changes with every static file that would be collected, and with the settings for it."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()
