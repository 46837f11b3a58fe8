"""How far handovers are: for the mentors who leave, and for whoever looks after the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from mentoring.models import Handover, HandoverText, Pairing, PairingMember, still_to_hand_over
from mentoring.permissions import own_memberships
from people.permissions import Standing

Kind = HandoverText.Kind
Side = PairingMember.Side


@dataclass(frozen=True, slots=True)
class Leaving:
    """A pairing that the mentor will leave, and how far the handover is."""

    pairing: Pairing
    handover: Handover | None
    last_day: date | None
    days: int | None
    unanswered: int


def leaving(standing: Standing) -> list[Leaving]:
    """The pairings that a mentor hands over one day, the soonest first; one query."""
    open_questions = Count(
        "handover__texts",
        filter=Q(handover__texts__kind=Kind.QUESTION, handover__texts__replies__isnull=True),
    )
    own: Any = (
        own_memberships(standing)
        .filter(side=Side.MENTOR)
        .exclude(pairing__state=Pairing.State.CLOSED)
        .select_related("pairing__place", "handover__receiver")
        .annotate(unanswered=open_questions)
    )
    found = [
        Leaving(
            pairing=member.pairing,
            handover=getattr(member, "handover", None),
            last_day=member.last_day,
            days=None if member.ends_on is None else (member.ends_on - standing.day).days,
            unanswered=member.unanswered,
        )
        for member in own
    ]
    return sorted(found, key=lambda one: (one.last_day or date.max, str(one.pairing.pk)))


@dataclass(frozen=True, slots=True)
class Step:
    """How far one mentor of a pairing is, as its coordinator sees it."""

    member: PairingMember
    handover: Handover | None
    reason: str | None
    is_due: bool
    is_gone: bool

    @property
    def is_gap(self) -> bool:
        """Whether the mentor left without handing over."""
        return self.is_gone or (
            self.handover is not None and self.handover.state == Handover.State.FROM_LOG
        )


def steps_of(pairing: Pairing, gone: Iterable[PairingMember]) -> list[Step]:
    """Every mentor of the pairing who has to hand over or has done so; three queries."""
    missing = {member.pk for member in gone}
    due = set(still_to_hand_over(pairing).values_list("pk", flat=True))
    members = list(
        PairingMember.objects.filter(pairing=pairing, side=Side.MENTOR)
        .select_related("person", "handover__receiver")
        .order_by("starts_on", "person__name", "pk")
    )
    reasons: dict[UUID, str | None] = dict(
        HandoverText.objects.filter(
            handover__member__pairing=pairing, kind=Kind.REASON
        ).values_list("handover", "text")
    )
    steps = []
    for member in members:
        handover: Handover | None = getattr(member, "handover", None)
        if member.pk in due or handover is not None:
            reason = reasons.get(handover.pk) if handover is not None else None
            is_due = member.pk in due
            steps.append(Step(member, handover, reason, is_due, member.pk in missing))
    return steps
