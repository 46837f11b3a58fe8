"""What a calendar that is read again and again is given."""

from datetime import datetime, timedelta

from mentoring.models import PlannedSession
from mentoring.permissions import planned_sessions
from people.permissions import Standing

#: Back far enough that a cancelled session leaves every calendar.
BACK = timedelta(days=30)
MOST = 500


def plans_in_feed(standing: Standing, *, at: datetime) -> list[PlannedSession]:
    """The planned sessions of the person's present pairings, cancelled ones too; one query."""
    found = planned_sessions(standing).filter(starts_at__gte=at - BACK)
    return list(found.select_related("pairing__place").order_by("starts_at", "pk")[:MOST])
