"""How far the people of a coordinator's scope are, by town and by learning path, in numbers.

A coordinator may see these people by name, so each number leads to the list behind it and none is
hidden. Leaders, who see no name, get totals of five or more (:func:`oversight.totals_for`);
competences, which tell how somebody did, are counted in fives for both (``competences.overview``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.spreadsheets import Cell
from courses.coordination.oversight import STUCK_AFTER, Area
from courses.models import Assignment, LearningPath
from courses.permissions import roles_within
from people.models import Organisation, Place, Role
from people.permissions import Standing


@dataclass(frozen=True, slots=True)
class Line:
    """How many are where. People count once; what they walk counts path by path.

    ``name`` and ``language`` say what the line is about, ``narrowed`` how the list is asked for it:
    with a state besides, it lists as many as the line counts there.
    """

    name: str
    language: str
    people: int
    waiting: int | None
    going: int
    late: int
    stuck: int
    done: int
    narrowed: str

    def cells(self) -> list[Cell]:
        """The line as a row of a table to take along."""
        waiting = [] if self.waiting is None else [self.waiting]
        return [self.name, self.people, *waiting, self.going, self.late, self.stuck, self.done]


def by_town(standing: Standing, *, at: datetime) -> list[Line]:
    """A line for each town, and one for each municipality whose whole area is somebody's.

    Whoever holds roles in two towns stands in both lines. Three or four queries, however many
    people there are.
    """
    roles = _once(roles_within(standing, Role.Key.COORDINATOR)).order_by()
    walked = Assignment.objects.active().filter(person=OuterRef("person"))
    where = ("scope", "place", "municipality")
    people = (
        roles.annotate(walks=Exists(walked))
        .values(*where)
        .annotate(people=Count("pk"), waiting=Count("pk", filter=Q(walks=False)))
    )
    states = roles.values(*where).annotate(**_counted("person__path_assignments", standing, at=at))
    walks = {tuple(row[name] for name in where): row for row in states}
    rows = [row | walks[tuple(row[name] for name in where)] for row in people]
    towns = Place.objects.in_bulk([row["place"] for row in rows if row["place"]])
    municipalities = Organisation.objects.in_bulk(
        [row["municipality"] for row in rows if row["municipality"]]
    )
    found = [(row, _area(row, towns, municipalities)) for row in rows]
    return [
        Line(
            name=area.name,
            language="",
            **_numbers(row),
            waiting=row["waiting"],
            narrowed=f"by={area.key}",
        )
        for row, area in sorted(found, key=lambda pair: (not pair[0]["place"], pair[1].name))
    ]


def _once(roles: "QuerySet[Role]") -> "QuerySet[Role]":
    """``roles`` without the second one of a person in the same place: nothing counts twice."""
    there = (
        Q(place=OuterRef("place"))
        | Q(place=None, municipality=OuterRef("municipality"))
        | Q(scope=Role.Scope.COUNTRY)
    )
    earlier = roles.filter(
        there, person=OuterRef("person"), scope=OuterRef("scope"), pk__lt=OuterRef("pk")
    )
    return roles.filter(~Exists(earlier))


def by_path(standing: Standing, *, at: datetime) -> list[Line]:
    """A line for each path that is walked or offered. One query."""
    roles = roles_within(standing, Role.Key.COORDINATOR)
    own = Q(assignments__person__in=roles.values("person"))
    counted = _counted("assignments", standing, at=at, also=own)
    active = own & _active("assignments")
    paths = LearningPath.objects.annotate(people=Count("assignments", filter=active), **counted)
    return [
        Line(
            name=path.title,
            language=path.title.language,
            **_numbers(vars(path)),
            waiting=None,
            narrowed=f"forloeb={path.key}",
        )
        for path in paths.order_by("position", "key")
        if path.people or path.is_open_on(standing.day)
    ]


def header(first: str, lines: Sequence[Line]) -> list[str]:
    """What each column of a table to take along is."""
    waiting = [_("Without a path")] if lines and lines[0].waiting is not None else []
    return [
        first, _("People"), *waiting, _("On the way"), _("Late"), _("Stuck"), _("Completed"),
    ]  # fmt: skip


def rows(lines: Sequence[Line]) -> Iterator[list[Cell]]:
    """The lines as rows."""
    return (line.cells() for line in lines)


def _active(to: str) -> Q:
    return Q(**{f"{to}__withdrawn_at": None, f"{to}__retaken_at": None, f"{to}__isnull": False})


def _counted(to: str, standing: Standing, *, at: datetime, also: Q | None = None) -> dict[str, Any]:
    """How many assignments at the end of ``to`` are in each state.

    ``to`` must lead to each of them once: to count only what differs costs a sort for each state.
    """
    since = at - STUCK_AFTER
    active = _active(to) & (also or Q())
    going = active & Q(**{f"{to}__completed_at": None})
    quiet = Q(**{f"{to}__last_at": None}) | Q(**{f"{to}__last_at__lt": since})
    states = {
        "going": going,
        "late": going & Q(**{f"{to}__due_on__lt": standing.day}),
        "stuck": going & quiet & Q(**{f"{to}__assigned_at__lt": since}),
        "done": active & Q(**{f"{to}__completed_at__isnull": False}),
    }
    return {name: Count(to, filter=state) for name, state in states.items()}


def _numbers(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ("people", "going", "late", "stuck", "done")}


def _area(row: Any, towns: Any, municipalities: Any) -> Area:
    """What a line of :func:`by_town` is about, by where its roles are held."""
    if row["place"]:
        return Area.town(towns[row["place"]])
    if row["municipality"]:
        return Area.whole(municipalities[row["municipality"]])
    return Area.country()
