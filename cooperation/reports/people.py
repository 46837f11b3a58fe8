"""Whom a report is told to."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from cooperation.models import HalfYearReport
from cooperation.reports.columns import Column
from people.models import Person, Role

ROLES = (Role.Key.COORDINATOR, Role.Key.LEADER)


def national_coordinators(*, on: date) -> list[Person]:
    """Who coordinates the country."""
    return _people(Q(key=Role.Key.COORDINATOR, scope=Role.Scope.COUNTRY), on=on)


def reporters(column: Column, *, on: date) -> list[Person]:
    """Who delivers for a municipality: those who coordinate it whole, or what it has become."""
    return _people(Q(key=Role.Key.COORDINATOR, municipality__in=column.heirs), on=on)


def commenters(report: HalfYearReport, *, on: date) -> list[Person]:
    """Who reads a report that goes round: leaders and coordinators of what it is about."""
    scope = Q(key__in=ROLES)
    if report.kind == HalfYearReport.Kind.COUNTRY:
        return _people(scope, on=on)
    municipalities: set[UUID] = set()
    for column in report.scope.columns(report.period):
        municipalities |= column.sources | column.heirs
    return _people(scope & _in(municipalities), on=on)


def _in(municipalities: Iterable[UUID]) -> Q:
    found = list(municipalities)
    return Q(municipality__in=found) | Q(place__municipality__in=found)


def _people(condition: Q, *, on: date) -> list[Person]:
    roles = Role.objects.valid_on(on).filter(condition)
    people = Person.objects.filter(pk__in=roles.values("person"), erased_at__isnull=True)
    return list(people.order_by("name", "pk"))
