"""Who reads, writes and opens what of the half-year reports.

A draft is its owner's: whoever coordinates what it is about. While it goes round, those who lead
or coordinate in it read along and comment. A frozen one is read by everybody who leads or
coordinates anywhere: it holds no name, and no group of fewer than five. Its rows are opened by
whoever sees them anyway.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from cooperation.models import HalfYearReport, Initiative
from cooperation.models.report import ReportQuerySet
from cooperation.permissions import coordinates_country, kept_initiatives
from cooperation.reports.columns import Column
from cooperation.reports.sections.base import COORDINATORS, LEADERS, READERS, Section
from people.models import Organisation, Place, Role
from people.permissions import Standing

ROLES = (Role.Key.COORDINATOR, Role.Key.LEADER)
Kind, State = HalfYearReport.Kind, HalfYearReport.State


def reported_municipalities(standing: Standing) -> "set[UUID]":
    """The municipalities that the person reports for, held whole; all for the country."""
    if coordinates_country(standing):
        found = Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY)
        return set(found.values_list("pk", flat=True))
    return {
        role.municipality_id
        for role in standing.scopes(Role.Key.COORDINATOR)
        if role.municipality_id is not None
    }


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
        _written_by(standing) | Q(state=State.FROZEN) | Q(_concerned(standing), state=State.ROUND)
    )


def commentable_reports(standing: Standing) -> ReportQuerySet:
    """Those that go round and that one reads."""
    return readable_reports(standing).filter(state=State.ROUND)


def reported_initiatives(standing: Standing) -> "list[Initiative]":
    """The initiatives the person reports on."""
    return list(kept_initiatives(standing).in_order())


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
    whole = {role.municipality_id for role in roles if role.scope == Role.Scope.MUNICIPALITY}
    found = list(columns)
    return bool(found) and all(column.sources <= whole for column in found)


def _written_by(standing: Standing) -> Q:
    own = Q(kind=Kind.MUNICIPALITY, municipality__in=reported_municipalities(standing))
    initiatives = kept_initiatives(standing).values("pk")
    return own | Q(kind=Kind.INITIATIVE, initiative__in=initiatives)


def _concerned(standing: Standing) -> Q:
    """That a report is about a municipality in which the person leads or coordinates.

    Those of the country and of initiatives are about everybody: what they count was delivered.
    """
    towns = Place.objects.filter(
        standing.places(Role.Key.COORDINATOR) | standing.places(Role.Key.LEADER)
    )
    own = Organisation.objects.filter(towns__in=towns).values("pk")
    return Q(municipality__in=own) | ~Q(kind=Kind.MUNICIPALITY)
