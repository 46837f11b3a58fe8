"""What coordinators see of others' learning, and what leaders are told in totals.

Operational facts: what is assigned, due and done. Never an answer, never a score. Each list is a
constant number of queries, for one learner and for a hundred thousand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.small_groups import FEWEST_TO_SHOW
from courses.models import Assignment, LearningPath
from courses.models.path import AssignmentQuerySet
from courses.permissions import (
    counted_people,
    overseen_people,
    roles_within,
)
from people.models import Organisation, Person, Place, Role
from people.permissions import TRAINING_ROLES, Standing

STUCK_AFTER = timedelta(days=14)

LATE, STUCK, WAITING, GOING, DONE, ALL = "sen", "staar", "uden", "i-gang", "faerdig", "alle"
STATES: Mapping[str, Any] = {
    LATE: gettext_lazy("Late"),
    STUCK: gettext_lazy("Stuck"),
    WAITING: gettext_lazy("Without a path"),
    GOING: gettext_lazy("On the way"),
    DONE: gettext_lazy("Completed"),
    ALL: gettext_lazy("All"),
}
SORTS: Mapping[str, Any] = {
    "frist": gettext_lazy("By the day it is due"),
    "navn": gettext_lazy("By name"),
    "sidst": gettext_lazy("By what happened last"),
    "naaet": gettext_lazy("By how far they are"),
}
_BY_DUE = (F("due_on").asc(nulls_last=True),)
_TIES = (Lower("person__name"), "path__position", "pk")
_ORDERS: Mapping[str, Sequence[Any]] = {
    "frist": (F("completed_at").desc(nulls_first=True), *_BY_DUE),
    "navn": (),
    "sidst": (F("last_at").asc(nulls_first=True),),
    "naaet": (F("done_count").asc(), F("step_count").desc()),
}


@dataclass(frozen=True)
class Area:
    """Where roles are held: a town, or the whole of a municipality or of the country.

    A role for a whole municipality is not a role for one of its towns. ``key`` stands in an
    address, ``held`` filters roles.
    """

    key: str
    name: str
    held: Q

    @classmethod
    def town(cls, town: Place) -> "Area":
        """A town."""
        return cls(town.key, town.name, Q(place=town))

    @classmethod
    def whole(cls, municipality: Organisation) -> "Area":
        """The whole of a municipality."""
        name = _("%(name)s, the whole municipality") % {"name": municipality.name}
        return cls(f"hele-{municipality.key}", name, Q(municipality=municipality))

    @classmethod
    def country(cls) -> "Area":
        """The whole country."""
        return cls("hele-landet", _("The whole country"), Q(scope=Role.Scope.COUNTRY))

    @classmethod
    def within(cls, standing: Standing) -> "list[Area]":
        """What a coordinator's scope holds, by name, the towns first. One query."""
        scopes = standing.scopes(Role.Key.COORDINATOR)
        held = standing.towns(Role.Key.COORDINATOR).select_related("municipality")
        towns = list(held.order_by("name"))
        wholes = {
            town.municipality
            for town in towns
            if standing.coordinates(Role.Scope.MUNICIPALITY, municipality=town.municipality)
        }
        has_country = any(own.scope == Role.Scope.COUNTRY for own in scopes)
        return [
            *map(cls.town, towns),
            *map(cls.whole, sorted(wholes, key=lambda one: one.name)),
            *([cls.country()] if has_country else []),
        ]


@dataclass(frozen=True)
class Report:
    """The learning that a coordinator oversees, narrowed by what the address asks for.

    ``town`` is the key of an area. ``query`` is part of a name; it comes by POST and never stands
    in an address.
    """

    standing: Standing
    at: datetime
    state: str = ALL
    town: str = ""
    path: str = ""
    role: str = ""
    sort: str = "frist"
    query: str = ""
    areas: Sequence[Area] = field(default=(), compare=False)

    @classmethod
    def asked(
        cls, standing: Standing, wanted: Mapping[str, str], *, at: datetime, query: str = ""
    ) -> "Report":
        """What the address asks for; what it asks wrongly is left out."""
        areas = Area.within(standing)
        state, sort, role = wanted.get("tilstand", ""), wanted.get("sorter", ""), ""
        if wanted.get("rolle", "") in TRAINING_ROLES:
            role = wanted["rolle"]
        town = wanted.get("by", "")
        return cls(
            standing=standing,
            at=at,
            state=state if state in STATES else ALL,
            town=town if town in {area.key for area in areas} else "",
            path=key if slug_re.fullmatch(key := wanted.get("forloeb", "")[:60]) else "",
            role=role,
            sort=sort if sort in SORTS else "frist",
            query=query,
            areas=areas,
        )

    @property
    def day(self) -> date:
        """Today, where the product is."""
        return self.standing.day

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state and the order was chosen."""
        return bool(self.town or self.path or self.role or self.query)

    def address(self, **changes: str) -> str:
        """The rest of an address that asks for this, with ``changes``; ends in "&" if not empty."""
        kept = {
            "tilstand": self.state if self.state != ALL else "",
            "by": self.town,
            "forloeb": self.path,
            "rolle": self.role,
            "sorter": self.sort if self.sort != "frist" else "",
        } | changes
        written = urlencode({name: value for name, value in kept.items() if value})
        return f"{written}&" if written else ""

    # --- Who ---

    @cached_property
    def roles(self) -> "QuerySet[Role]":
        """The roles within the scope that fit."""
        found = roles_within(self.standing, Role.Key.COORDINATOR)
        if self.role:
            found = found.filter(key=self.role)
        area = next((area for area in self.areas if area.key == self.town), None)
        return found if area is None else found.filter(area.held)

    @cached_property
    def people(self) -> "QuerySet[Person]":
        """The people who fit, with the roles that make them fit."""
        people = overseen_people(self.standing)
        if self.role or self.town:
            people = people.filter(pk__in=self.roles.values("person"))
        return people.filter(name__icontains=self.query) if self.query else people

    @cached_property
    def assignments(self) -> AssignmentQuerySet:
        """Their active assignments, whatever the state."""
        # Whoever holds a role is a person: without a name to look for, nobody asks who it is.
        whose: Any = self.people.values("pk") if self.query else self.roles.values("person")
        found = Assignment.objects.active().filter(person__in=whose)
        return found.filter(path__key=self.path) if self.path else found

    @cached_property
    def waiting(self) -> "QuerySet[Person]":
        """Those who walk no path, or not the one that was chosen."""
        own = Assignment.objects.active().filter(person=OuterRef("pk"))
        if self.path:
            own = own.filter(path__key=self.path)
        return self.people.filter(~Exists(own))

    # --- What ---

    @property
    def stuck_since(self) -> datetime:
        """Who has done nothing since then is stuck."""
        return self.at - STUCK_AFTER

    def counts(self) -> dict[str, int]:
        """How many there are in each state; two queries."""
        quiet = Q(last_at=None) | Q(last_at__lt=self.stuck_since)
        stuck = quiet & Q(completed_at=None, assigned_at__lt=self.stuck_since)
        found: dict[str, int] = self.assignments.aggregate(
            **{
                LATE: Count("pk", filter=Q(completed_at=None, due_on__lt=self.day)),
                STUCK: Count("pk", filter=stuck),
                GOING: Count("pk", filter=Q(completed_at=None)),
                DONE: Count("pk", filter=Q(completed_at__isnull=False)),
                ALL: Count("pk"),
            }
        )
        return found | {WAITING: self.waiting.count()}

    def on_page(self, begin: int, end: int, counts: Mapping[str, int]) -> "list[Assignment]":
        """What :meth:`shown` lists from ``begin`` to ``end``, with the roles of each person.

        By the day it is due, what is not completed comes first: an index leads to the few rows of a
        page, where all rows would have to be sorted. ``counts`` say where the completed begin.
        """
        rows = self.shown().prefetch_related(self.with_roles("person__roles"))
        if self.sort != "frist" or self.state != ALL:
            return list(rows[begin:end])
        going = counts[GOING]
        found: list[Assignment] = []
        if begin < going:
            open_ = rows.filter(completed_at=None).order_by(*_BY_DUE, *_TIES)
            found += open_[begin : min(end, going)]
        if end > going:
            done = rows.filter(completed_at__isnull=False)
            found += done[max(0, begin - going) : end - going]
        return found

    def shown(self) -> "QuerySet[Assignment]":
        """The assignments in the chosen state, in the chosen order."""
        found = self.assignments
        if self.state == LATE:
            found = found.late(on=self.day)
        elif self.state == STUCK:
            found = found.stuck(since=self.stuck_since)
        elif self.state == GOING:
            found = found.unfinished()
        elif self.state == DONE:
            found = found.filter(completed_at__isnull=False)
        by = _ORDERS[self.sort]
        if self.sort == "frist" and self.state in {LATE, STUCK, GOING}:
            by = _BY_DUE
        return found.select_related("path", "person").order_by(*by, *_TIES)

    def with_roles(self, lookup: str) -> "Prefetch[str]":
        """Prefetches the roles of people within the scope as ``learning_roles``."""
        roles = roles_within(self.standing, Role.Key.COORDINATOR)
        roles = roles.select_related("place", "municipality").order_by("key", "pk")
        return Prefetch(lookup, roles, to_attr="learning_roles")

    def state_of(self, assignment: Assignment) -> dict[str, str]:
        """The state of one row in words, and the kind of its tag."""
        if assignment.completed_at is not None:
            return {"text": _("Completed"), "kind": "good"}
        quiet = assignment.last_at is None or assignment.last_at < self.stuck_since
        if assignment.is_late(on=self.day):
            return {"text": _("Late"), "kind": "warm"}
        if quiet and assignment.assigned_at < self.stuck_since:
            return {"text": _("Stuck"), "kind": "warm"}
        if assignment.state == "in_progress":
            return {"text": _("On the way"), "kind": "info"}
        return {"text": _("Not begun"), "kind": "neutral"}


@dataclass(frozen=True, slots=True)
class PathTotal:
    """A path in a leader's place; the counts are none where fewer than five people walk it."""

    path: LearningPath
    people: int
    done: int | None
    late: int | None
    stuck: int | None


def totals_for(standing: Standing, *, at: datetime) -> list[PathTotal]:
    """Each path that is walked in a leader's place, in totals of five or more; one query."""
    since = at - STUCK_AFTER
    own = Q(
        assignments__withdrawn_at=None,
        assignments__retaken_at=None,
        assignments__person__in=counted_people(standing).values("pk"),
    )
    open_ = own & Q(assignments__completed_at=None)
    quiet = Q(assignments__last_at=None) | Q(assignments__last_at__lt=since)
    stuck = open_ & quiet & Q(assignments__assigned_at__lt=since)
    paths = (
        LearningPath.objects.annotate(
            people=Count("assignments", filter=own),
            done=Count("assignments", filter=own & Q(assignments__completed_at__isnull=False)),
            late=Count("assignments", filter=open_ & Q(assignments__due_on__lt=standing.day)),
            stuck=Count("assignments", filter=stuck),
        )
        .filter(people__gt=0)
        .order_by("position", "key")
    )
    totals = []
    for path in paths:
        people = path.people
        enough = people >= FEWEST_TO_SHOW
        totals.append(
            PathTotal(
                path=path,
                people=people,
                done=path.done if enough else None,
                late=path.late if enough else None,
                stuck=path.stuck if enough else None,
            )
        )
    return totals
