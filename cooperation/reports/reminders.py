"""Telling those who have not delivered: when the half-year ends, and around the day it is due."""

from datetime import date, datetime, timedelta

from django.db import transaction

from cooperation.models import HalfYearReport, ReportReminder
from cooperation.reports.halves import HalfYear
from cooperation.reports.people import reporters
from core import telling
from core.periods import is_working_hour, local_day
from people.models import Organisation

Kind = ReportReminder.Kind
BEFORE, AFTER = timedelta(days=7), timedelta(days=14)


def kind_on(day: date, half: HalfYear) -> str | None:
    """What is told on ``day`` about ``half``: the last that is due by then; none before its end."""
    due = half.due_on
    moments = [
        (half.ends_on, Kind.OVER),
        (due - BEFORE, Kind.SOON),
        (due + timedelta(days=1), Kind.LATE),
        (due + AFTER, Kind.STILL),
    ]
    past = [kind for begins, kind in moments if begins <= day]
    return past[-1].value if past else None


@transaction.atomic
def remind(at: datetime) -> int:
    """Tell whoever delivers for a municipality that has not; each kind once. Runs again.

    Returns:
        For how many municipalities somebody was told.
    """
    if not is_working_hour(at):
        return 0
    today = local_day(at)
    half = HalfYear.ended(at=at)
    kind = kind_on(today, half)
    if kind is None:
        return 0
    delivered = HalfYearReport.objects.of_municipalities().of_half(half).delivered()
    told = ReportReminder.objects.filter(year=half.year, half=half.half, kind=kind)
    missing = (
        Organisation.objects.valid_on(half.last_day)
        .filter(kind=Organisation.Kind.MUNICIPALITY)
        .exclude(pk__in=delivered.values("municipality"))
        .exclude(pk__in=told.values("municipality"))
        .order_by("name", "pk")
    )
    count = 0
    for municipality in missing:
        readers = reporters(municipality, on=today)
        if not readers:
            continue  # whoever takes over tomorrow is told tomorrow
        ReportReminder.objects.create(
            municipality=municipality, year=half.year, half=half.half, kind=kind, told_at=at
        )
        what = "late" if kind == Kind.STILL else kind
        for reader in readers:
            telling.tell(
                reader,
                f"cooperation.report_{what}",
                {"title": municipality.name, "due_on": half.due_on.isoformat()},
                url="cooperation:reports",
            )
        count += 1
    return count
