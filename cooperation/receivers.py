"""What the cooperation keeps for an organisation follows it when it changes."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from cooperation.models import (
    MOST_OF_A_DELEGATION,
    Body,
    BodyMember,
    Event,
    EventSeries,
    Initiative,
    Invitation,
    Pact,
    Participant,
    ParticipantNeeds,
    Partner,
    Practice,
)
from cooperation.practice.actions import practice_changed
from people.actions import Change
from people.signals import organisations_changed


def follow(sender: object, change: Change, at: datetime, **kwargs: Any) -> None:
    """Seats, keepers, owners, parties and hosts of what is under way go on with the heir.

    What is over stays as it was: old minutes say for whom somebody spoke, an agreement that has
    ended names who made it. An approved example is that of who did it, as long as it is the same
    under another name.
    """
    on = change.on
    under_way = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    for seat in BodyMember.objects.filter(under_way, organisation__in=change.old):
        _move_seat(seat, change)
    Body.objects.filter(under_way, keeper__in=change.old).update(keeper=change.main)
    Initiative.objects.filter(under_way, owner__in=change.old).update(owner=change.main)
    for initiative in Initiative.objects.filter(under_way, organisations__in=change.old).distinct():
        initiative.organisations.remove(*change.old)
        initiative.organisations.add(*change.new)
    for pact in (
        Pact.objects.filter(under_way)
        .filter(Q(keeper__in=change.old) | Q(parties__in=change.old))
        .distinct()
    ):
        if change.is_old(pact.keeper_id):
            pact.keeper = change.main
            pact.save(update_fields=["keeper"])
        if pact.parties.filter(pk__in=[one.pk for one in change.old]).exists():
            pact.parties.remove(*change.old)
            pact.parties.add(*change.new)
    for partner in Partner.objects.filter(keeper__in=change.old):
        partner.keeper = change.heir(partner.place_id)
        partner.save(update_fields=["keeper"])
    for practice in Practice.objects.filter(organisation__in=change.old):
        if practice.live_id is None or change.is_new_name:
            practice.organisation = change.heir(practice.place_id)
            practice.save(update_fields=["organisation"])
            transaction.on_commit(partial(practice_changed.send, None, practice=practice))
    _move_events(change, at=at)


def _move_events(change: Change, *, at: datetime) -> None:
    """Hosts and the invited of what is to come, or still evaluated; and series."""
    kept = EventSeries.objects.filter(Q(keeper__in=change.old) | Q(next_host__in=change.old))
    for series in kept.select_for_update(no_key=True).order_by("pk"):
        if change.is_old(series.keeper_id):
            series.keeper = change.main
        if series.next_host_id is not None and change.is_old(series.next_host_id):
            series.next_host = change.heir(series.next_place_id)
        series.version += 1
        series.save(update_fields=["keeper", "next_host", "version"])
    going_on = Event.objects.going_on(on=change.on)
    invited = Invitation.objects.standing().filter(organisation__in=change.old)
    events = going_on.filter(Q(host__in=change.old) | Q(pk__in=invited.values("event")))
    for event in events.select_for_update(no_key=True).order_by("pk"):
        if change.is_old(event.host_id):
            event.host = change.heir(event.place_id)
            event.version += 1
            event.save(update_fields=["host", "version"])
        _move_invitations(event, change, at=at)


def _move_invitations(event: Event, change: Change, *, at: datetime) -> None:
    """The invited is the heir; two that were invited in one role and are joined are invited once.

    The earlier one stays, with the seats and people of both.
    """
    moved: dict[str, Invitation] = {}
    invited = Invitation.objects.standing().filter(event=event, organisation__in=change.old)
    for one in invited.order_by(F("sent_at").asc(nulls_last=True), "pk"):
        kept = moved.setdefault(one.role, one)
        if kept is not one:
            _join(kept, one, at=at)
        else:
            one.organisation = change.main
        kept.version += 1
        kept.save()


def _join(kept: Invitation, other: Invitation, *, at: datetime) -> None:
    """Take the seats and people of ``other`` over; whoever is in both stands once."""
    kept.seats = min(kept.seats + other.seats, MOST_OF_A_DELEGATION)
    kept.contact_id = kept.contact_id or other.contact_id
    kept.all_or_none = kept.all_or_none and other.all_or_none
    if kept.declined_at is not None and other.declined_at is None:
        kept.answered_at, kept.answered_by_id = other.answered_at, other.answered_by_id
        kept.declined_at = None
    elif kept.answered_at is None and other.declined_at is None:
        kept.answered_at, kept.answered_by_id = other.answered_at, other.answered_by_id
    own = list(kept.signed_up())
    there = {key: one for one in own for key in _named(one)}
    last = max((one.position for one in own), default=0)
    for number, one in enumerate(list(other.signed_up()), start=1):
        same = next((there[key] for key in _named(one) if key in there), None)
        if same is None:
            one.invitation, one.position = kept, last + number
        else:
            same.seated_at = same.seated_at or one.seated_at
            same.save(update_fields=["seated_at"])
            ParticipantNeeds.objects.filter(participant=one).delete()
            one.cancelled_at = at
        one.save(update_fields=["invitation", "position", "cancelled_at"])
    other.withdrawn_at = at
    other.version += 1
    other.save(update_fields=["withdrawn_at", "version"])


def _named(participant: Participant) -> list[UUID | str]:
    """By what one knows that two are the same: the account, and the address."""
    return [one for one in (participant.person_id, participant.email.lower()) if one]


def _move_seat(seat: BodyMember, change: Change) -> None:
    ends_on = seat.ends_on
    if seat.starts_on >= change.on:  # it had not begun
        seat.organisation = change.main
        seat.save(update_fields=["organisation"])
        return
    seat.ends_on = change.on
    seat.save(update_fields=["ends_on"])
    BodyMember.objects.create(
        body_id=seat.body_id,
        person_id=seat.person_id,
        organisation=change.main,
        role=seat.role,
        title=seat.title,
        starts_on=change.on,
        ends_on=ends_on,
    )


def connect() -> None:
    """Listen; called once, from ``AppConfig.ready``."""
    organisations_changed.connect(follow)
