"""What waits for a coordinator and who is stuck: said once, for start page and lists."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from devices.models import Device
from mentoring.models import (
    Handover,
    Need,
    Pairing,
    PairingMember,
    Round,
    Session,
    SessionParticipant,
    SessionQuerySet,
    still_to_hand_over,
)
from mentoring.progress import lasting

Side = PairingMember.Side
SILENT_AFTER = timedelta(days=14)
UNCONFIRMED_AFTER = timedelta(days=7)
READY_BEFORE = timedelta(days=14)
HANDOVER_BEFORE = timedelta(days=7)

TO_CLOSE, TO_BEGIN, SILENT = "afslut", "begynd", "stille"
NOT_READY, NOT_HANDED_OVER = "ikke-klar", "overdragelse"
NOT_CONFIRMED = "ikke-bekraeftet"
ALONE = (SILENT, NOT_HANDED_OVER, NOT_CONFIRMED)
#: What a list of pairings can be narrowed to.
PAIRINGS: Mapping[str, Any] = {
    SILENT: _("No session for 14 days"),
    NOT_HANDED_OVER: _("No handover a week before a mentor leaves"),
    NOT_CONFIRMED: _("A handover was sent and is not confirmed"),
    TO_CLOSE: _("The period is over: close it"),
    TO_BEGIN: _("It has begun: set it to active"),
    NOT_READY: _("Begins within 14 days and is not ready"),
}


def pairings_that(on: date) -> dict[str, Q]:
    """For each of ``PAIRINGS`` the condition on that day.

    Those of ``ALONE`` may hold beside another; the rest exclude one another. None holds of a
    closed pairing. What is cheap to ask comes first: within a CASE the database keeps the order.
    """
    held = Session.objects.happened().filter(pairing=OuterRef("pk"))
    recent = held.filter(held_on__gt=on - SILENT_AFTER)
    put_off = Need.objects.filter(pairing=OuterRef("pk"), round__state=Round.State.PUT_OFF)
    waiting = Handover.objects.waiting().filter(member__pairing=OuterRef("pk"))
    not_confirmed = Handover.objects.stuck(on=on).filter(member__pairing=OuterRef("pk"))
    states = Pairing.State
    return {
        SILENT: Q(Q(state=states.ACTIVE, starts_on__lte=on - SILENT_AFTER), ~Exists(recent)),
        NOT_HANDED_OVER: Q(
            Q(state__in=[states.ACTIVE, states.HANDOVER]),
            Exists(_leaving(on + HANDOVER_BEFORE)),
        ),
        NOT_CONFIRMED: Q(
            ~Q(state=states.CLOSED),
            Exists(not_confirmed),
        ),
        TO_CLOSE: Q(
            Q(state=states.HANDOVER, ends_on__lte=on), ~Exists(waiting) | Exists(not_confirmed)
        ),
        TO_BEGIN: Q(
            Q(state__in=[states.PLANNED, states.READY], starts_on__lte=on), ~Exists(put_off)
        ),
        NOT_READY: Q(
            Q(state=states.PLANNED, starts_on__gt=on, starts_on__lte=on + READY_BEFORE),
            ~Exists(put_off),
        ),
    }


def _leaving(by: date) -> "QuerySet[PairingMember]":
    """Mentors of the outer pairing who are gone by that day and have sent no handover."""
    sent = Handover.objects.sent().filter(member=OuterRef("pk"))
    gone = Q(ends_on__lte=by) | Q(ends_on__isnull=True, pairing__ends_on__lte=by)
    return still_to_hand_over(OuterRef("pk")).filter(gone, ~Exists(sent))


def unconfirmed_long(sessions: SessionQuerySet, *, on: date) -> SessionQuerySet:
    """Open sessions of a pairing that is not closed, a week after they were held."""
    return sessions.open().filter(
        ~Q(pairing__state=Pairing.State.CLOSED), held_on__lte=on - UNCONFIRMED_AFTER
    )


def waiting_people(sessions: SessionQuerySet, *, on: date) -> "QuerySet[SessionParticipant]":
    """Who has not confirmed one of those: a row for each person and session.

    Whoever is no member any more cannot, and is waited for by nobody.
    """
    member = PairingMember.objects.valid_on(on).filter(
        pairing=OuterRef("session__pairing"), person=OuterRef("person")
    )
    return SessionParticipant.objects.unconfirmed().filter(
        Exists(member), session__in=unconfirmed_long(sessions, on=on)
    )


def unsent(devices: "QuerySet[Device]") -> "QuerySet[Any, Any]":
    """Whose devices said at their last contact that something waits: how many, and since when.

    The longest first. What a device has not told yet is not known.
    """
    return (
        devices.filter(unsent_count__gt=0)
        .order_by()
        .values("owner_id", whose=F("owner__name"))
        .annotate(count=Sum("unsent_count"), since=Min("oldest_unsent_at"))
        .order_by(F("since").asc(nulls_last=True), "whose", "owner_id")
    )


def with_seats_left(needs: "QuerySet[Need]", *, on: date) -> Any:
    """Annotate ``mentors``, who stay or will come, and ``seats_left``."""
    coming = Q(lasting(on, "pairing__members__"), pairing__members__side=Side.MENTOR)
    coming &= ~Q(pairing__state=Pairing.State.CLOSED)
    return needs.annotate(
        mentors=Count("pairing__members__person", filter=coming, distinct=True),
        seats_left=F("seats") - F("mentors"),
    )


def uncovered(needs: "QuerySet[Need]", *, on: date) -> Any:
    """Needs of open rounds that have not ended and have a seat without a mentor."""
    awaited = needs.filter(
        withdrawn_at__isnull=True,
        round__state__in=[Round.State.PLANNED, Round.State.GOING],
        ends_on__gt=on,
    )
    return with_seats_left(awaited, on=on).filter(seats_left__gt=0)
