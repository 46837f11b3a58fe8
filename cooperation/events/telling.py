"""What people are told of events: whoever has an account in the inbox, all others by mail.

Both get the same words and the same file for their calendar. A mail to somebody without an account
is written by :mod:`cooperation.events.tasks`, in Danish: nobody has said another language.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperation.events.calendar import calendar_file, file_without
from cooperation.events.permissions import answerers
from cooperation.models import Event, Invitation, Participant, ProgrammeItem, WorkshopWish
from core import telling
from core.languages import DANISH
from people.models import Person

_ABOUT = _("Seminars and conferences")
KINDS = tuple(
    telling.Kind(f"cooperation.{key}", _ABOUT, title, more)
    for key, title, more in (
        (
            "invited",
            _("Invitation: %(title)s, %(begins)s, %(town)s"),
            _("You may send %(seats)s. Write who comes, at the latest %(answer)s."),
        ),
        (
            "answer_soon",
            _("Who comes to %(title)s? Answer at the latest %(answer)s"),
            _("After that day the seats go on to others."),
        ),
        (
            "seat",
            _("You have a seat: %(title)s, %(begins)s, %(town)s"),
            _("Put it into your calendar. Say what you need, and see the programme."),
        ),
        (
            "waiting",
            _("You are on the waiting list: %(title)s, %(begins)s"),
            _("Read how seats are given, and where you stand."),
        ),
        ("signed_off", _("You are no longer signed up: %(title)s, %(begins)s"), ""),
        (
            "workshop",
            _("You have a seat in a workshop: %(workshop)s, %(when)s"),
            _("It is part of %(title)s."),
        ),
        (
            "workshop_off",
            _("You no longer have a seat in a workshop: %(workshop)s, %(when)s"),
            _("It is part of %(title)s."),
        ),
        (
            "workshop_moved",
            _("Changed: %(workshop)s is %(when)s"),
            _("The new file takes the place of the old one in your calendar."),
        ),
        (
            "dealt",
            _("Seats are dealt: %(title)s"),
            _("Read what your delegation got, and why."),
        ),
        (
            "event_moved",
            _("Changed: %(title)s is %(begins)s in %(town)s"),
            _("The new file takes the place of the old one in your calendar."),
        ),
        ("event_cancelled", _("Cancelled: %(title)s, %(begins)s"), _("Read why on its page.")),
        (
            "event_soon",
            _("Soon: %(title)s, %(begins)s, %(town)s"),
            _("See the programme, travel and lodging."),
        ),
        (
            "evaluate",
            _("How was %(title)s?"),
            _("Answer a few questions. Nobody can see what you answered."),
        ),
    )
)


def facts_of(event: Event, language: str) -> dict[str, Any]:
    """What every message about ``event`` says of it."""
    from core.bilingual import Text

    return {
        "title": str(Text.choose({"da": event.title_da, "kl": event.title_kl}, language)),
        "begins_on": event.starts_on.isoformat(),
        "answer_on": event.answer_by.isoformat(),
        "town": event.place.name,
    }


def _tell(
    person: Person, kind: str, event: Event, *, url: str = "cooperation:event", **more: Any
) -> None:
    attachments = more.pop("attachments", ())
    url_args = more.pop("url_args", [str(event.pk)])
    telling.tell(
        person,
        f"cooperation.{kind}",
        {**facts_of(event, person.language), **more},
        url=url,
        url_args=url_args,
        attachments=attachments,
    )


# --- Delegations ----------------------------------------------------------------------------------


def tell_invited(
    event: Event, invitation: Invitation, *, on: date, but: Collection[Any] = ()
) -> None:
    """Tell whoever answers that the organisation is invited, but those who know."""
    _tell_answerers("invited", event, invitation, on, but)


def tell_to_answer(event: Event, invitation: Invitation, *, on: date) -> None:
    """Remind whoever answers."""
    _tell_answerers("answer_soon", event, invitation, on)


def tell_dealt(event: Event, invitation: Invitation, *, on: date) -> None:
    """Tell whoever answers that seats were dealt, and that it can be read why."""
    for person in answerers(invitation, on=on):
        _tell(person, "dealt", event, url="cooperation:event-seats")


def _tell_answerers(
    kind: str, event: Event, invitation: Invitation, on: date, but: Collection[Any] = ()
) -> None:
    for person in answerers(invitation, on=on).exclude(pk__in=but):
        _tell(
            person,
            kind,
            event,
            url="cooperation:delegation",
            url_args=[str(event.pk), str(invitation.pk)],
            seats=invitation.seats,
        )


# --- Participants ---------------------------------------------------------------------------------


def tell_signed_up(event: Event, participant: Participant) -> None:
    """Tell a participant of the seat, with a file for the calendar; or of the waiting list."""
    if participant.seated_at is None:
        tell_participant("waiting", event, participant, url="cooperation:event-seats")
    else:
        tell_participant("seat", event, participant, file=True)


def tell_signed_off(event: Event, participant: Participant) -> None:
    """Tell a participant that somebody has signed them off; calendars take it out."""
    tell_participant("signed_off", event, participant, file=True, is_off=True)


def tell_workshop_seat(event: Event, workshop: ProgrammeItem, wish: WorkshopWish) -> None:
    """Tell a participant of a seat in a workshop."""
    _tell_of_workshop("workshop", event, workshop, wish)


def tell_workshop_off(event: Event, workshop: ProgrammeItem, wish: WorkshopWish) -> None:
    """Tell a participant that a seat in a workshop was given back; calendars take it out."""
    _tell_of_workshop("workshop_off", event, workshop, wish, is_off=True)


def tell_workshop_moved(event: Event, workshop: ProgrammeItem) -> None:
    """Tell everybody with a seat in a workshop that its time or its room has changed."""
    seated = WorkshopWish.objects.standing().filter(workshop=workshop, seated_at__isnull=False)
    for wish in seated.select_related("participant__person").order_by("pk"):
        _tell_of_workshop("workshop_moved", event, workshop, wish)


def _tell_of_workshop(
    kind: str, event: Event, workshop: ProgrammeItem, wish: WorkshopWish, *, is_off: bool = False
) -> None:
    facts: dict[str, Any] = {
        "workshop": str(workshop.title),
        "when_at": workshop.starts_at.isoformat(),
        "zone": event.place.time_zone,
        "room": workshop.room,
    }
    tell_participant(
        kind,
        event,
        wish.participant,
        file=True,
        is_off=is_off,
        leaves=workshop if is_off else None,
        about=str(wish.pk),
        **facts,
    )


def tell_moved(event: Event) -> None:
    """Tell everybody with a seat that days, town or place have changed."""
    for participant in _seated(event):
        tell_participant("event_moved", event, participant, file=True)


def tell_cancelled(event: Event) -> None:
    """Tell everybody who is signed up, and whoever answers for an invitation."""
    told: set[Any] = set()
    signed_up = Participant.objects.signed_up().filter(invitation__event=event)
    for participant in signed_up.select_related("person").order_by("pk"):
        told.add(participant.person_id)
        tell_participant(
            "event_cancelled",
            event,
            participant,
            file=participant.seated_at is not None,
            is_off=True,
        )
    for invitation in Invitation.objects.sent().filter(event=event).order_by("pk"):
        for person in answerers(invitation, on=event.starts_on).exclude(pk__in=told - {None}):
            told.add(person.pk)
            _tell(person, "event_cancelled", event)


def _seated(event: Event) -> Iterable[Participant]:
    found = Participant.objects.seated().filter(invitation__event=event)
    return found.select_related("person").order_by("pk")


def tell_participant(
    kind: str,
    event: Event,
    participant: Participant,
    *,
    url: str = "cooperation:event",
    file: bool = False,
    is_off: bool = False,
    leaves: ProgrammeItem | None = None,
    about: str = "",
    **facts: Any,
) -> None:
    """Tell one participant: in the inbox and as chosen, or by mail without an account.

    Args:
        file: Whether a file for the calendar goes along, which takes out what ``is_off``.
        leaves: The one workshop that the file takes out; none for all of it.
        about: Names what it is about, where there may be several: the same is mailed once.
    """
    from cooperation.events.tasks import send_to_participant

    person = participant.person
    language = person.language if person is not None else DANISH
    attached = []
    if leaves is not None:
        attached.append(file_without(event, leaves, language=language))
    elif file:
        attached.append(calendar_file(event, participant, language=language, is_off=is_off))
    if person is not None:
        _tell(person, kind, event, url=url, attachments=attached, **facts)
    elif participant.email:
        who = sha256(participant.email.encode()).hexdigest()[:12]  # somebody else may come instead
        key = f"{kind}:{participant.pk}:{who}:{event.sequence}:{about}"
        transaction.on_commit(
            partial(
                send_to_participant.enqueue,
                str(participant.pk),
                kind,
                participant.email,
                key,
                {
                    "name": participant.name,  # the row may be somebody else's when it leaves
                    "files": [[one.name, one.content, one.mime_type] for one in attached],
                    "is_off": is_off,
                    "facts": facts,
                },
            )
        )
