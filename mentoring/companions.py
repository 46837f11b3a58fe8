"""Who works side by side today, for whatever two people may do together elsewhere."""

from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from core.periods import valid_on
from mentoring.models import PairingMember, SessionParticipant
from mentoring.permissions import own_memberships, readable_sessions
from people.companions import Companion, Meeting
from people.models import Person
from people.permissions import Standing

Side = PairingMember.Side
MEETINGS_SHOWN = 10


def side_by_side(standing: Standing) -> list[Companion]:
    """Those on the other side of the own pairings, with where I log a session. Two queries."""
    own = {member.pairing_id: member.side for member in own_memberships(standing)}
    if not own:
        return []
    others = PairingMember.objects.filter(valid_on(standing.day), pairing__in=own)
    return [
        Companion(
            person=member.person,
            log_url=_log_url(member) if own[member.pairing_id] == Side.MENTOR else "",
        )
        for member in others.select_related("person").order_by("-starts_on", "pk")
        if member.side != own[member.pairing_id]
    ]


def met(standing: Standing, other: Person, kept: UUID | None) -> list[Meeting]:
    """The latest sessions in which the person and ``other`` took part, and the one ``kept``.

    One query. A session whose text was erased is offered no more.
    """
    own = readable_sessions(standing).filter(participants__person=standing.person)
    both = own.filter(pk__in=SessionParticipant.objects.filter(person=other).values("session"))
    latest = both.filter(erased_at__isnull=True).order_by("-held_on", "-received_at", "pk")
    wanted = Q(pk__in=latest.values("pk")[:MEETINGS_SHOWN]) | Q(pk=kept)
    return [
        Meeting(
            key=session.pk,
            held_on=session.held_on,
            place=str(session.place),
            url=reverse("mentoring:session", args=[session.pk]),
        )
        for session in both.filter(wanted).select_related("place")
    ]


def _log_url(member: PairingMember) -> str:
    return f"{reverse('mentoring:log')}?{urlencode({'forloeb': member.pairing_id})}"
