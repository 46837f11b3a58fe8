"""The programme day by day, and who wants to be in which workshop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from cooperation.models import Event, ProgrammeItem

_STANDING = Q(
    wishes__cancelled_at__isnull=True,
    wishes__participant__cancelled_at__isnull=True,
    wishes__participant__invitation__withdrawn_at__isnull=True,
)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an event, and what happens on it."""

    day: date
    items: Sequence[ProgrammeItem]


def days_of(event: Event) -> list[Day]:
    """Every day with its items in order, workshops with ``asked`` and ``taken``; one query."""
    items = list(
        ProgrammeItem.objects.filter(event=event)
        .in_order()
        .annotate(
            asked=Count("wishes", filter=_STANDING & Q(wishes__pk__isnull=False)),
            taken=Count("wishes", filter=_STANDING & Q(wishes__seated_at__isnull=False)),
        )
    )
    found: dict[date, list[ProgrammeItem]] = {day: [] for day in event.days}
    for item in items:
        found.setdefault(item.starts_at.astimezone(event.zone).date(), []).append(item)
    return [Day(day, some) for day, some in sorted(found.items())]
