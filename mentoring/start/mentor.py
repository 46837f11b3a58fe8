"""What a mentor sees first: what to log, what to look at again, how the colleagues do."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.start_page import Section
from mentoring.models import (
    Amendment,
    ChangeRequest,
    Mode,
    Pairing,
    PairingMember,
    ProposedColleague,
    Session,
    SessionParticipant,
    SessionVersion,
)
from mentoring.permissions import (
    amendable_sessions,
    editable_sessions,
    own_memberships,
    own_pairings,
)
from mentoring.progress import cards, current_members
from people.models import Person, Role
from people.permissions import Standing

Side = PairingMember.Side
SHOWN = 5
TREND = 8
HEIGHTS = {Mode.IN_FRONT: 1, Mode.BESIDE: 2, Mode.BEHIND: 3}


def log_now(_request: HttpRequest, standing: Standing) -> Section | None:
    """A mentor's most likely next step."""
    if not standing.has(Role.Key.MENTOR, Role.Key.TRAVELLING):
        return None
    pairings = list(
        own_pairings(standing, Side.MENTOR).select_related("place").order_by("-starts_on", "pk")
    )
    if not pairings:
        return None
    ends = {
        member.pairing_id: member.ends_on
        for member in own_memberships(standing).filter(side=Side.MENTOR)
    }
    return Section(
        _("Log a session"),
        "mentoring/start/log_now.html",
        {
            "pairings": [
                (pairing, _days_left(ends.get(pairing.pk), standing.day)) for pairing in pairings
            ]
        },
        order=2,
        is_next_step=True,
    )


def _days_left(ends_on: date | None, day: date) -> int | None:
    return None if ends_on is None else (ends_on - day).days


def needs_mentor(_request: HttpRequest, standing: Standing) -> Section | None:
    """Sessions that a mentor should look at: a change is asked for, or two versions stand.

    Of what is locked, the amendment that waits is what a change is asked of.
    """
    if not standing.has(Role.Key.MENTOR, Role.Key.TRAVELLING):
        return None
    asked = ChangeRequest.objects.standing().filter(version=OuterRef("current"))
    rivals = SessionVersion.objects.unsettled().filter(session=OuterRef("pk"))
    open_ones = editable_sessions(standing).filter(Exists(asked) | Exists(rivals))
    amendments = Amendment.objects.pending().filter(
        Exists(ChangeRequest.objects.standing().filter(version=OuterRef("version"))),
        session=OuterRef("pk"),
    )
    amended = amendable_sessions(standing).filter(Exists(amendments))
    found = (
        Session.objects.filter(Q(pk__in=open_ones.values("pk")) | Q(pk__in=amended.values("pk")))
        .select_related("place")
        .order_by("held_on", "pk")[:SHOWN]
    )
    if not (shown := cards(found)):
        return None
    return Section(
        _("Look at these sessions"), "mentoring/start/needs_mentor.html", {"cards": shown}, order=4
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """A caseworker as the mentor sees them: the way from in front to behind, what was agreed.

    ``is_beside``: the proposal that their round follows puts the two side by side.
    """

    person: Person
    heights: list[int]
    mode: str
    last_on: date
    waiting: int
    agreed: str
    is_beside: bool

    @property
    def finding(self) -> str:
        """What the small picture says, in words."""
        first, last = self.heights[0], self.heights[-1]
        if last > first:
            return _("From in front towards behind")
        return _("Back towards in front") if last < first else _("The same way as before")


def my_colleagues(_request: HttpRequest, standing: Standing) -> Section | None:
    """A mentor's caseworkers: the last sessions as a small picture, what is agreed and waits."""
    if not standing.has(Role.Key.MENTOR, Role.Key.TRAVELLING):
        return None
    pairings = list(own_pairings(standing, Side.MENTOR))
    members = [
        member
        for found in current_members(pairings, on=standing.day).values()
        for member in found
        if member.side == Side.CASEWORKER
    ]
    if not members:
        return None
    beside = set(
        ProposedColleague.objects.accepted_for(pairings)
        .filter(stay__person=standing.person)
        .values_list("person", flat=True)
    )
    people = sorted((member.person for member in members), key=lambda one: one.pk not in beside)
    last: dict[UUID, list[tuple[date, str, str]]] = defaultdict(list)
    for person_id, held_on, mode, next_step in _last_sessions(people, pairings):
        last[person_id].append((held_on, mode, next_step))
    waiting = dict(
        SessionParticipant.objects.unconfirmed()
        .filter(person__in=people, session__pairing__in=pairings)
        .values_list("person")
        .annotate(count=Count("pk"))
    )
    return Section(
        _("My colleagues"),
        "mentoring/start/my_colleagues.html",
        {
            "colleagues": [
                Colleague(
                    person,
                    [HEIGHTS[Mode(mode)] for _day, mode, _agreed in last[person.pk]],
                    str(Mode(last[person.pk][-1][1]).label),
                    last[person.pk][-1][0],
                    waiting.get(person.pk, 0),
                    last[person.pk][-1][2] or "",
                    person.pk in beside,
                )
                for person in people
                if last[person.pk]
            ],
            "newcomers": [
                (person, person.pk in beside) for person in people if not last[person.pk]
            ],
        },
        order=35,
    )


def _last_sessions(
    people: Iterable[Person], pairings: Iterable[Pairing]
) -> Iterable[tuple[UUID, date, str, str]]:
    """The last few sessions of each person, the oldest first: person, day, mode, next step."""
    ranked = (
        SessionParticipant.objects.filter(
            person__in=list(people), side=Side.CASEWORKER, session__pairing__in=list(pairings)
        )
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by="person",
                order_by=[F("session__held_on").desc(), F("session__received_at").desc()],
            )
        )
        .filter(rank__lte=TREND)
    )
    return ranked.order_by("session__held_on", "session__received_at").values_list(
        "person_id",
        "session__held_on",
        "session__mode",
        "session__current__content__next_step",
    )
