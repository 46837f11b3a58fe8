"""The coordinator: closes from the log what a mentor left, and names who takes over."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.periods import local_day
from mentoring.actions.agreeing import pass_on
from mentoring.actions.pairings import who_holds_role
from mentoring.handover.actions.common import (
    HandoverRefused,
    Kind,
    Side,
    State,
    current,
    leave,
    locked,
    settle,
    tell,
)
from mentoring.handover.dossier import build
from mentoring.handover.people import may_receive
from mentoring.handover.wording import judge
from mentoring.models import FollowUp, Handover, Pairing, PairingMember, still_to_hand_over
from people.models import Person


def gone(pairing: Pairing, *, at: datetime) -> list[PairingMember]:
    """The mentors who have not handed over and who cannot any more.

    Their membership has ended, or their role, or their account is closed. Whoever has sent a
    handover that its receiver still has time to confirm is not among them. Three queries.
    """
    return _gone(_unsettled(pairing), pairing, at=at)


def close_from_log(
    pairing: Pairing,
    *,
    receiver: Person | None,
    reason: str,
    by: Person,
    at: datetime,
    looked_again: bool = False,
) -> list[Handover]:
    """Settle the handovers of all mentors who are gone, from the log and what they had written.

    The gap stays to be seen. The pairing closes unless a mentor is left in it.

    Args:
        receiver: Who reads the dossiers; of one that was sent, its own receiver stays if nobody
            else is named.

    Raises:
        LookAgain: With what could show who a citizen is, in ``reason``.
        ValidationError: With the message of ``reason``.
        HandoverRefused: With code "still_here" if every mentor can still hand over, "nothing" if
            none has to, "receiver" if ``receiver`` cannot take over, "empty" without a reason.
    """
    clean = judge({"reason": reason}, known=[], at=at, looked_again=looked_again)["reason"]
    if not clean:
        raise HandoverRefused(_("Write why it is closed from the log."), code="empty")
    with transaction.atomic():
        pairing = locked(pairing)
        left = _unsettled(pairing)
        members = _gone(left, pairing, at=at)
        if not members:
            if left:
                message = _("The mentor is still here. Ask for the handover instead.")
                raise HandoverRefused(message, code="still_here")
            raise HandoverRefused(_("Everybody has handed over."), code="nothing")
        settled = []
        for member in members:
            if receiver is not None and not may_receive(receiver, member, on=local_day(at)):
                raise HandoverRefused(_("Choose somebody who can take over."), code="receiver")
            handover, _new = Handover.objects.select_for_update(no_key=True).get_or_create(
                member=member, defaults={"begun_at": at}
            )
            handover.receiver = receiver or handover.receiver
            handover.texts.create(kind=Kind.REASON, author=by, text=clean, written_at=at)
            settle(handover, build(handover), State.FROM_LOG, by=by, at=at)
            settled.append(handover)
        for member in members:
            leave(member, pairing, at=at)
        for handover in settled:
            tell(handover.receiver, "from_log", handover)
    return settled


@transaction.atomic
def name_receiver(handover: Handover, receiver: Person, *, at: datetime) -> Handover:
    """Let somebody else take over, where the receiver has left or never comes to it.

    Of one that is settled the new receiver reads what was kept; the open follow-ups that the old
    one owned, or nobody, are the new one's, and so is what the old one was to do of the mentor's.

    Raises:
        HandoverRefused: With code "not_sent" while the mentor prepares it, "receiver" if
            ``receiver`` cannot take over.
    """
    locked(handover.member.pairing)
    handover = current(handover)
    if handover.state == State.PREPARING:
        raise HandoverRefused(_("The mentor has not sent it yet."), code="not_sent")
    if handover.receiver == receiver:
        return handover
    if not may_receive(receiver, handover.member, on=local_day(at)):
        raise HandoverRefused(_("Choose somebody who can take over."), code="receiver")
    was, handover.receiver = handover.receiver, receiver
    handover.save(update_fields=["receiver"])
    theirs = FollowUp.objects.open().filter(handover=handover, owner=was)
    theirs.update(owner=receiver, told_of=None)
    pairing = handover.member.pairing
    # Who is in the pairing has made promises of their own there.
    if was is not None and not pairing.members.filter(person=was).exists():
        pass_on(pairing, was, receiver)
    tell(receiver, "sent" if handover.state == State.SENT else "passed_on", handover)
    return handover


def _unsettled(pairing: Pairing) -> list[PairingMember]:
    found = still_to_hand_over(pairing).select_related("person__user", "pairing__place")
    return list(found.order_by("starts_on", "person__name", "pk"))


def _gone(
    members: Sequence[PairingMember], pairing: Pairing, *, at: datetime
) -> list[PairingMember]:
    today = local_day(at)
    people = [member.person for member in members]
    may_stay = who_holds_role(people, Side.MENTOR, pairing.place, today)

    sent = Handover.objects.waiting().in_pairing(pairing)
    stuck = Handover.objects.stuck(on=today).in_pairing(pairing)
    in_time = set(sent.exclude(pk__in=stuck.values("pk")).values_list("member", flat=True))

    def is_gone(member: PairingMember) -> bool:
        if member.pk in in_time:
            return False
        if member.ends_on is not None and member.ends_on <= today:
            return True
        if member.starts_on > today:
            return False
        user = member.person.user
        return user is None or not user.is_active or member.person_id not in may_stay

    return [member for member in members if is_gone(member)]
