"""Planning an event: the series, the event itself, its programme; announcing and cancelling."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cooperation.events.actions.refusing import EventRefused, locked, somebody_was_first
from cooperation.events.telling import tell_cancelled, tell_moved, tell_workshop_moved
from cooperation.models import (
    EvaluationAnswer,
    Event,
    EventSeries,
    Invitation,
    Participant,
    ProgrammeItem,
    WorkshopWish,
)
from core.periods import local_day
from people.models import Person

#: What participants and their calendars are told of when it changes.
TOLD = ("starts_on", "ends_on", "place_id", "venue")
TOLD_OF_A_WORKSHOP = ("starts_at", "minutes", "room")


@transaction.atomic
def save_series(
    key: UUID, *, by: Person | None, at: datetime, seen: int | None = None, **facts: Any
) -> EventSeries:
    """Enter a series, or change the one with that key; sent twice, it is made once.

    Args:
        seen: The version that was changed.

    Raises:
        EventRefused: With code "changed" for another version than was seen.
        ValidationError: By field, for what does not hold.
    """
    series = EventSeries.objects.select_for_update(of=("self",), no_key=True).filter(pk=key).first()
    if series is None:
        series = EventSeries(pk=key, made_by=by, made_at=at)
    elif seen is not None and series.version != seen:
        raise EventRefused(somebody_was_first(), "changed")
    else:
        series.version += 1
    for name, value in facts.items():
        setattr(series, name, value)
    series.full_clean()
    series.save()
    return series


@transaction.atomic
def save_event(
    key: UUID, *, by: Person | None, at: datetime, seen: int | None = None, **facts: Any
) -> Event:
    """Enter an event as a draft, or change the one with that key; sent twice, it is made once.

    Whoever is signed up is told when days, town or place change.

    Args:
        seen: The version that was changed.

    Raises:
        EventRefused: With code "changed", "cancelled", "seats" when more are promised than there
            would be, or would be kept again that others have taken, "days" when something on the
            programme would lie outside, "over" for other days once somebody has said how it was.
        ValidationError: By field, for what does not hold.
    """
    initiatives = facts.pop("initiatives", None)
    event = Event.objects.filter(pk=key).first()
    is_new = event is None
    event = Event(pk=key, made_by=by, made_at=at) if event is None else locked(event, seen=seen)
    before = [getattr(event, name) for name in TOLD]
    answered_by = event.answer_by
    for name, value in facts.items():
        setattr(event, name, value)
    event.changed_at = at
    event.full_clean()
    if not is_new:
        _refuse_too_small(event)
        if event.answer_by != answered_by:
            _refuse_to_keep_what_is_gone(event, at)
        _refuse_other_days(event, before)
        event.version += 1
    is_moved = before != [getattr(event, name) for name in TOLD]
    if is_moved and not is_new:
        event.sequence += 1
    event.save(force_insert=is_new)
    if initiatives is not None:
        event.initiatives.set(initiatives)
    if is_moved and event.is_standing:
        tell_moved(event)
    return event


def _refuse_too_small(event: Event) -> None:
    promised = promised_seats(event)
    if event.seats < promised:
        message = ngettext(
            "%(count)d seat is promised in invitations. There cannot be fewer.",
            "%(count)d seats are promised in invitations. There cannot be fewer.",
            promised,
        )
        raise EventRefused({"seats": message % {"count": promised}}, "seats")
    taken = Participant.objects.seated().filter(invitation__event=event).count()
    if event.seats < taken:
        message = ngettext(
            "%(count)d seat is taken. There cannot be fewer.",
            "%(count)d seats are taken. There cannot be fewer.",
            taken,
        )
        raise EventRefused({"seats": message % {"count": taken}}, "seats")
    days = set(event.days)
    if any(local_day_of(event, item) not in days for item in event.programme.all()):
        raise EventRefused(
            {"starts_on": _("Something on the programme lies outside these days. Move it first.")},
            "days",
        )


def _refuse_to_keep_what_is_gone(event: Event, at: datetime) -> None:
    """A later last day would keep seats again that have gone on to others meanwhile."""
    if event.keeps_seats(on=local_day(at)) and kept_seats(event) > event.seats:
        said = _("Seats that were promised have gone on to others. The last day cannot be moved.")
        raise EventRefused({"answer_by": said}, "seats")


def _refuse_other_days(event: Event, before: list[Any]) -> None:
    """Other days would take answers anew: whoever has read the result would know the next one."""
    if before[:2] == [event.starts_on, event.ends_on]:
        return
    if EvaluationAnswer.objects.filter(question__event=event).exists():
        said = _("The event has been evaluated. Its days stay as they are.")
        raise EventRefused({"starts_on": said}, "over")


def promised_seats(event: Event, *, without: Invitation | None = None) -> int:
    """How many seats the invitations of ``event`` promise together."""
    standing = Invitation.objects.standing().filter(event=event)
    if without is not None:
        standing = standing.exclude(pk=without.pk)
    return sum(standing.values_list("seats", flat=True))


def kept_seats(event: Event, *, without: Invitation | None = None) -> int:
    """How many seats the delegations have together: as many as promised, or as taken if more."""
    seated = Participant.objects.seated().filter(invitation__event=event)
    taken = Counter(seated.values_list("invitation", flat=True))
    standing = Invitation.objects.standing().filter(event=event)
    if without is not None:
        standing = standing.exclude(pk=without.pk)
    return sum(max(seats, taken[pk]) for pk, seats in standing.values_list("pk", "seats"))


def local_day_of(event: Event, item: ProgrammeItem) -> Any:
    """The day of ``item`` on the clock of the town."""
    return item.starts_at.astimezone(event.zone).date()


@transaction.atomic
def announce(event: Event, *, at: datetime) -> Event:
    """Let everybody see the event; doing it twice changes nothing.

    Raises:
        EventRefused: With code "cancelled".
    """
    event = locked(event)
    if event.state == Event.State.DRAFT:
        event.state = Event.State.OPEN
        event.changed_at = at
        event.version += 1
        event.save(update_fields=["state", "changed_at", "version"])
    return event


@transaction.atomic
def cancel_event(event: Event, *, reason: str, at: datetime) -> Event:
    """Cancel the event; whoever is signed up or invited is told. Nothing is deleted.

    Raises:
        EventRefused: With code "field" without a reason, "cancelled" when it is already.
    """
    event = locked(event)
    if not reason.strip():
        raise EventRefused({"reason": _("Write why, in a sentence.")}, "field")
    was_announced = event.state == Event.State.OPEN
    event.state = Event.State.CANCELLED
    event.cancelled_reason = reason.strip()
    event.changed_at = at
    event.sequence += 1
    event.version += 1
    event.full_clean()
    event.save()
    if was_announced:
        tell_cancelled(event)
    return event


# --- The programme --------------------------------------------------------------------------------


@transaction.atomic
def save_item(
    event: Event, key: UUID, *, at: datetime, seen: int | None = None, **facts: Any
) -> ProgrammeItem:
    """Put something on the programme, or change it.

    Whoever has a seat in it is told when its time or its room changes.

    Raises:
        EventRefused: With code "changed", "cancelled", "days" outside the event's days, "seats"
            below those that are taken.
        ValidationError: By field, for what does not hold.
    """
    event = locked(event, seen=seen)
    item = ProgrammeItem.objects.filter(pk=key).first()
    if item is not None and item.event_id != event.pk:
        raise EventRefused(somebody_was_first(), "changed")
    item = item or ProgrammeItem(pk=key, event=event)
    before = [getattr(item, name) for name in TOLD_OF_A_WORKSHOP]
    for name, value in facts.items():
        setattr(item, name, value)
    item.full_clean()
    if local_day_of(event, item) not in event.days:
        raise EventRefused({"day": _("The event has other days. Choose one of them.")}, "days")
    taken = WorkshopWish.objects.standing().filter(workshop=item, seated_at__isnull=False).count()
    if taken and (item.capacity is None or item.capacity < taken):
        message = ngettext(
            "%(count)d seat is taken. There cannot be fewer.",
            "%(count)d seats are taken. There cannot be fewer.",
            taken,
        )
        raise EventRefused({"capacity": message % {"count": taken}}, "seats")
    item.save()
    is_moved = taken > 0 and before != [getattr(item, name) for name in TOLD_OF_A_WORKSHOP]
    if is_moved:
        event.sequence += 1
    _changed(event, at)
    if is_moved:
        tell_workshop_moved(event, item)
    return item


@transaction.atomic
def remove_item(event: Event, item: ProgrammeItem, *, at: datetime) -> None:
    """Take something off the programme.

    Raises:
        EventRefused: With code "seats" for a workshop that somebody has asked for.
    """
    event = locked(event)
    if WorkshopWish.objects.filter(workshop=item).exists():
        raise EventRefused(
            _("Somebody has signed up for it. Change it instead of taking it off."), "seats"
        )
    item.delete()
    _changed(event, at)


def _changed(event: Event, at: datetime) -> None:
    event.version += 1
    event.changed_at = at
    event.save(update_fields=["version", "changed_at", "sequence"])
