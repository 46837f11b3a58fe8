"""What courses does when something below it changes."""

from typing import Any

from django.dispatch import receiver

from courses.actions import restamp_lessons_citing
from rules.models import Rule
from rules.signals import rule_changed


@receiver(rule_changed)
def redraw_lessons(sender: type[Rule], rule: Rule, **kwargs: Any) -> None:
    """A lesson shows its rules as they stand today."""
    restamp_lessons_citing(rule)
