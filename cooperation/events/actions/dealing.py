"""Seats change hands: the kept ones at once, all others by the rule of :mod:`..seats`."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cooperation.events.seats import Share, Wish, deal
from cooperation.events.telling import tell_dealt, tell_signed_up, tell_workshop_seat
from cooperation.models import (
    Dealing,
    Event,
    Invitation,
    Participant,
    ProgrammeItem,
    WorkshopWish,
)
from core.periods import local_day


def seat_own(event: Event, invitation: Invitation, *, at: datetime) -> list[Participant]:
    """Give a delegation the seats that are kept for it, in its own order; who got one.

    Until the last day for answers: what came after it waits for the dealing. So does whoever finds
    every seat of the event taken, whatever was promised.
    """
    if not event.keeps_seats(on=local_day(at)):
        return []
    there = list(invitation.signed_up())
    taken = Participant.objects.seated().filter(invitation__event=event).count()
    left = min(invitation.seats - _seated(there), event.seats - taken)
    seated = [one for one in there if one.seated_at is None][: max(0, left)]
    for participant in seated:
        participant.seated_at = at
        participant.save(update_fields=["seated_at"])
    return seated


def deal_due(at: datetime) -> int:
    """Deal the seats of every event whose answers are in; how many dealings were written."""
    due = Event.objects.dealing_seats(on=local_day(at))
    return sum(deal_seats(event, at=at) for event in due.order_by("starts_on", "pk"))


@transaction.atomic
def deal_seats(event: Event, *, at: datetime) -> int:
    """Deal the free seats of ``event`` and of its workshops; how many dealings were written."""
    found = Event.objects.select_for_update(of=("self",), no_key=True).select_related("place")
    return deal_now(found.get(pk=event.pk), at=at)


def deal_now(event: Event, *, at: datetime) -> int:
    """The same, for an event that is locked already.

    Only what came in on a day that is over is dealt with: of one day it does not matter who was
    first. First the event, then its workshops, for those who have a seat in the event.
    """
    today = local_day(at)
    if not event.deals_seats(on=today):
        return 0
    written = _deal_event(event, today, at)
    for workshop in event.workshops():
        written += _deal_workshop(event, workshop, today, at)
    return written


def _deal_event(event: Event, today: date, at: datetime) -> int:
    people = list(
        Participant.objects.signed_up()
        .filter(invitation__event=event)
        .select_related("invitation__organisation")
        .in_order()
    )
    shares, got = _deal(
        people,
        free=event.seats,
        pool=str(event.pk),
        answer_by=event.answer_by,
        today=today,
        invitation_of=lambda one: one.invitation,
        is_all_or_none=lambda one: one.invitation.all_or_none,
    )
    for participant in got:
        participant.seated_at = at
        participant.save(update_fields=["seated_at"])
        tell_signed_up(event, participant)
    return _write(event, None, shares, max(0, event.seats - _seated(people) + len(got)), at)


def _deal_workshop(event: Event, workshop: ProgrammeItem, today: date, at: datetime) -> int:
    wishes = list(
        WorkshopWish.objects.standing()
        .filter(workshop=workshop, participant__seated_at__isnull=False)
        .select_related("participant__invitation__organisation")
        .order_by("participant__position", "participant")
    )
    capacity = workshop.capacity or 0
    shares, got = _deal(
        wishes,
        free=capacity,
        pool=str(workshop.pk),
        answer_by=event.answer_by,
        today=today,
        invitation_of=lambda one: one.participant.invitation,
        is_all_or_none=lambda one: one.all_or_none,
    )
    for wish in got:
        wish.seated_at = at
        wish.save(update_fields=["seated_at"])
        tell_workshop_seat(event, workshop, wish)
    return _write(event, workshop, shares, capacity - _seated(wishes) + len(got), at)


def _seated(rows: Sequence[Any]) -> int:
    """How many of these have a seat."""
    return sum(row.seated_at is not None for row in rows)


def _deal(
    rows: Sequence[Any],
    *,
    free: int,
    pool: str,
    answer_by: date,
    today: date,
    invitation_of: Callable[[Any], Invitation],
    is_all_or_none: Callable[[Any], bool],
) -> tuple[list[tuple[Share, Invitation]], list[Any]]:
    """The shares, and the rows that get a seat: those of each delegation in its own order."""
    held: Counter[str] = Counter()
    waiting: dict[tuple[str, date], list[Any]] = {}
    invitations: dict[str, Invitation] = {}
    for row in rows:
        invitation = invitation_of(row)
        key = invitation.in_the_draw
        invitations[key] = invitation
        if row.seated_at is not None:
            held[key] += 1
        elif max(row.asked_on, answer_by) < today:
            waiting.setdefault((key, max(row.asked_on, answer_by)), []).append(row)
    shares = deal(
        [
            Wish(key, len(some), day, all_or_none=any(map(is_all_or_none, some)))
            for (key, day), some in waiting.items()
        ],
        free=max(0, free - held.total()),
        held=held,
        answer_by=answer_by,
        pool=pool,
    )
    got = [
        row
        for share in shares
        for row in waiting[share.wish.delegation, share.counted_on][: share.got]
    ]
    return [(share, invitations[share.wish.delegation]) for share in shares], got


def _write(
    event: Event,
    workshop: ProgrammeItem | None,
    shares: Sequence[tuple[Share, Invitation]],
    free: int,
    at: datetime,
) -> int:
    """Keep what was dealt, unless nothing was and all who wait have read why; 1 if it was kept."""
    rows = [
        {
            "invitation": str(invitation.pk),
            "counted_on": share.counted_on.isoformat(),
            "wanted": share.wish.wanted,
            "all_or_none": share.wish.all_or_none,
            "held": share.held,
            "got": share.got,
            "lot": share.lot,
            "reason": share.reason.value,
        }
        for share, invitation in shares
    ]
    last = Dealing.objects.filter(event=event, workshop=workshop).order_by("-dealt_at", "pk")
    before = last.first()
    still_waiting = {
        (row["invitation"], row["counted_on"], row["wanted"] - row["got"])
        for row in (before.shares if before else ())
    }
    known = all(
        (row["invitation"], row["counted_on"], row["wanted"]) in still_waiting for row in rows
    )
    if known and not any(row["got"] for row in rows):
        return 0
    Dealing.objects.create(event=event, workshop=workshop, dealt_at=at, free=free, shares=rows)
    for _share, invitation in shares:
        tell_dealt(event, invitation, on=local_day(at))
    return 1
