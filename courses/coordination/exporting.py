"""The overview as a table: a row per assignment; of one path, a day per step as well."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.spreadsheets import Cell
from courses.coordination.oversight import Report
from courses.models import LearningPath, PathStep
from courses.permissions import roles_within
from people.models import Role

_AT_ONCE = 500


class Export:
    """The assignments that a report shows; the rows are read one after the other, in one query.

    ``note`` is told whose rows come next, some hundred at a time and before they are sent: the
    first byte of a long table does not wait for the access log of all of it.
    """

    def __init__(self, report: Report, note: Callable[[set[UUID]], None]) -> None:
        self.report = report
        self.note = note
        self.path = LearningPath.objects.filter(key=report.path).first() if report.path else None
        steps = PathStep.objects.filter(path=self.path).select_related("module")
        self.steps = list(steps.order_by("sort_order", "pk")) if self.path else []

    def header(self) -> list[str]:
        """What each column is."""
        return [
            _("Name"),
            _("Role"),
            _("Town"),
            _("Municipality"),
            _("Learning path"),
            _("State"),
            _("On the list"),
            _("Due"),
            _("Steps done"),
            _("Steps"),
            _("Last"),
            _("Completed"),
            *(str(step.module.title) for step in self.steps),
        ]

    def query(self) -> QuerySet[Any, Any]:
        """The one query behind the table."""
        roles = roles_within(self.report.standing, Role.Key.COORDINATOR)
        own = roles.filter(person=OuterRef("person")).order_by("key", "pk")
        days = {
            f"step_{number}": Max(
                "done__done_at",
                filter=Q(done__module=step.module_id, done__completes=step.completes),
            )
            for number, step in enumerate(self.steps)
        }
        return (
            self.report.shown()
            .select_related(None)
            .annotate(
                role=Subquery(own.values("key")[:1]),
                town=Subquery(own.values("place__name")[:1]),
                of_town=Subquery(own.values("place__municipality__name")[:1]),
                of_role=Subquery(own.values("municipality__name")[:1]),
                **days,
            )
            .values_list(
                "person_id",
                "person__name",
                "role",
                "town",
                "of_town",
                "of_role",
                "path_id",
                "assigned_at",
                "due_on",
                "done_count",
                "step_count",
                "last_at",
                "completed_at",
                *days,
            )
        )

    def rows(self) -> Iterator[list[Cell]]:
        """The rows in the order of the report, read as they are sent."""
        titles = {path.pk: str(path.title) for path in LearningPath.objects.all()}
        labels = {str(key): str(label) for key, label in Role.Key.choices}
        zone = ZoneInfo(settings.TIME_ZONE)
        for row in self._noted(self.query().iterator(chunk_size=_AT_ONCE)):
            (
                _person, name, role, town, of_town, of_role, path, assigned_at, due_on, done,
                steps, last_at, completed_at, *moments,
            ) = row  # fmt: skip
            yield [
                name,
                labels.get(role, ""),
                town or "",
                of_town or of_role or "",
                titles[path],
                self._state(assigned_at, due_on, last_at, completed_at),
                _day(assigned_at, zone),
                due_on,
                done,
                steps,
                _day(last_at, zone),
                _day(completed_at, zone),
                *(_day(moment, zone) for moment in moments),
            ]

    def _noted(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows, noted in the access log before they are handed on."""
        left = iter(rows)
        while some := list(islice(left, _AT_ONCE)):
            self.note({row[0] for row in some})
            yield from some

    def _state(
        self,
        assigned_at: datetime,
        due_on: date | None,
        last_at: datetime | None,
        completed_at: datetime | None,
    ) -> str:
        """The state in words, as the list says it."""
        words = self._words
        if completed_at is not None:
            return words["done"]
        if due_on is not None and due_on < self.report.day:
            return words["late"]
        since = self.report.stuck_since
        if assigned_at < since and (last_at is None or last_at < since):
            return words["stuck"]
        return words["going"] if last_at is not None else words["not"]

    @cached_property
    def _words(self) -> dict[str, str]:
        return {
            "done": _("Completed"),
            "late": _("Late"),
            "stuck": _("Stuck"),
            "going": _("On the way"),
            "not": _("Not begun"),
        }


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return None if moment is None else moment.astimezone(zone).date()
