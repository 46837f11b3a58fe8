"""Who reads, writes and opens what of the half-year reports.

A draft is its owner's: whoever coordinates what it is about. While it goes round, those who lead
or coordinate in it read along and comment. A frozen one is read by everybody who leads or
coordinates anywhere: it holds no name, and no group of fewer than five. The comments, which name
who wrote them, stay with those it went round to. Its rows are opened by whoever sees them anyway.

What a municipality was before it got another name or was divided is answered for by those who
coordinate what it has become.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from cooperation.models import HalfYearReport, Initiative, InitiativeQuerySet
from cooperation.models.report import ReportQuerySet
from cooperation.permissions import coordinates_country
from cooperation.reports.columns import Column, columns_on, names_before
from cooperation.reports.halves import EARLIEST, HalfYear
from cooperation.reports.sections.base import COORDINATORS, LEADERS, READERS, Section
from people.models import Belonging, Organisation, Place, Role
from people.permissions import Standing

ROLES = (Role.Key.COORDINATOR, Role.Key.LEADER)
Kind, State = HalfYearReport.Kind, HalfYearReport.State


def coordinated_whole(standing: Standing) -> list[Organisation]:
    """The municipalities that the person coordinates whole."""
    roles = standing.scopes(Role.Key.COORDINATOR)
    return [role.municipality for role in roles if role.municipality is not None]


def answered_on(standing: Standing, day: date) -> "set[UUID]":
    """The municipalities of ``day`` for which the person delivers now.

    It is whoever coordinates what they have become. Asks nothing where all were there already.
    """
    own = coordinated_whole(standing)
    if all(one.starts_on <= day for one in own):
        return {one.pk for one in own if one.is_valid_on(day)}
    keys = {one.pk for one in own}
    return {UUID(one.key) for one in columns_on(day, keys) if one.reported_by(keys)}


def reported_municipalities(standing: Standing, half: HalfYear) -> "set[UUID]":
    """The municipalities that the person reports for in ``half``; all for the country."""
    if coordinates_country(standing):
        found = Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY)
        return set(found.values_list("pk", flat=True))
    return answered_on(standing, half.last_day)


def writable_reports(standing: Standing) -> ReportQuerySet:
    """The reports one begins, writes, sends round and freezes."""
    if coordinates_country(standing):
        return HalfYearReport.objects.all()
    return HalfYearReport.objects.filter(_written_by(standing))


def readable_reports(standing: Standing) -> ReportQuerySet:
    """The reports one reads: the own ones, those that go round here, and every frozen one."""
    if not standing.has(*ROLES):
        return HalfYearReport.objects.none()
    if coordinates_country(standing):
        return HalfYearReport.objects.all()
    return HalfYearReport.objects.filter(
        _kept_by(standing) | Q(state=State.FROZEN) | Q(_concerned(standing), state=State.ROUND)
    )


def reports_read_with_comments(standing: Standing) -> ReportQuerySet:
    """Those whose comments one reads: of a frozen one, who would have it if it went round now."""
    found = readable_reports(standing)
    if coordinates_country(standing):
        return found
    return found.filter(_kept_by(standing) | _concerned(standing))


def commentable_reports(standing: Standing) -> ReportQuerySet:
    """Those that go round and that one reads."""
    return readable_reports(standing).filter(state=State.ROUND)


def reported_initiatives(standing: Standing) -> "list[Initiative]":
    """The initiatives the person reports on."""
    return list(_reported_initiatives(standing).in_order())


def opens(
    standing: Standing, section: Section, columns: Iterable[Column], *, is_country: bool
) -> bool:
    """Whether the rows behind a number of these municipalities are opened to the person.

    Args:
        is_country: Of a report that is not a municipality's own: what is said there once for all
            is opened to whoever coordinates the country.
    """
    if section.opened_by == READERS:
        return standing.has(*ROLES)
    if section.opened_by == COORDINATORS:
        keys: tuple[str, ...] = (Role.Key.COORDINATOR,)
    elif section.opened_by == LEADERS:
        keys = ROLES
    else:
        return False
    roles = [role for key in keys for role in standing.scopes(key)]
    if any(role.scope == Role.Scope.COUNTRY for role in roles):
        return True
    if section.is_whole and is_country:
        return False
    whole = {role.municipality_id for role in roles if role.municipality_id is not None}
    found = list(columns)
    return bool(found) and all(column.opens_to(whole) for column in found)


def _own_names(standing: Standing, *, joined: bool = False) -> "set[UUID]":
    """What the person coordinates whole, under every name of before; see :func:`names_before`.

    Asks nothing where all were there in the first half-year that is reported.
    """
    own = coordinated_whole(standing)
    keys = {one.pk for one in own}
    if all(one.starts_on <= HalfYear(EARLIEST, 1).last_day for one in own):
        return keys
    return names_before(keys, joined=joined)


def _reported_initiatives(standing: Standing) -> InitiativeQuerySet:
    """Those the own scope owns, or owned until they ended."""
    if coordinates_country(standing):
        return Initiative.objects.all()
    return Initiative.objects.filter(owner__in=_own_names(standing, joined=True))


def _written_by(standing: Standing) -> Q:
    own = Q(kind=Kind.MUNICIPALITY, municipality__in=_own_names(standing))
    initiatives = _reported_initiatives(standing).values("pk")
    return own | Q(kind=Kind.INITIATIVE, initiative__in=initiatives)


def _kept_by(standing: Standing) -> Q:
    """That one reads a report in whatever state: to write it, or what was joined since."""
    joined = _own_names(standing, joined=True)
    return _written_by(standing) | Q(kind=Kind.MUNICIPALITY, municipality__in=joined)


def _concerned(standing: Standing) -> Q:
    """That a report is about a municipality in which the person leads or coordinates.

    Also about one to which a town of theirs belonged. Those of the country and of initiatives are
    about everybody: what they count was delivered.
    """
    towns = Place.objects.filter(
        standing.places(Role.Key.COORDINATOR) | standing.places(Role.Key.LEADER)
    )
    own = Organisation.objects.filter(towns__in=towns).values("pk")
    before = Belonging.objects.filter(place__in=towns).values("municipality")
    here = Q(municipality__in=own) | Q(municipality__in=before)
    return here | ~Q(kind=Kind.MUNICIPALITY)
