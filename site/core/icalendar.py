"""iCalendar (RFC 5545) as every calendar of ours is written: lines, and what holds them together.

Moments are UTC, so that no calendar has to know Greenland's clocks. ``PUBLISH`` and ``CANCEL``
rather than ``REQUEST``: a request names its organiser and everybody asked, and makes their
programs answer a mailbox that nobody reads.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from email.utils import parseaddr

from django.conf import settings

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: Octets of a line, its end left out; longer ones go on in the next, behind a blank.
_LINE = 75


def document(events: Iterable[Iterable[str]], *, method: str = "PUBLISH") -> str:
    """A calendar of these events, each the lines of a VEVENT without its begin and end."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sidemand//Sidemand//DA",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"X-WR-CALNAME:{escaped('Sidemand')}",
    ]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "CLASS:PRIVATE", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def identity(
    uid: str, *, changed_at: datetime, sequence: int, made_at: datetime | None = None
) -> list[str]:
    """The lines that name an event for ever, and the state of it that this one is.

    Args:
        made_at: When this file is made, if that is not when the event changed. Of two files of one
            sequence, calendars take the one that was made later (RFC 5546, 2.1.5).
    """
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return [
        f"UID:{uid}@sidemand",
        f"DTSTAMP:{moment(made_at or changed_at)}",
        f"LAST-MODIFIED:{moment(changed_at)}",
        f"SEQUENCE:{sequence}",
        f"ORGANIZER:mailto:{sender}",
    ]


def moment(at: datetime) -> str:
    """A moment, in UTC."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def whole_days(starts_on: date, ends_on: date) -> list[str]:
    """The lines of an event of whole days; ``ends_on`` is the first day after it."""
    return [f"DTSTART;VALUE=DATE:{starts_on:%Y%m%d}", f"DTEND;VALUE=DATE:{ends_on:%Y%m%d}"]


def escaped(text: str) -> str:
    """A text as the value of a line."""
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
