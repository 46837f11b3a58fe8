"""What was ready before mentors arrived, and what was followed up after they left."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import LEADERS, Figure, Section
from core.periods import local_day
from core.spreadsheets import Cell
from mentoring.models import FollowUp, FollowUpMove, ReadinessItem

DONE, LATE = "done", "late"


class Counted(Section):
    """Things that were due in the half-year: in all, done, and not done at its end."""

    opened_by = LEADERS
    where: str
    labels: tuple[Any, Any, Any]

    @abstractmethod
    def due(self, frame: Frame) -> "QuerySet[Any]":
        """What was due, and ``due_then``: by which day."""

    @abstractmethod
    def done(self, frame: Frame) -> Q:
        """That it was done by the end of the half-year."""

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """In all, done, not done; one query."""
        rows = list(
            self.due(frame)
            .order_by()
            .values_list(self.where)
            .annotate(number=Count("pk"), done=Count("pk", filter=self.done(frame)))
        )
        everything = frame.by_column((place, number) for place, number, _done in rows)
        done = frame.by_column((place, finished) for place, _number, finished in rows)
        late = {key: number - done[key] for key, number in everything.items()}
        return [
            Figure("all", self.labels[0], everything),
            Figure(DONE, self.labels[1], done, of="all"),
            Figure(LATE, self.labels[2], late, of="all"),
        ]

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """What was due, the earliest first."""
        due = self.due(frame).order_by("due_then", "pk")
        conditions = {"all": Q(), DONE: self.done(frame), LATE: ~self.done(frame)}
        return due.filter(conditions[figure]) if figure in conditions else None


class Readiness(Counted):
    """What had to be in order before arrival."""

    key = "readiness"
    title = _("Ready for arrival")
    note = _(
        "What was due in the half-year by the days that stand on the day of the report; done by "
        "its last day, or not."
    )
    where = "need__place__municipality"
    labels = (_("Due"), _("Done"), _("Not done"))

    def due(self, frame: Frame) -> "QuerySet[Any]":
        """Of needs that stand."""
        there = ReadinessItem.objects.filter(
            frame.within(self.where), need__withdrawn_at__isnull=True
        )
        found = frame.due(there)
        if frame.initiative is not None:
            found = found.filter(need__round__in=frame.initiative.linked_rounds().values("pk"))
        return found.select_related("need__place", "owner")

    def done(self, frame: Frame) -> Q:
        """By the last moment of the half-year."""
        return Q(done_at__isnull=False, done_at__lt=frame.half.ends_at)

    def header(self) -> Sequence[Any]:
        """What, where, whose, by when."""
        return [_("What"), _("Town"), _("Owner"), _("Due"), _("Done")]

    def cells(self, rows: Iterable[Any]) -> Iterable[Sequence[Cell]]:
        """An item each."""
        for row in rows:
            done = None if row.done_at is None else local_day(row.done_at)
            owner = row.owner.name if row.owner else ""
            yield [str(row), str(row.need.place), owner, row.due_then, done]


class FollowUps(Counted):
    """What was seen to after mentors had left."""

    key = "follow-ups"
    title = _("Followed up after the mentors left")
    note = _("What was due in the half-year, as it stood on its last day.")
    where = "handover__member__pairing__place__municipality"
    labels = (_("Due"), _("Done"), _("Not done"))

    def due(self, frame: Frame) -> "QuerySet[Any]":
        """Of handovers in the municipality."""
        there = FollowUp.objects.filter(
            frame.within(self.where), frame.serving("handover__member__pairing")
        )
        found = frame.due(there, FollowUpMove, "follow_up")
        return found.select_related("handover__member__pairing__place", "owner")

    def done(self, frame: Frame) -> Q:
        """By the last day of the half-year."""
        return Q(done_on__isnull=False, done_on__lt=frame.half.ends_on)

    def header(self) -> Sequence[Any]:
        """Where, whose, by when."""
        return [_("Town"), _("Months after"), _("Owner"), _("Due"), _("Done")]

    def cells(self, rows: Iterable[Any]) -> Iterable[Sequence[Cell]]:
        """A follow-up each; never what was written about it."""
        for row in rows:
            town = str(row.handover.member.pairing.place)
            owner = row.owner.name if row.owner else ""
            yield [town, row.months, owner, row.due_then, row.done_on]
