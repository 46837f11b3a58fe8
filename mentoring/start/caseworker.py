"""What a caseworker sees first: what waits for a confirmation, and who the mentors are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.start_page import Section
from mentoring.models import Pairing, PairingMember, ProposedColleague, SessionParticipant
from mentoring.permissions import confirmable_sessions, own_pairings
from mentoring.progress import cards, current_members
from people.models import Person, Role
from people.permissions import Standing

Side = PairingMember.Side
SHOWN = 5


def to_confirm(_request: HttpRequest, standing: Standing) -> Section | None:
    """What waits for a caseworker's confirmation."""
    if not standing.has(Role.Key.CASEWORKER, Role.Key.TRAVELLING):
        return None
    waiting = confirmable_sessions(standing).select_related("place").order_by("held_on", "pk")
    shown = list(waiting[: SHOWN + 1])
    if not shown:
        return None
    return Section(
        _("To confirm"),
        "mentoring/start/to_confirm.html",
        {"waiting": cards(shown[:SHOWN]), "has_more": len(shown) > SHOWN},
        order=5,
    )


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor as the caseworker sees them: where, until when, and when they last worked together.

    ``last_day`` is the mentor's last in the pairing; none while it is open. ``is_beside``: the
    proposal that the round follows puts the two side by side.
    """

    person: Person
    pairing: Pairing
    last_day: date | None
    last_on: date | None
    is_beside: bool


def my_mentors(_request: HttpRequest, standing: Standing) -> Section | None:
    """Who I work side by side with, and the way to what I have learnt; four queries."""
    if not standing.has(Role.Key.CASEWORKER, Role.Key.TRAVELLING):
        return None
    pairings = list(
        own_pairings(standing, Side.CASEWORKER).select_related("place").order_by("-starts_on", "pk")
    )
    if not pairings:
        return None
    members = current_members(pairings, on=standing.day)
    last = _last_together(standing.person, pairings)
    beside = set(
        ProposedColleague.objects.accepted_for(pairings)
        .filter(person=standing.person)
        .values_list("stay__person", "need__pairing")
    )
    return Section(
        _("My mentors"),
        "mentoring/start/my_mentors.html",
        {
            "mentors": [
                Mentor(
                    member.person,
                    pairing,
                    member.last_day,
                    last.get(member.person_id),
                    (member.person_id, pairing.pk) in beside,
                )
                for pairing in pairings
                for member in members[pairing.pk]
                if member.side == Side.MENTOR and member.person != standing.person
            ]
        },
        order=34,
    )


def _last_together(person: Person | None, pairings: Sequence[Pairing]) -> dict[UUID, date]:
    """For each mentor the day of the last session with ``person``; one query."""
    mine = SessionParticipant.objects.filter(
        person=person, side=Side.CASEWORKER, session__pairing__in=pairings
    )
    beside = SessionParticipant.objects.filter(side=Side.MENTOR, session__in=mine.values("session"))
    return dict(beside.order_by().values_list("person").annotate(last=Max("session__held_on")))
