"""Telling those who have not delivered: when the half-year ends, and around the day it is due."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from cooperation.models import HalfYearReport, ReportReminder
from cooperation.reports.columns import columns_on
from cooperation.reports.halves import HalfYear
from cooperation.reports.people import reporters
from core import telling
from core.periods import is_working_hour, local_day

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
    done = {
        str(one)
        for rows in (delivered, told)
        for one in rows.values_list("municipality", flat=True)
    }
    count = 0
    for column in columns_on(half.last_day):
        if column.key in done or not column.reported_by(column.heirs):
            continue
        readers = reporters(column, on=today)
        if not readers:
            continue  # whoever takes over tomorrow is told tomorrow
        ReportReminder.objects.create(
            municipality_id=UUID(column.key), year=half.year, half=half.half, kind=kind, told_at=at
        )
        what = "late" if kind == Kind.STILL else kind
        for reader in readers:
            telling.tell(
                reader,
                f"cooperation.report_{what}",
                {"title": column.name, "due_on": half.due_on.isoformat()},
                url="cooperation:reports",
            )
        count += 1
    return count
