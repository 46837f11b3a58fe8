"""One calendar of everything with a day: apps say what a person has, one page and feed show it.

An app registers a provider in ``AppConfig.ready``::

    register(planned)

    def planned(standing: Standing, since: date, until: date) -> Iterable[Entry]:
        ...

A provider says what the person takes part in or is to do, asks the database the same number of
queries however much there is, and names nobody: whoever knows a calendar's secret address reads it.
The rows of which it speaks (``register(planned, plans_between)``) are looked for together with
those of the others, in one query, and it is asked only where there are some.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise

from core.icalendar import document, escaped, identity, moment, whole_days
from core.languages import human_date
from core.looking import with_something
from core.periods import midnight


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a day.

    Args:
        uid: Names it for ever, in every calendar that has taken it in.
        title: What it is, in a few words without a name.
        begins: A moment, or a day.
        ends: The moment, or the day, after it.
        changed_at: When it last changed.
        kind: What sort of thing it is, in one word.
        place: The town, if it is in one.
        zone: The clock of the town.
        url: Where it is on the site.
        is_cancelled: Stays in calendars as cancelled; no page shows it.
        is_late: It was to be done by then, and is not.
    """

    uid: str
    title: "str | Promise"
    begins: date
    ends: date
    changed_at: datetime
    kind: "str | Promise" = ""
    place: str = ""
    zone: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False
    is_late: bool = False

    @property
    def day(self) -> date:
        """The day it begins on, on the clock of its town."""
        if isinstance(self.begins, datetime):
            return self.begins.astimezone(ZoneInfo(self.zone or settings.TIME_ZONE)).date()
        return self.begins

    @property
    def said(self) -> str:
        """When it begins, as people say it."""
        if not isinstance(self.begins, datetime):
            return human_date(self.begins)
        return human_date(self.begins, zone=self.zone or None, place=self.place)

    @property
    def is_whole_day(self) -> bool:
        """Whether it has no time of day."""
        return not isinstance(self.begins, datetime)


Provider = Callable[[Any, date, date], Iterable[Entry]]
#: What of the rows that a provider speaks of is the person's with this standing in [since, until).
Lookup = Callable[[Any, date, date], "QuerySet[Any]"]

_providers: dict[Provider, tuple[Lookup, ...]] = {}


def register(provider: Provider, *lookups: Lookup) -> None:
    """Let ``provider`` contribute; registering it twice changes nothing.

    Args:
        lookups: If there are any, it is asked only where one of them finds something.
    """
    _providers.setdefault(provider, lookups)


def entries(standing: Any, *, since: date, until: date) -> list[Entry]:
    """What the person with ``standing`` has in [since, until), the earliest first."""
    asked = with_something(
        standing.person,
        {
            one: [rows(standing, since, until) for rows in lookups]
            for one, lookups in _providers.items()
        },
    )
    found = [entry for provider in asked for entry in provider(standing, since, until)]
    return sorted(found, key=lambda entry: (entry.day, entry.is_whole_day, *_order(entry)))


def _order(entry: Entry) -> tuple[str, str]:
    begins = entry.begins
    return (moment(begins) if isinstance(begins, datetime) else "", entry.uid)


def deadline(uid: str, title: "str | Promise", day: date, **more: Any) -> Entry:
    """Something to be done by the end of ``day``; one that is moved has changed."""
    return Entry(uid, title, day, day + timedelta(days=1), changed_at=midnight(day), **more)


def as_document(found: Iterable[Entry], *, address: Callable[[str], str]) -> str:
    """The entries as iCalendar; ``address`` makes an address whole."""
    return document(_lines(entry, address) for entry in found)


def _lines(entry: Entry, address: Callable[[str], str]) -> list[str]:
    lines = identity(entry.uid, changed_at=entry.changed_at, sequence=entry.sequence)
    if isinstance(entry.begins, datetime) and isinstance(entry.ends, datetime):
        lines += [f"DTSTART:{moment(entry.begins)}", f"DTEND:{moment(entry.ends)}"]
    else:
        lines += [*whole_days(entry.day, entry.ends), "TRANSP:TRANSPARENT"]
    lines.append(f"SUMMARY:{escaped(str(entry.title))}")
    if not entry.is_whole_day:
        lines.append(f"DESCRIPTION:{escaped(entry.said)}")
    if entry.place:
        lines.append(f"LOCATION:{escaped(entry.place)}")
    if entry.url:
        lines.append(f"URL:{address(entry.url)}")
    lines.append(f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}")
    return lines
