"""``manage.py guard_figures``: how much the identity guard finds, and how often it errs."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.identity_samples import Figures, measure

LINE = "{:<16}{:>8}{:>8}{:>10}{:>14}"


def lines_of(figures: Figures) -> Iterator[str]:
    """The figures as a table."""
    yield LINE.format("refused", "texts", "found", "recall", "false alarms")
    refused = figures.refused
    yield LINE.format("CPR-like", refused.of, refused.found, f"{refused.percent} %", "")
    yield LINE.format("harmless", figures.harmless, "", "", figures.wrongly_refused)
    yield ""
    yield LINE.format("pointed out", "places", "found", "recall", "false alarms")
    for kind, recall in figures.pointed_out.items():
        wrongly = figures.wrongly_pointed_out[kind]
        yield LINE.format(kind.value, recall.of, recall.found, f"{recall.percent} %", wrongly)
    yield LINE.format("ordinary notes", figures.ordinary, "", "", figures.ordinary_disturbed)


class Command(BaseCommand):
    """Runs the guard of this installation over the samples; nothing is read from the database.

    Fails where a number is not refused or something harmless is. What is only pointed out has no
    such line: its author decides, and the figures say how much to trust it.
    """

    help = "Print how much the identity guard finds in its samples, and its false alarms."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, and print the table."""
        figures = measure()
        for line in lines_of(figures):
            self.stdout.write(line.rstrip())
        if not figures.keeps_the_promise:
            raise CommandError("A number is not refused, or something harmless is.")
