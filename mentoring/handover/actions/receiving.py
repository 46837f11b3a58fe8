"""Whoever takes over: asks, and confirms."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.periods import local_day
from mentoring.handover.actions.common import (
    HandoverRefused,
    Kind,
    State,
    current,
    leave,
    locked,
    must_be_sent,
    settle,
    tell,
    written,
)
from mentoring.handover.dossier import build
from mentoring.models import Handover, HandoverText
from people.models import Person

#: The most questions to one handover: it is a conversation by then.
MOST_QUESTIONS = 20


def can_answer(handover: Handover, *, on: date) -> bool:
    """Whether the mentor is still there to answer what is asked back."""
    return handover.member.is_valid_on(on)


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
        HandoverRefused: With code "settled", "not_sent", "left", "enough", "empty", or "changed"
            if ``key`` names something else.
    """
    text = written(handover, text, at=at, looked_again=looked_again)
    with transaction.atomic():
        handover = current(handover)
        there = HandoverText.objects.filter(pk=key).first()
        if there is not None:
            if there.handover == handover and there.kind == Kind.QUESTION and there.author == by:
                return there
            raise HandoverRefused(_("Load the page again and ask once more."), code="changed")
        must_be_sent(handover)
        if not can_answer(handover, on=local_day(at)):
            raise HandoverRefused(_("The mentor has left and cannot answer any more."), "left")
        if handover.texts.filter(kind=Kind.QUESTION).count() >= MOST_QUESTIONS:
            raise HandoverRefused(_("There are many questions by now. Call instead."), "enough")
        question = handover.texts.create(
            pk=key, kind=Kind.QUESTION, author=by, text=text, written_at=at
        )
        tell(handover.member.person, "asked", handover)
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
    pairing = locked(handover.member.pairing)
    handover = current(handover)
    if handover.state == State.CONFIRMED and handover.settled_by == by:
        return handover
    must_be_sent(handover)
    dossier = build(handover)
    if dossier.sha256 != seen:
        raise HandoverRefused(
            _("Something has changed since you opened the page. Read it once more."),
            code="changed",
        )
    settle(handover, dossier, State.CONFIRMED, by=by, at=at)
    leave(handover.member, pairing, at=at)
    tell(handover.member.person, "confirmed", handover, url="")
    return handover
