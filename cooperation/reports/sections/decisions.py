"""What was decided, and what came of it."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cooperation.models import Action, ActionMove, Decision
from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import Figure, Section
from core.spreadsheets import Cell


class Whole(Section):
    """Numbers of what bodies do: all of them, those of a municipality, or of an initiative."""

    is_whole = True

    @abstractmethod
    def all(self, frame: Frame) -> "QuerySet[Any]":
        """Everything there is to count."""

    @abstractmethod
    def conditions(self, frame: Frame) -> dict[str, tuple[Any, Q]]:
        """The figures: label and condition by key."""

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """One query."""
        conditions = self.conditions(frame)
        found = self.all(frame).aggregate(
            **{
                f"n{place}": Count("pk", filter=condition)
                for place, (_label, condition) in enumerate(conditions.values())
            }
        )
        return [
            Figure(key, label, {"": found[f"n{place}"]})
            for place, (key, (label, _condition)) in enumerate(conditions.items())
        ]

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """Those of the figure."""
        conditions = self.conditions(frame)
        return self.all(frame).filter(conditions[figure][1]) if figure in conditions else None


def _of_bodies(frame: Frame) -> Q:
    """What belongs to a body that the municipality looks after; to any, for several."""
    return Q() if frame.municipality is None else Q(body__keeper__in=frame.municipality)


class Decisions(Whole):
    """Decisions of the bodies."""

    key = "decisions"
    title = _("Decisions")
    note = _("Of the groups that meet. Open: not settled on the last day of the half-year.")

    def all(self, frame: Frame) -> "QuerySet[Any]":
        """Those that serve the initiative, if it is about one."""
        found = Decision.objects.filter(_of_bodies(frame))
        if frame.initiative is not None:
            serving = Decision.objects.filter(initiatives=frame.initiative)
            found = found.filter(pk__in=serving.values("pk"))
        return found.select_related("body").newest_first()

    def conditions(self, frame: Frame) -> dict[str, tuple[Any, Q]]:
        """Made, settled, open."""
        half = frame.half
        within = Q(decided_on__gte=half.starts_on, decided_on__lt=half.ends_on)
        settled = Q(settled_on__gte=half.starts_on, settled_on__lt=half.ends_on)
        is_open = Q(decided_on__lt=half.ends_on) & (
            Q(settled_on__isnull=True) | Q(settled_on__gte=half.ends_on)
        )
        return {
            "made": (_("Decided"), within),
            "settled": (_("Carried out, replaced or given up"), settled),
            "open": (pgettext_lazy("of several", "Open"), is_open),
        }

    def header(self) -> Sequence[Any]:
        """Which, whose, when."""
        return [_("Decision"), _("Group"), _("Decided"), _("State")]

    def cells(self, rows: Iterable[Decision]) -> Iterable[Sequence[Cell]]:
        """A decision each."""
        for row in rows:
            state = str(row.get_state_display())
            yield [str(row), str(row.body), row.decided_on, state]


class Actions(Whole):
    """What somebody was to do about it."""

    key = "actions"
    title = _("Actions after decisions")
    note = _("What was due in the half-year, as it stood on its last day.")

    def all(self, frame: Frame) -> "QuerySet[Any]":
        """Those that follow from a decision for the initiative, if it is about one."""
        found = frame.due(Action.objects.filter(_of_bodies(frame)), ActionMove, "action")
        if frame.initiative is not None:
            serving = Decision.objects.filter(initiatives=frame.initiative)
            found = found.filter(decision__in=serving.values("pk"))
        return found.select_related("body", "owner").order_by("due_then", "written_at", "pk")

    def conditions(self, frame: Frame) -> dict[str, tuple[Any, Q]]:
        """Due, done, given up, neither."""
        done = Q(done_on__isnull=False, done_on__lt=frame.half.ends_on)
        dropped = Q(dropped_on__isnull=False, dropped_on__lt=frame.half.ends_on)
        return {
            "due": (_("Due"), Q()),
            "done": (_("Done"), done),
            "dropped": (_("Given up"), dropped),
            "late": (_("Not done"), ~done & ~dropped),
        }

    def header(self) -> Sequence[Any]:
        """What, whose, by when."""
        return [_("What is to be done"), _("Group"), _("Who does it"), _("Due"), _("Done")]

    def cells(self, rows: Iterable[Any]) -> Iterable[Sequence[Cell]]:
        """An action each."""
        for row in rows:
            yield [row.text, str(row.body), row.owner.name, row.due_then, row.done_on]
