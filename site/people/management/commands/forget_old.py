"""``manage.py forget_old``: delete what is older than the privacy page says, or count it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from people.own_data.old import forget_old


class Command(BaseCommand):
    """Runs by itself once a day in the worker; here to look first, or to have it done now."""

    help = "Delete what is older than its declared time; prints numbers alone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only to look."""
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and print the report."""
        lines = forget_old(at=timezone.now(), dry_run=options["dry_run"])
        for line in lines:
            self.stdout.write(f"{line.model}\t{line.done}\t{line.days} days\t{line.count}")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed.")
