"""Planned sessions as iCalendar (RFC 5545): time, town and "session", and nothing else.

Moments are UTC, so that no calendar has to know Greenland's clocks; the sentence beside them says
the time on the town's clock. ``PUBLISH`` and ``CANCEL`` rather than ``REQUEST``: a request names
its organiser and everybody asked, and makes their programs answer a mailbox that nobody reads.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.languages import human_date
from core.telling import Attachment
from mentoring.models import PlannedSession

#: Octets of a line, its end left out; longer ones go on in the next, behind a blank.
_LINE = 75


def calendar(plans: Iterable[PlannedSession], *, language: str, method: str = "PUBLISH") -> str:
    """The plans as one calendar in ``language``; their towns must have been read along."""
    with override(language):
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Sidemand//Sidemand//DA",
            "CALSCALE:GREGORIAN",
            f"METHOD:{method}",
            f"X-WR-CALNAME:{_escaped('Sidemand')}",
        ]
        for plan in plans:
            lines += _event(plan)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


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
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return [
        "BEGIN:VEVENT",
        f"UID:{plan.pk}@sidemand",
        f"DTSTAMP:{_moment(plan.changed_at)}",
        f"LAST-MODIFIED:{_moment(plan.changed_at)}",
        f"SEQUENCE:{plan.sequence}",
        f"ORGANIZER:mailto:{sender}",
        f"DTSTART:{_moment(plan.starts_at)}",
        f"DTEND:{_moment(plan.starts_at + timedelta(minutes=plan.minutes))}",
        f"SUMMARY:{_escaped(_('Session'))}",
        f"LOCATION:{_escaped(place.name)}",
        f"DESCRIPTION:{_escaped(when)}",
        f"STATUS:{'CONFIRMED' if plan.cancelled_at is None else 'CANCELLED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never inside a letter."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += width
    return "\r\n".join([*pieces, piece])
