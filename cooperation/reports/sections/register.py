"""What is said to everybody: rules that are overdue, texts that lack Kalaallisut."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import READERS, Figure, Section
from core.spreadsheets import Cell
from courses.models import Lesson, Module
from rules.models import Rule


class OverdueRules(Section):
    """Rules that should have been checked again."""

    key = "rules"
    title = _("Rules to check again")
    note = _(
        "In the register of rules: due by the last day of the half-year, and not checked again by "
        "the day of the report."
    )
    is_whole = is_national = True
    opened_by = READERS

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """How many; one query."""
        overdue = Rule.objects.overdue(on=frame.half.ends_on).count()
        return [Figure("overdue", _("Should have been checked again"), {"": overdue})]

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """The rules, the longest overdue first."""
        return Rule.objects.overdue(on=frame.half.ends_on) if figure == "overdue" else None

    def header(self) -> Sequence[Any]:
        """What, where, since when."""
        return [_("Rule"), _("Paragraph"), _("Should have been checked by")]

    def cells(self, rows: Iterable[Rule]) -> Iterable[Sequence[Cell]]:
        """A rule each."""
        for row in rows:
            yield [str(row.statement), row.paragraph, row.review_by]


class Untranslated(Section):
    """What can be read in Danish alone."""

    key = "kalaallisut"
    title = _("Missing in Kalaallisut")
    note = _("What is published and cannot be read in Kalaallisut, on the day of the report.")
    is_whole = is_national = True
    opened_by = READERS

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """Modules and lessons; two queries."""
        return [
            Figure("modules", _("Modules"), {"": _missing(Module).count()}),
            Figure("lessons", _("Lessons"), {"": _missing(Lesson).count()}),
        ]

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """What is missing, in the editors' order."""
        model = {"modules": Module, "lessons": Lesson}.get(figure)
        return None if model is None else _missing(model).order_by("position", "pk")

    def header(self) -> Sequence[Any]:
        """What it is called."""
        return [_("Title")]

    def cells(self, rows: Iterable[Any]) -> Iterable[Sequence[Cell]]:
        """A title each."""
        for row in rows:
            yield [str(row.title)]


def _missing(model: Any) -> "QuerySet[Any]":
    found: QuerySet[Any] = model.objects.offered().exclude(paths__has_key="kl")
    return found
