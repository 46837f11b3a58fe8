"""A pytest plugin: the demo, loaded once for all processes of a run.

Loading takes the better part of a minute. Whoever looks at it puts the picture back instead.
"""

import json
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.test import override_settings

from tests import snapshot
from tests.databases import in_turn


@dataclass(frozen=True)
class DemoPicture:
    """What ``make run`` loads: base rows, registers, people, lessons, pairings, sessions.

    Attributes:
        picture: Every row.
        files: Every file by its path below ``MEDIA_ROOT``.
        said: What ``load_demo --json`` printed.
        before: Puts back what the migrations have written.
    """

    picture: snapshot.Picture
    files: dict[str, bytes]
    said: str
    before: snapshot.Restore

    @cached_property
    def accounts(self) -> list[dict[str, str]]:
        """Role, name, address, password and scope of each account."""
        return list(json.loads(self.said))

    @cached_property
    def _restore(self) -> snapshot.Restore:
        return snapshot.restore_from(self.picture)

    def put_back(self) -> None:
        """The demo as it was loaded, whatever was done since."""
        self._restore()
        for name, content in self.files.items():
            file = Path(settings.MEDIA_ROOT, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        forget_rows()

    @contextmanager
    def stands(self) -> Iterator[None]:
        """The demo is there within, and gone after."""
        self.put_back()
        try:
            yield
        finally:
            self.before()
            forget_rows()
            shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)


def forget_rows() -> None:
    """Nothing that a process keeps about rows outlives them."""
    from core import database_identity
    from courses.quizzes import form as quiz
    from pages.models import base as page_models
    from pages.rendering import bodies

    cache.clear()
    database_identity.forget()
    bodies.clear()
    quiz._draw.cache_clear()
    page_models._languages.clear()
    ContentType.objects.clear_cache()


@pytest.fixture(scope="session")
def demo_picture(
    django_db_setup: snapshot.Restore, django_db_blocker: Any, shared_folder: Path | None
) -> DemoPicture:
    if shared_folder is None:
        with django_db_blocker.unblock():
            return DemoPicture(*_load(django_db_setup), before=django_db_setup)
    with in_turn(shared_folder / "demo.lock"):
        file = shared_folder / "demo.pickle"
        if not file.exists():
            with django_db_blocker.unblock():
                file.write_bytes(pickle.dumps(_load(django_db_setup)))
    return DemoPicture(*pickle.loads(file.read_bytes()), before=django_db_setup)


def _load(before: snapshot.Restore) -> tuple[snapshot.Picture, dict[str, bytes], str]:
    from tests.factories.pages import clear_pages

    forget_rows()
    clear_pages()
    said = StringIO()
    with override_settings(SIDEMAND_DEMO=True):
        call_command("prepare", "--skip-static", stdout=StringIO())
        call_command("load_demo", "--json", stdout=said, stderr=StringIO())
    media = Path(settings.MEDIA_ROOT)
    files = {
        str(file.relative_to(media)): file.read_bytes()
        for file in media.rglob("*")
        if file.is_file()
    }
    picture = snapshot.take()
    before()
    forget_rows()
    return picture, files, said.getvalue()
