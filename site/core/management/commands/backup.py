"""``manage.py backup FILE``: everything in one file, while the site runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.backups import making
from core.backups.place import Place
from core.backups.progress import Progress
from core.backups.refusal import BackupRefused
from core.management import terminal


class Command(BaseCommand):
    """Database, uploads, settings that are no secrets, and a list of what is not in it.

    What was acknowledged before it began is in it. Read docs/operations.md for the drill.
    """

    help = "Write database, uploads and open settings into one file, while the site runs."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and whether encrypted."""
        parser.add_argument("file", type=Path, help="the file to write; must not exist yet")
        terminal.add_passphrase(parser, "encrypt it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and say what is not in it.

        Raises:
            CommandError: When it cannot be made; then there is no file.
        """
        write = terminal.writing(self)
        terminal.end_tidily()
        try:
            told = making.make(
                Place.here(),
                options["file"],
                at=timezone.now(),
                progress=Progress(write, making.STEPS),
                passphrase=terminal.passphrase(options, twice=True),
            )
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        size = options["file"].stat().st_size
        rows = sum(told.rows.values())
        write(
            f"{options['file']}: {size:,} bytes, {rows:,} rows, {len(told.uploads):,} uploads.\n"
            + "".join(f"- {line}\n" for line in told.lacking)
        )
