"""What all changes of a handover share: how it is locked, settled, refused and told of."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import telling
from core.periods import local_day
from mentoring.actions.agreeing import pass_on
from mentoring.actions.pairings import close_pairing, end_member
from mentoring.handover.dossier import Dossier
from mentoring.handover.wording import judge
from mentoring.models import (
    Handover,
    HandoverPart,
    HandoverText,
    Pairing,
    PairingMember,
    Session,
    still_to_hand_over,
)
from people.models import Person

State = Handover.State


Kind = HandoverText.Kind


Side = PairingMember.Side


class HandoverRefused(ValidationError):
    """Something about a handover was not accepted; nothing was saved.

    Codes: "closed" (the pairing is), "settled", "sent" (take it back first), "not_sent",
    "receiver" (cannot take it over), "changed" (somebody, or the log, was faster), "answered",
    "enough" (questions), "left", "still_here", "nothing" (to settle), "empty".
    """

    code: str

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


def locked(pairing: Pairing) -> Pairing:
    """The pairing as it stands, until the transaction ends: one settles at a time."""
    locked = Pairing.objects.select_for_update(of=("self",), no_key=True).select_related("place")
    return locked.get(pk=pairing.pk)


def current(handover: Handover) -> Handover:
    locked = Handover.objects.select_for_update(of=("self",), no_key=True).select_related(
        "member__person", "member__pairing__place", "receiver", "settled_by"
    )
    return locked.get(pk=handover.pk)


def settle(handover: Handover, dossier: Dossier, state: State, *, by: Person, at: datetime) -> None:
    """Keep what it shows; the database lets nothing be added afterwards.

    A session that is erased meanwhile keeps no text here either. What the mentor had promised and
    not done is the receiver's from now on.
    """
    HandoverPart.objects.bulk_create(
        HandoverPart(handover=handover, person_id=person, content=part)
        for person, part in dossier.parts.items()
    )
    # Whoever erases one of them from now on waits, and then finds its text here.
    quoted = Session.objects.filter(pk__in={words.session for words in dossier.texts})
    held = quoted.order_by("pk").select_for_update(no_key=True)
    erased = {session for session, at in held.values_list("pk", "erased_at") if at is not None}
    HandoverText.objects.bulk_create(
        HandoverText(
            handover=handover,
            kind=words.kind,
            author_id=words.author,
            session_id=words.session,
            part=words.part,
            text=None if words.session in erased else words.text,
            written_at=at,
        )
        for words in dossier.texts
        if words.kind in {Kind.SESSION, Kind.AGREEMENT}
    )
    handover.content, handover.sha256 = dossier.content, dossier.sha256
    handover.state, handover.settled_at, handover.settled_by = state, at, by
    handover.save()
    if handover.receiver is not None:
        member = handover.member
        pass_on(member.pairing, member.person, handover.receiver)


def leave(member: PairingMember, pairing: Pairing, *, at: datetime) -> None:
    """End the membership today, unless it ended before; close the pairing after the last."""
    today = local_day(at)
    if member.ends_on is None or member.ends_on > today:
        end_member(member, on=today)
    pairing.refresh_from_db()
    if pairing.state != Pairing.State.CLOSED and not still_to_hand_over(pairing).exists():
        close_pairing(pairing, at=at)


def written(handover: Handover, text: str, *, at: datetime, looked_again: bool) -> str:
    """A question or an answer as it is kept."""
    people = Person.objects.filter(
        Q(memberships__pairing=handover.member.pairing) | Q(pk=handover.receiver_id)
    )
    known = list(people.values_list("name", flat=True))
    clean = judge({"text": text}, known=known, at=at, looked_again=looked_again)["text"]
    if not clean:
        raise HandoverRefused(_("Write a text."), code="empty")
    return clean


def must_be_preparing(handover: Handover) -> None:
    if handover.is_settled:
        raise is_settled_already()
    if handover.state != State.PREPARING:
        raise HandoverRefused(_("It is sent. Take it back to write on."), code="sent")


def must_be_sent(handover: Handover) -> None:
    if handover.is_settled:
        raise is_settled_already()
    if handover.state != State.SENT:
        raise HandoverRefused(_("The mentor has taken it back to write on."), code="not_sent")


def is_settled_already() -> HandoverRefused:
    return HandoverRefused(_("The handover is settled. It stays as it is."), code="settled")


def tell(
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
