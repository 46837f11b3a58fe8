"""The municipalities of a report, as they were in its half-year.

Towns lie in the municipality of today. Where a municipality was renamed or divided after the
half-year, what happened in its towns then belongs to the one that was there then. Who answers for
it now, opens its rows and delivers its report, are those of today: here is the one home of that.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from people.models import Organisation


@dataclass(frozen=True, slots=True)
class Column:
    """One municipality in a report; ``sources`` are the municipalities of today it stands for.

    ``heirs`` are those that it has become by now: itself, its new name, or all its parts.
    """

    key: str
    name: str
    sources: frozenset[UUID]
    heirs: frozenset[UUID]

    def opens_to(self, whole: Collection[UUID]) -> bool:
        """Whether its rows are those of ``whole``: of a divided one, only of all its parts."""
        return self.heirs <= set(whole)

    def reported_by(self, whole: Collection[UUID]) -> bool:
        """Whether one of ``whole`` delivers its report: of a divided one, each of its parts may.

        Nobody delivers what was joined since: its figures lie where they are now.
        """
        return self.heirs <= self.sources and not self.heirs.isdisjoint(whole)


def columns_on(day: date, only: Collection[UUID] | None = None) -> list[Column]:
    """The municipalities of the country on ``day``, by name; two queries.

    Args:
        only: Those among them that matter, by the ids of then or of any that came of them.
    """
    municipalities = list(
        Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY)
        .prefetch_related("successors")
        .order_by("starts_on", "pk")
    )
    homes = _homes(municipalities, day)
    came_of = {
        one.pk: [successor.pk for successor in one.successors.all()] for one in municipalities
    }
    by_home: dict[Organisation, set[UUID]] = {}
    for municipality in municipalities:
        home = homes.get(municipality.pk)
        if home is not None:
            by_home.setdefault(home, set()).add(municipality.pk)
    return [
        Column(str(home.pk), home.name, frozenset(sources), _last({home.pk}, came_of))
        for home, sources in sorted(by_home.items(), key=lambda item: (item[0].name, item[0].pk))
        if only is None or not sources.isdisjoint(only)
    ]


def _homes(municipalities: Iterable[Organisation], day: date) -> dict[UUID, Organisation]:
    """For each municipality the one that held its towns on ``day``; none where nobody can say."""
    known = {one.pk: one for one in municipalities}
    before: dict[UUID, list[Organisation]] = {}
    after: dict[UUID, list[Organisation]] = {}
    for one in known.values():
        for successor in one.successors.all():
            if successor.pk in known:
                before.setdefault(successor.pk, []).append(one)
                after.setdefault(one.pk, []).append(known[successor.pk])
    homes = {}
    for one in known.values():
        home = one
        for _step in known:  # no chain of successors is longer
            past, coming = before.get(home.pk, []), after.get(home.pk, [])
            if home.starts_on > day and len(past) == 1:
                home = past[0]
            elif home.ends_on is not None and home.ends_on <= day and len(coming) == 1:
                home = coming[0]
            else:
                break
        is_over = home.ends_on is not None and home.ends_on <= day
        if not is_over and (home.starts_on <= day or len(before.get(home.pk, [])) > 1):
            homes[one.pk] = home
    return homes


def _last(found: set[UUID], came_of: Mapping[UUID, Sequence[UUID]]) -> frozenset[UUID]:
    """Those at the end of every way that leads on from ``found``."""
    ahead, last = set(found), set[UUID]()
    while ahead:
        last |= {one for one in ahead if not came_of.get(one)}
        ahead = {after for one in ahead for after in came_of.get(one, ())} - found
        found = found | ahead
    return frozenset(last)


def names_before(municipalities: Collection[UUID], *, joined: bool = False) -> set[UUID]:
    """Those, and whatever each of them was called or a part of before; one query.

    Args:
        joined: Also what was joined to become one of them.
    """
    through = Organisation.successors.through.objects
    before: dict[UUID, list[UUID]] = {}
    for old, new in through.values_list("from_organisation", "to_organisation"):
        before.setdefault(new, []).append(old)
    found = ahead = set(municipalities)
    while ahead:
        ways = (before.get(one, []) for one in ahead)
        ahead = {old for way in ways if joined or len(way) == 1 for old in way} - found
        found = found | ahead
    return found
