"""The mentor who leaves: writes, sends, takes back, answers."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.canonical import content_hash
from core.periods import local_day
from mentoring.handover.actions.common import (
    HandoverRefused,
    Kind,
    Side,
    State,
    current,
    is_settled_already,
    locked,
    must_be_preparing,
    must_be_sent,
    tell,
    written,
)
from mentoring.handover.people import may_receive
from mentoring.handover.wording import judge
from mentoring.models import Handover, HandoverText, Pairing, PairingMember, still_to_hand_over
from people.models import Person

#: The name of the note about the team among those about caseworkers.
TEAM = "team"


def seen_of(handover: Handover | None) -> str:
    """Names the state that a form was drawn from: receiver and notes, or that there is nothing."""
    if handover is None:
        return ""
    notes = handover.texts.filter(kind=Kind.NOTE).values_list("about", "text")
    written = {str(about or TEAM): text for about, text in notes}
    receiver = None if handover.receiver_id is None else str(handover.receiver_id)
    return content_hash({"receiver": receiver, "notes": written})


def write_handover(
    member: PairingMember,
    *,
    receiver: Person | None,
    notes: Mapping[str, str],
    seen: str,
    at: datetime,
    looked_again: bool = False,
) -> Handover:
    """Keep the words of a mentor who leaves and whom they are for; nobody else sees them yet.

    Args:
        notes: By the id of the caseworker they are about, or ``TEAM``; those of others are
            left out.
        seen: The state that ``member`` saw (:func:`seen_of`).

    Raises:
        LookAgain: With what could show who a citizen is, by the names of ``notes``.
        ValidationError: With the messages of each text.
        HandoverRefused: With code "closed", "settled", "sent", "receiver" or "changed".
    """
    people = _caseworkers(member.pairing)
    known = [*people.values(), member.person.name, receiver.name if receiver else ""]
    wanted = {key: text for key, text in notes.items() if key == TEAM or UUID(key) in people}
    clean = judge(wanted, known=known, at=at, looked_again=looked_again)
    with transaction.atomic():
        pairing = locked(member.pairing)
        if pairing.state == Pairing.State.CLOSED:
            raise HandoverRefused(_("The pairing is closed."), code="closed")
        handover = Handover.objects.select_for_update(no_key=True).filter(member=member).first()
        if handover is not None:
            must_be_preparing(handover)
        if seen_of(handover) != seen and not _says(handover, receiver, clean):
            raise HandoverRefused(
                _("You have changed it elsewhere meanwhile. What you wrote here stands below."),
                code="changed",
            )
        if receiver is not None and not may_receive(receiver, member, on=local_day(at)):
            raise HandoverRefused(_("Choose somebody who can take over."), code="receiver")
        if handover is None:
            handover = Handover.objects.create(member=member, receiver=receiver, begun_at=at)
        elif handover.receiver != receiver:
            handover.receiver = receiver
            handover.save(update_fields=["receiver"])
        for key, text in clean.items():
            about = None if key == TEAM else UUID(key)
            note = handover.texts.filter(kind=Kind.NOTE, about=about)
            if note.exists():
                note.exclude(text=text).update(text=text, written_at=at)
            elif text:
                handover.texts.create(
                    kind=Kind.NOTE, author=member.person, about_id=about, text=text, written_at=at
                )
    return handover


def _says(handover: Handover | None, receiver: Person | None, notes: Mapping[str, str]) -> bool:
    """Whether exactly this stands there already: a double press is no change."""
    if handover is None or handover.receiver != receiver:
        return False
    kept = {
        str(about or TEAM): text or ""
        for about, text in handover.texts.filter(kind=Kind.NOTE).values_list("about", "text")
    }
    return all(kept.get(key, "") == text for key, text in notes.items())


@transaction.atomic
def send_handover(handover: Handover, *, at: datetime) -> Handover:
    """Let the receiver read it. Sent twice, it is sent once.

    A pairing whose every mentor is leaving is in handover from then on, until one takes it back.

    Raises:
        HandoverRefused: With code "closed", "settled", or "receiver" if nobody is chosen, or
            somebody who can no longer take over.
    """
    pairing = locked(handover.member.pairing)
    handover = current(handover)
    if handover.state == State.SENT:
        return handover
    if pairing.state == Pairing.State.CLOSED:
        raise HandoverRefused(_("The pairing is closed."), code="closed")
    must_be_preparing(handover)
    member = handover.member
    if handover.receiver is None or not may_receive(handover.receiver, member, on=local_day(at)):
        raise HandoverRefused(_("Choose somebody who can take over."), code="receiver")
    handover.state, handover.sent_at = State.SENT, at
    handover.save(update_fields=["state", "sent_at"])
    if pairing.state == Pairing.State.ACTIVE and _every_mentor_leaves(pairing):
        pairing.state = Pairing.State.HANDOVER
        pairing.save(update_fields=["state"])
    tell(handover.receiver, "sent", handover)
    return handover


@transaction.atomic
def take_back(handover: Handover) -> Handover:
    """Write on: the receiver does not see it until it is sent again. Questions stay.

    A pairing that was in handover because every mentor had sent theirs is active again.

    Raises:
        HandoverRefused: With code "settled".
    """
    pairing = locked(handover.member.pairing)
    handover = current(handover)
    if handover.is_settled:
        raise is_settled_already()
    if pairing.state == Pairing.State.HANDOVER and _every_mentor_leaves(pairing):
        pairing.state = Pairing.State.ACTIVE
        pairing.save(update_fields=["state"])
    handover.state, handover.sent_at = State.PREPARING, None
    handover.save(update_fields=["state", "sent_at"])
    return handover


def _every_mentor_leaves(pairing: Pairing) -> bool:
    """Whether each who has to hand over has sent it."""
    under_way = Handover.objects.sent().in_pairing(pairing).values("member")
    return not still_to_hand_over(pairing).exclude(pk__in=under_way).exists()


def answer(
    question: HandoverText, *, by: Person, text: str, at: datetime, looked_again: bool = False
) -> HandoverText:
    """Answer what the receiver asks. The same answer twice is one.

    Raises:
        LookAgain: With what could show who a citizen is.
        ValidationError: With the message of ``text``.
        HandoverRefused: With code "answered", "settled", "not_sent" or "empty".
    """
    handover = question.handover
    text = written(handover, text, at=at, looked_again=looked_again)
    with transaction.atomic():
        handover = current(handover)
        must_be_sent(handover)
        there = HandoverText.objects.filter(reply_to=question).first()
        if there is not None:
            if there.text == text:
                return there
            raise HandoverRefused(_("The question has been answered."), code="answered")
        reply = handover.texts.create(
            kind=Kind.ANSWER, author=by, reply_to=question, text=text, written_at=at
        )
        tell(handover.receiver, "answered", handover)
    return reply


def _caseworkers(pairing: Pairing) -> dict[UUID, str]:
    return dict(
        PairingMember.objects.filter(pairing=pairing, side=Side.CASEWORKER).values_list(
            "person", "person__name"
        )
    )
