"""Planned sessions in a calendar: time, town and "session", and nothing else.

The sentence beside the moments says the time on the town's clock.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.icalendar import document, escaped, identity, moment
from core.languages import human_date
from core.telling import Attachment
from mentoring.models import PlannedSession


def calendar(plans: Iterable[PlannedSession], *, language: str, method: str = "PUBLISH") -> str:
    """The plans as one calendar in ``language``; their towns must have been read along."""
    with override(language):
        return document([_event(plan) for plan in plans], method=method)


def invitation(plan: PlannedSession, *, language: str) -> Attachment:
    """The file that leaves with a message: the plan as it stands, or that it is cancelled."""
    method = "PUBLISH" if plan.cancelled_at is None else "CANCEL"
    return Attachment(
        "session.ics",
        calendar([plan], language=language, method=method),
        f"text/calendar; method={method}",
    )


def _event(plan: PlannedSession) -> list[str]:
    place = plan.pairing.place
    when = human_date(plan.starts_at, zone=plan.zone, place=place.name)
    return [
        *identity(str(plan.pk), changed_at=plan.changed_at, sequence=plan.sequence),
        f"DTSTART:{moment(plan.starts_at)}",
        f"DTEND:{moment(plan.starts_at + timedelta(minutes=plan.minutes))}",
        f"SUMMARY:{escaped(_('Session'))}",
        f"LOCATION:{escaped(place.name)}",
        f"DESCRIPTION:{escaped(when)}",
        f"STATUS:{'CONFIRMED' if plan.cancelled_at is None else 'CANCELLED'}",
    ]
