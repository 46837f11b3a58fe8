"""Inviting organisations, each with a role and so many seats."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cooperation.events.actions.dealing import deal_now, seat_own
from cooperation.events.actions.planning import kept_seats, promised_seats
from cooperation.events.actions.refusing import EventRefused, locked, somebody_was_first
from cooperation.events.actions.registering import sign_everybody_off
from cooperation.events.permissions import answerers
from cooperation.events.telling import tell_invited, tell_signed_up
from cooperation.models import Event, Invitation, Participant
from core.periods import local_day
from people.models import Organisation, Person


@transaction.atomic
def save_invitation(
    event: Event,
    key: UUID,
    *,
    organisation: Organisation,
    role: str,
    seats: int,
    at: datetime,
    contact: Person | None = None,
    seen: int | None = None,
) -> Invitation:
    """Promise seats to an organisation, or change what is promised; it is sent by itself.

    Whoever waits in its delegation gets what is promised beyond what it had. Whoever answers from
    now on for one that is sent is told.

    Args:
        seen: The version that was changed.

    Raises:
        EventRefused: With code "changed", "cancelled", "over" once it has begun, "seats" when
            more would be promised than there are, or less than the delegation has taken, "field"
            when nobody would answer any more for one that is sent.
        ValidationError: By field, for what does not hold.
    """
    event = _to_come(event, at)
    invitation = Invitation.objects.filter(pk=key).first()
    if invitation is not None and (invitation.event_id != event.pk or invitation.withdrawn_at):
        raise EventRefused(somebody_was_first(), "changed")
    if invitation is not None and seen is not None and invitation.version != seen:
        raise EventRefused(somebody_was_first(), "changed")
    invitation = invitation or Invitation(pk=key, event=event)
    today = local_day(at)
    know = _who_knows(invitation, today)
    counted = kept_seats if event.keeps_seats(on=today) else promised_seats
    left = event.seats - counted(event, without=invitation)
    if seats > left:
        message = ngettext(
            "%(count)d seat is not promised to anybody yet.",
            "%(count)d seats are not promised to anybody yet.",
            left,
        )
        raise EventRefused({"seats": message % {"count": left}}, "seats")
    taken = Participant.objects.seated().filter(invitation=invitation).count()
    if seats < min(taken, invitation.seats or 0):
        message = ngettext(
            "The delegation has taken %(count)d seat.",
            "The delegation has taken %(count)d seats.",
            taken,
        )
        raise EventRefused({"seats": message % {"count": taken}}, "seats")
    invitation.organisation, invitation.role = organisation, role
    invitation.seats, invitation.contact = seats, contact
    invitation.version += 1
    invitation.full_clean()
    invitation.save()
    if know and not answerers(invitation, on=today).exists():
        raise EventRefused(
            {"contact": _("Choose who answers: nobody else would be told.")}, "field"
        )
    if invitation.sent_at is not None:
        tell_invited(event, invitation, on=today, but=know)
    for participant in seat_own(event, invitation, at=at):
        tell_signed_up(event, participant)
    return invitation


def _who_knows(invitation: Invitation, today: date) -> set[UUID]:
    """Who has been told of it and can still answer."""
    if invitation.sent_at is None:
        return set()
    return set(answerers(invitation, on=today).values_list("pk", flat=True))


@transaction.atomic
def send_invitations(event: Event, *, at: datetime) -> tuple[int, list[str]]:
    """Tell whoever answers for each organisation that is not told yet.

    Returns:
        How many were sent, and the organisations whose invitation was not, because nobody would
        be told of it.

    Raises:
        EventRefused: With code "draft" for one that is not announced, "over" after the last day
            for answers or once it has begun.
    """
    event = _to_come(event, at)
    if not event.is_standing:
        raise EventRefused(_("Announce the event first, so that the invited can see it."), "draft")
    waiting = Invitation.objects.standing().filter(event=event, sent_at__isnull=True)
    count, untold = 0, []
    for invitation in waiting.select_related("organisation", "contact").order_by("pk"):
        if not answerers(invitation, on=local_day(at)).exists():
            untold.append(invitation.organisation.name)
            continue
        invitation.sent_at = at
        invitation.save(update_fields=["sent_at"])
        tell_invited(event, invitation, on=local_day(at))
        count += 1
    return count, sorted(set(untold))


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, at: datetime) -> None:
    """Take an invitation back; its participants are signed off and told.

    Raises:
        EventRefused: With code "over" once the event has begun.
    """
    event = _to_come(invitation.event, at)
    found = Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    if found.withdrawn_at is not None:
        return
    sign_everybody_off(event, found, at=at)
    found.withdrawn_at = at
    found.version += 1
    found.save(update_fields=["withdrawn_at", "version"])
    if not event.keeps_seats(on=local_day(at)):
        deal_now(event, at=at)


def _to_come(event: Event, at: datetime) -> Event:
    event = locked(event)
    if local_day(at) >= event.starts_on:
        raise EventRefused(_("The event has begun."), "over")
    return event
