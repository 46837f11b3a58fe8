"""Planned sessions in lists."""

from datetime import datetime, timedelta

from mentoring.models import PairingMember, PlannedSession
from mentoring.permissions import own_pairings, planned_sessions
from people.permissions import Standing

#: How long a plan that nobody logged is pointed at.
LOG_WITHIN = timedelta(days=14)
SHOWN = 5


def plans_to_log(standing: Standing, *, at: datetime) -> list[PlannedSession]:
    """What a mentor had planned until now and nobody has logged, the oldest first; one query."""
    mine = own_pairings(standing, PairingMember.Side.MENTOR)
    found = (
        planned_sessions(standing)
        .not_logged()
        .filter(pairing__in=mine.values("pk"), starts_at__lt=at, starts_at__gte=at - LOG_WITHIN)
    )
    return list(found.select_related("pairing__place").order_by("starts_at", "pk")[:SHOWN])
