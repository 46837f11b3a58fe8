"""Enter everything that can be found anew; repeatable."""

from typing import Any

from django.core.management.base import BaseCommand

from pages import finding


class Command(BaseCommand):
    """Needed after a change of how words are compared; pages enter themselves when published."""

    help = "Build the search anew from pages, rules and words; repeatable."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build it."""
        self.stdout.write(f"{finding.build()} entries.")
