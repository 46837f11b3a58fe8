"""``manage.py restore FILE``: put a backup back into an empty place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.backups import archive, lacking, restoring
from core.backups.manifest import Manifest
from core.backups.place import Place
from core.backups.progress import Progress
from core.backups.refusal import BackupRefused
from core.management import terminal


class Command(BaseCommand):
    """Looks at every byte first; changes nothing unless all of it is right, and never half.

    The place must be empty: no tables in the database, no files among the uploads. Read
    docs/operations.md for the drill.
    """

    help = "Put a backup back into an empty place (with --check: only read all of it)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and whether only to look."""
        parser.add_argument("file", type=Path, help="the file that `backup` wrote")
        parser.add_argument("--check", action="store_true", help="read all of it, change nothing")
        terminal.add_passphrase(parser, "needed if it is encrypted")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check it, put it back, and say what is still to do.

        Raises:
            CommandError: When it is damaged or does not fit; then nothing has changed.
        """
        write = terminal.writing(self)
        terminal.end_tidily()
        file: Path = options["file"]
        try:
            sealed = file.exists() and archive.is_sealed(file)
            phrase = terminal.passphrase(options) if sealed else ""
            if options["check"]:
                progress = Progress(write, restoring.CHECK_STEPS)
                told = restoring.check(file, progress=progress, passphrase=phrase)
            else:
                progress = Progress(write, restoring.STEPS)
                told = restoring.restore(Place.here(), file, progress=progress, passphrase=phrase)
        except (BackupRefused, OSError) as refusal:
            raise CommandError(f"{refusal} Nothing has been changed.") from refusal
        write(_report(told))
        if not options["check"]:
            write(
                "Restored. Next: manage.py prepare, then start web and worker.\n"
                "What was done after the backup is undone: close accounts and erase people again.\n"
            )


def _report(told: Manifest) -> str:
    lines = [
        f"Made at {told.made_at} by release {told.version} on {told.kind} {told.server}.",
        f"{sum(told.rows.values()):,} rows, {len(told.uploads):,} uploads.",
        "Settings it was made with:",
        *(f"  {name}={value}" for name, value in sorted(told.settings.items())),
        "Not in it:",
        *(f"- {line}" for line in told.lacking),
    ]
    if not lacking.has_key_of(told.key_check):
        lines.append(
            "WARNING: the secret key of this place is another. Set SIDEMAND_SECRET_KEY as it was."
        )
    return "\n".join(lines) + "\n"
