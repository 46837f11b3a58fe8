"""Load the initiatives of the programme from the data file; repeatable."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cooperation.initiatives.register import load_initiatives


class Command(BaseCommand):
    """Rows are found by number. Running it again changes nothing that people have entered."""

    help = "Load the programme's initiatives; repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and correct the titles."""
        count = load_initiatives(at=timezone.now())
        self.stdout.write(f"{count} initiatives.")
