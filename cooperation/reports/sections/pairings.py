"""Who works together: pairings by state."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import Figure, Section, one_of_each
from core.spreadsheets import Cell
from mentoring.models import Pairing


class Pairings(Section):
    """Pairings that lasted on any day of the half-year."""

    key = "pairings"
    title = _("Pairings")
    note = _("Pairings that lasted on any day of the half-year, by the state they have now.")

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """In all, and by state; one query."""
        rows = (
            frame.pairings()
            .order_by()
            .values_list("place__municipality", "state")
            .annotate(number=Count("pk"))
        )
        return one_of_each(frame, rows, Pairing.State.choices, all_label=_("Pairings in all"))

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """The pairings."""
        found = frame.pairings().select_related("place").order_by("place__name", "starts_on", "pk")
        if figure == "all":
            return found
        return found.filter(state=figure) if figure in Pairing.State.values else None

    def header(self) -> Sequence[Any]:
        """Where, how, since when."""
        return [_("Town"), _("Form"), _("State"), _("From"), _("Last day")]

    def cells(self, rows: Iterable[Pairing]) -> Iterable[Sequence[Cell]]:
        """A pairing each."""
        for row in rows:
            form, state = row.get_kind_display(), row.get_state_display()
            yield [str(row.place), form, state, row.starts_on, row.last_day]
