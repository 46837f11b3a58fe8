"""Make the key with which the server opens a device whose PIN is forgotten."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from devices import keys


class Command(BaseCommand):
    """Writes the file of ``SIDEMAND_DEVICE_KEY_FILE``; ``--renew`` adds a key to it."""

    help = "Make the key with which the server opens a device whose PIN is forgotten."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--once`` for a start that is repeated, ``--renew`` for one more key."""
        parser.add_argument("--once", action="store_true", help="do nothing where there is one")
        parser.add_argument("--renew", action="store_true", help="add one; the old ones still open")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it.

        Raises:
            CommandError: No file is named, or there is one and ``--renew`` was not said.
        """
        if not settings.SIDEMAND_DEVICE_KEY_FILE:
            raise CommandError("SIDEMAND_DEVICE_KEY_FILE names no file.")
        path = Path(settings.SIDEMAND_DEVICE_KEY_FILE)
        if path.exists() and not options["renew"]:
            if options["once"]:
                return
            raise CommandError(f"{path} is there. Add a key to it with --renew.")
        keys.make(path)
        self.stdout.write(f"A new key lies first in {path}. Keep a copy apart from the database.")
