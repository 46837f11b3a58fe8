"""An event in a calendar: its days, its town, and the workshops one has a seat in.

Whoever gives a seat back has the event taken out of the calendar, and may come again, while the
event itself stays as it was. So each file says when it was made, and the latest one counts.
"""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cooperation.models import Event, Participant, ProgrammeItem, WorkshopWish
from core.icalendar import document, escaped, identity, moment, whole_days
from core.languages import human_date
from core.mail import absolute_url
from core.telling import Attachment


def calendar(
    event: Event,
    workshops: Iterable[ProgrammeItem] = (),
    *,
    language: str,
    method: str = "PUBLISH",
) -> str:
    """The event, and each of these workshops, as one calendar in ``language``."""
    with override(language):
        is_off = method == "CANCEL"
        events = [_event(event, is_off=is_off)]
        events += [_workshop(event, one, is_off=is_off) for one in workshops]
        return document(events, method=method)


def calendar_file(
    event: Event, participant: Participant, *, language: str, is_off: bool = False
) -> Attachment:
    """The file that leaves with a message to ``participant``: what to come to, or no longer."""
    method = "CANCEL" if is_off else "PUBLISH"
    text = calendar(event, workshops_of(participant), language=language, method=method)
    return _attachment(text, method)


def file_without(event: Event, workshop: ProgrammeItem, *, language: str) -> Attachment:
    """The file that takes one workshop out of a calendar; the event stays in it."""
    with override(language):
        text = document([_workshop(event, workshop, is_off=True)], method="CANCEL")
    return _attachment(text, "CANCEL")


def _attachment(text: str, method: str) -> Attachment:
    return Attachment("sidemand.ics", text, f"text/calendar; method={method}")


def workshops_of(participant: Participant) -> list[ProgrammeItem]:
    """The workshops that somebody has a seat in, as they happen."""
    seated = WorkshopWish.objects.standing().filter(
        participant=participant, seated_at__isnull=False
    )
    found = ProgrammeItem.objects.filter(pk__in=seated.values("workshop"))
    return list(found.in_order())


def _identity(event: Event, of: Event | ProgrammeItem) -> list[str]:
    return identity(
        str(of.pk), changed_at=event.changed_at, sequence=event.sequence, made_at=timezone.now()
    )


def _event(event: Event, *, is_off: bool) -> list[str]:
    where = ", ".join(part for part in (event.venue, event.place.name) if part)
    about = _("The programme: %(address)s") % {"address": absolute_url(event.get_absolute_url())}
    return [
        *_identity(event, event),
        *whole_days(event.starts_on, event.known_end),
        f"SUMMARY:{escaped(event.title)}",
        f"LOCATION:{escaped(where)}",
        f"DESCRIPTION:{escaped(about)}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
    ]


def _workshop(event: Event, item: ProgrammeItem, *, is_off: bool) -> list[str]:
    when = human_date(item.starts_at, zone=event.zone, place=event.place.name)
    where = ", ".join(part for part in (item.room, event.venue, event.place.name) if part)
    return [
        *_identity(event, item),
        f"DTSTART:{moment(item.starts_at)}",
        f"DTEND:{moment(item.ends_at)}",
        f"SUMMARY:{escaped(item.title)}",
        f"LOCATION:{escaped(where)}",
        f"DESCRIPTION:{escaped(when)}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
    ]
