"""What a report is asked about: whose, of which half-year; and what its sections share."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cooperation.models import Initiative
from cooperation.reports.columns import Column
from cooperation.reports.halves import HalfYear
from mentoring.models import Pairing
from people.models import Role

#: Whose learning a report counts.
LEARNERS = (Role.Key.CASEWORKER, Role.Key.TRAVELLING)


@dataclass(frozen=True)
class Frame:
    """A half-year in some municipalities; what serves one initiative, or everything.

    ``delivered`` are the keys of the columns that count: nobody speaks for the others. ``on`` is
    the day on which it is asked: what still goes on then is not told.
    """

    half: HalfYear
    columns: tuple[Column, ...]
    delivered: frozenset[str]
    on: date
    initiative: Initiative | None = None
    _kept: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def day(self) -> date:
        """The day whose evening the report describes."""
        return self.half.last_day

    @cached_property
    def sources(self) -> frozenset[UUID]:
        """The municipalities of today whose data is counted."""
        counted = (one.sources for one in self.columns if one.key in self.delivered)
        return frozenset[UUID]().union(*counted)

    @cached_property
    def column_of(self) -> dict[UUID, str]:
        """The column of each municipality of today."""
        return {source: one.key for one in self.columns for source in one.sources}

    @property
    def municipality(self) -> frozenset[UUID] | None:
        """The one municipality it is about; none for what several share."""
        is_one = len(self.columns) == 1 and self.initiative is None
        return self.columns[0].sources if is_one else None

    def narrowed(self, columns: Collection[str]) -> Self:
        """The same of some columns alone."""
        cls = type(self)
        delivered = self.delivered & set(columns)
        return cls(self.half, self.columns, delivered, self.on, self.initiative)

    # --- What sections ask ---

    def within(self, path: str) -> Q:
        """That ``path`` leads to a municipality of the report."""
        return Q(**{f"{path}__in": self.sources})

    def pairings(self) -> QuerySet[Pairing]:
        """Pairings that last on any day of the half-year."""
        lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=self.half.starts_on)
        found = Pairing.objects.filter(
            lasting, self.within("place__municipality"), starts_on__lt=self.half.ends_on
        )
        return found.filter(self.serving("pk"))

    def serving(self, path: str) -> Q:
        """That ``path`` leads to a pairing that serves the initiative; anything without one."""
        if self.initiative is None:
            return Q()
        return Q(**{f"{path}__in": self.initiative.linked_pairings().values("pk")})

    def due(
        self, rows: "QuerySet[Any]", moves: "type[Model] | None" = None, of: str = ""
    ) -> "QuerySet[Any]":
        """The rows that were due in the half-year, with ``due_then``: by which day.

        What was put off after it had ended was due in it all the same: what counts is the day
        that stood before the first such move. Without ``moves``, the day that stands now.

        Args:
            of: What leads from a move to what was moved.
        """
        stood: Any = F("due_on")
        if moves is not None:
            later = moves._default_manager.filter(
                **{of: OuterRef("pk")}, moved_at__gte=self.half.ends_at
            ).order_by("moved_at", "from_on")
            stood = Coalesce(Subquery(later.values("from_on")[:1]), stood)
        return rows.annotate(due_then=stood).filter(
            due_then__gte=self.half.starts_on, due_then__lt=self.half.ends_on
        )

    def of_learners(self, rows: "QuerySet[Any]", person: str = "person") -> "QuerySet[Any]":
        """The rows of people who learn here, with ``home``: the municipality in which they do.

        Everybody learns in one: where the first of the roles lies that they hold in the half-year.
        A role for the whole country lies in none.
        """
        roles = (
            Role.objects.filter(
                Q(ends_on__isnull=True) | Q(ends_on__gt=self.half.starts_on),
                person=OuterRef(person),
                key__in=LEARNERS,
                starts_on__lt=self.half.ends_on,
            )
            .exclude(scope=Role.Scope.COUNTRY)
            .order_by("starts_on", "pk")
        )
        home = roles.values(home=Coalesce("place__municipality", "municipality"))[:1]
        within = self.within("place__municipality") | self.within("municipality")
        here = Role.objects.filter(within, key__in=LEARNERS)  # few, before each is looked at
        rows = rows.filter(**{f"{person}__in": here.values("person")})
        return rows.annotate(home=Subquery(home)).filter(home__in=self.sources)

    def by_column(self, rows: Iterable[tuple[Any, Any]]) -> dict[str, int]:
        """Numbers by municipality of today as numbers by column; zero where nothing is."""
        numbers = {one.key: 0 for one in self.columns if one.key in self.delivered}
        for municipality, number in rows:
            key = self.column_of.get(municipality)
            if key in numbers:
                numbers[key] += number or 0
        return numbers

    def kept(self, name: str, read: Any) -> Any:
        """What ``read`` gives, asked for once by all sections."""
        if name not in self._kept:
            self._kept[name] = read(self)
        return self._kept[name]
