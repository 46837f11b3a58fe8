"""Handing over: written, sent, asked about, confirmed; or closed from the log.

::

    (nothing) ── write ──▶ preparing ── send ──▶ sent ── confirm ──▶ confirmed
                              ▲                   │
                              └──── take back ────┘
    (nothing), preparing, sent ── the mentor is gone: close from the log ──▶ from_log

Whatever settles one ends the mentor's membership that day, and closes the pairing if nobody is
left in it who has not handed over.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import telling
from core.canonical import content_hash
from core.periods import local_day
from mentoring.actions.pairings import close_pairing, end_member, holds_role
from mentoring.handover.dossier import Dossier, build
from mentoring.handover.people import may_receive
from mentoring.handover.wording import judge
from mentoring.models import (
    FollowUp,
    Handover,
    HandoverPart,
    HandoverText,
    Pairing,
    PairingMember,
    still_to_hand_over,
)
from people.models import Person

State = Handover.State
Kind = HandoverText.Kind
Side = PairingMember.Side
#: The name of the note about the team among those about caseworkers.
TEAM = "team"
#: The most questions to one handover: it is a conversation by then.
MOST_QUESTIONS = 20


class HandoverRefused(ValidationError):
    """Something about a handover was not accepted; nothing was saved.

    Codes: "closed" (the pairing is), "settled", "sent" (take it back first), "not_sent",
    "receiver" (cannot take it over), "changed" (somebody, or the log, was faster), "answered",
    "enough" (questions), "still_here", "nothing" (to settle), "empty".
    """

    code: str

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


# --- The mentor who leaves ------------------------------------------------------------------------


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
        pairing = _locked(member.pairing)
        if pairing.state == Pairing.State.CLOSED:
            raise HandoverRefused(_("The pairing is closed."), code="closed")
        handover = Handover.objects.select_for_update().filter(member=member).first()
        if handover is not None:
            _is_preparing(handover)
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

    A pairing whose every mentor is leaving is in handover from then on.

    Raises:
        HandoverRefused: With code "closed", "settled", or "receiver" if nobody is chosen, or
            somebody who can no longer take over.
    """
    pairing = _locked(handover.member.pairing)
    handover = _current(handover)
    if handover.state == State.SENT:
        return handover
    if pairing.state == Pairing.State.CLOSED:
        raise HandoverRefused(_("The pairing is closed."), code="closed")
    _is_preparing(handover)
    member = handover.member
    if handover.receiver is None or not may_receive(handover.receiver, member, on=local_day(at)):
        raise HandoverRefused(_("Choose somebody who can take over."), code="receiver")
    handover.state, handover.sent_at = State.SENT, at
    handover.save(update_fields=["state", "sent_at"])
    under_way = Handover.objects.sent().in_pairing(pairing).values("member")
    if (
        pairing.state == Pairing.State.ACTIVE
        and not still_to_hand_over(pairing).exclude(pk__in=under_way).exists()
    ):
        pairing.state = Pairing.State.HANDOVER
        pairing.save(update_fields=["state"])
    _tell(handover.receiver, "sent", handover)
    return handover


@transaction.atomic
def take_back(handover: Handover) -> Handover:
    """Write on: the receiver does not see it until it is sent again. Questions stay.

    Raises:
        HandoverRefused: With code "settled".
    """
    handover = _current(handover)
    if handover.is_settled:
        raise _settled()
    handover.state, handover.sent_at = State.PREPARING, None
    handover.save(update_fields=["state", "sent_at"])
    return handover


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
    text = _written(handover, text, at=at, looked_again=looked_again)
    with transaction.atomic():
        handover = _current(handover)
        _is_sent(handover)
        there = HandoverText.objects.filter(reply_to=question).first()
        if there is not None:
            if there.text == text:
                return there
            raise HandoverRefused(_("The question has been answered."), code="answered")
        reply = handover.texts.create(
            kind=Kind.ANSWER, author=by, reply_to=question, text=text, written_at=at
        )
        _tell(handover.receiver, "answered", handover)
    return reply


# --- The receiver ---------------------------------------------------------------------------------


def ask(
    handover: Handover,
    *,
    by: Person,
    key: UUID,
    text: str,
    at: datetime,
    looked_again: bool = False,
) -> HandoverText:
    """Ask the mentor back. Sent twice under one ``key``, it is asked once.

    Raises:
        LookAgain: With what could show who a citizen is.
        ValidationError: With the message of ``text``.
        HandoverRefused: With code "settled", "not_sent", "enough", "empty", or "changed" if
            ``key`` names something else.
    """
    text = _written(handover, text, at=at, looked_again=looked_again)
    with transaction.atomic():
        handover = _current(handover)
        there = HandoverText.objects.filter(pk=key).first()
        if there is not None:
            if there.handover == handover and there.kind == Kind.QUESTION and there.author == by:
                return there
            raise HandoverRefused(_("Load the page again and ask once more."), code="changed")
        _is_sent(handover)
        if handover.texts.filter(kind=Kind.QUESTION).count() >= MOST_QUESTIONS:
            raise HandoverRefused(_("There are many questions by now. Call instead."), "enough")
        question = handover.texts.create(
            pk=key, kind=Kind.QUESTION, author=by, text=text, written_at=at
        )
        _tell(handover.member.person, "asked", handover)
    return question


@transaction.atomic
def confirm(handover: Handover, *, by: Person, seen: str, at: datetime) -> Handover:
    """Take over what was read; the mentor's access ends, and the pairing closes with the last.

    Confirmed twice, it is confirmed once.

    Args:
        seen: The hash of the dossier that ``by`` has read.

    Raises:
        HandoverRefused: With code "changed" if it says something else by now, "not_sent" if it
            was taken back, "settled" if it was closed from the log.
    """
    pairing = _locked(handover.member.pairing)
    handover = _current(handover)
    if handover.state == State.CONFIRMED and handover.settled_by == by:
        return handover
    _is_sent(handover)
    dossier = build(handover)
    if dossier.sha256 != seen:
        raise HandoverRefused(
            _("Something has changed since you opened the page. Read it once more."),
            code="changed",
        )
    _settle(handover, dossier, State.CONFIRMED, by=by, at=at)
    _leave(handover.member, pairing, at=at)
    _tell(handover.member.person, "confirmed", handover, url="")
    return handover


# --- The coordinator ------------------------------------------------------------------------------


def gone(pairing: Pairing, *, at: datetime) -> list[PairingMember]:
    """The mentors who have not handed over and who cannot any more.

    Their membership has ended, or their role, or their account is closed.
    """
    return [one for one in _unsettled(pairing) if _is_gone(one, pairing, at=at)]


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
        pairing = _locked(pairing)
        left = _unsettled(pairing)
        members = [one for one in left if _is_gone(one, pairing, at=at)]
        if not members:
            if left:
                message = _("The mentor is still here. Ask for the handover instead.")
                raise HandoverRefused(message, code="still_here")
            raise HandoverRefused(_("Everybody has handed over."), code="nothing")
        settled = []
        for member in members:
            if receiver is not None and not may_receive(receiver, member, on=local_day(at)):
                raise HandoverRefused(_("Choose somebody who can take over."), code="receiver")
            handover, _new = Handover.objects.select_for_update().get_or_create(
                member=member, defaults={"begun_at": at}
            )
            handover.receiver = receiver or handover.receiver
            handover.texts.create(kind=Kind.REASON, author=by, text=clean, written_at=at)
            _settle(handover, build(handover), State.FROM_LOG, by=by, at=at)
            settled.append(handover)
        for member in members:
            _leave(member, pairing, at=at)
        for handover in settled:
            _tell(handover.receiver, "from_log", handover)
    return settled


@transaction.atomic
def name_receiver(handover: Handover, receiver: Person, *, at: datetime) -> Handover:
    """Let somebody else take over, where the receiver has left or never comes to it.

    Of one that is settled the new receiver reads what was kept; the open follow-ups that the old
    one owned, or nobody, are the new one's.

    Raises:
        HandoverRefused: With code "not_sent" while the mentor prepares it, "receiver" if
            ``receiver`` cannot take over.
    """
    _locked(handover.member.pairing)
    handover = _current(handover)
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
    _tell(receiver, "sent" if handover.state == State.SENT else "passed_on", handover)
    return handover


# --- What they share ------------------------------------------------------------------------------


def _locked(pairing: Pairing) -> Pairing:
    """The pairing as it stands, until the transaction ends: one settles at a time."""
    locked = Pairing.objects.select_for_update(of=("self",)).select_related("place")
    return locked.get(pk=pairing.pk)


def _current(handover: Handover) -> Handover:
    locked = Handover.objects.select_for_update(of=("self",)).select_related(
        "member__person", "member__pairing__place", "receiver", "settled_by"
    )
    return locked.get(pk=handover.pk)


def _unsettled(pairing: Pairing) -> list[PairingMember]:
    found = still_to_hand_over(pairing).select_related("person__user", "pairing__place")
    return list(found.order_by("starts_on", "person__name", "pk"))


def _is_gone(member: PairingMember, pairing: Pairing, *, at: datetime) -> bool:
    today = local_day(at)
    if member.ends_on is not None and member.ends_on <= today:
        return True
    if member.starts_on > today:
        return False
    user = member.person.user
    has_account = user is not None and user.is_active
    return not has_account or not holds_role(member.person, Side.MENTOR, pairing.place, today)


def _settle(
    handover: Handover, dossier: Dossier, state: State, *, by: Person, at: datetime
) -> None:
    """Keep what it shows; the database lets nothing be added afterwards."""
    HandoverPart.objects.bulk_create(
        HandoverPart(handover=handover, person_id=person, content=part)
        for person, part in dossier.parts.items()
    )
    HandoverText.objects.bulk_create(
        HandoverText(
            handover=handover,
            kind=words.kind,
            author_id=words.author,
            session_id=words.session,
            part=words.part,
            text=words.text,
            written_at=at,
        )
        for words in dossier.texts
        if words.kind in {Kind.SESSION, Kind.AGREEMENT}
    )
    handover.content, handover.sha256 = dossier.content, dossier.sha256
    handover.state, handover.settled_at, handover.settled_by = state, at, by
    handover.save()


def _leave(member: PairingMember, pairing: Pairing, *, at: datetime) -> None:
    """End the membership today, unless it ended before; close the pairing after the last."""
    today = local_day(at)
    if member.ends_on is None or member.ends_on > today:
        end_member(member, on=today)
    pairing.refresh_from_db()
    if pairing.state != Pairing.State.CLOSED and not still_to_hand_over(pairing).exists():
        close_pairing(pairing, at=at)


def _caseworkers(pairing: Pairing) -> dict[UUID, str]:
    return dict(
        PairingMember.objects.filter(pairing=pairing, side=Side.CASEWORKER).values_list(
            "person", "person__name"
        )
    )


def _written(handover: Handover, text: str, *, at: datetime, looked_again: bool) -> str:
    """A question or an answer as it is kept."""
    people = Person.objects.filter(
        Q(memberships__pairing=handover.member.pairing) | Q(pk=handover.receiver_id)
    )
    known = list(people.values_list("name", flat=True))
    clean = judge({"text": text}, known=known, at=at, looked_again=looked_again)["text"]
    if not clean:
        raise HandoverRefused(_("Write a text."), code="empty")
    return clean


def _is_preparing(handover: Handover) -> None:
    if handover.is_settled:
        raise _settled()
    if handover.state != State.PREPARING:
        raise HandoverRefused(_("It is sent. Take it back to write on."), code="sent")


def _is_sent(handover: Handover) -> None:
    if handover.is_settled:
        raise _settled()
    if handover.state != State.SENT:
        raise HandoverRefused(_("The mentor has taken it back to write on."), code="not_sent")


def _settled() -> HandoverRefused:
    return HandoverRefused(_("The handover is settled. It stays as it is."), code="settled")


def _tell(
    reader: Person | None, what: str, handover: Handover, *, url: str = "mentoring:handover"
) -> None:
    """Tell ``reader``, if there is one, with the town alone; who may not read it is led nowhere."""
    if reader is None:
        return
    telling.tell(
        reader,
        f"mentoring.handover_{what}",
        {"town": handover.member.pairing.place.name},
        url=url,
        url_args=[str(handover.pk)] if url else [],
    )
