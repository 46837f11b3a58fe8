"""``manage.py due_work``: do the recurring work whose time has come, once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notices.due import run_due


class Command(BaseCommand):
    """For a timer of the operating system where the worker does not run all the time."""

    help = "Do the recurring work whose time has come."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and name what was done."""
        for key in run_due(at=timezone.now()):
            self.stdout.write(key)
