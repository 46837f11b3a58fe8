"""How far sessions and pairings are: what lists, start pages and overviews show of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.periods import valid_on
from mentoring.models import (
    Amendment,
    ChangeRequest,
    Confirmation,
    Mode,
    Pairing,
    PairingMember,
    Session,
    SessionParticipant,
    SessionVersion,
)
from people.models import Person

Side = PairingMember.Side


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session in a list: facts and names, never its text."""

    session: Session
    mentors: tuple[Person, ...]
    caseworkers: tuple[Person, ...]
    confirmed: int
    is_asked_to_change: bool
    has_rivals: bool
    amendment: Amendment | None = None

    @property
    def to_confirm(self) -> UUID:
        """The version that waits: an amendment, or the current one."""
        return _waits(self.session, self.amendment)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who took part."""
        return (*self.mentors, *self.caseworkers)

    @property
    def mode(self) -> str:
        """How they worked, in words."""
        return str(Mode(self.session.mode).label)

    @property
    def state(self) -> str:
        """In words."""
        if self.session.erased_at is not None:
            return _("Text erased")
        if self.amendment is not None:
            asked, waits = _("A change is asked for"), _("An amendment waits")
            return asked if self.is_asked_to_change else waits
        if self.session.locked_at is not None:
            return _("Confirmed")
        if self.has_rivals:
            return _("Two versions: choose one")
        if self.is_asked_to_change:
            return _("A change is asked for")
        return ngettext(
            "Confirmed by %(confirmed)d of %(all)d",
            "Confirmed by %(confirmed)d of %(all)d",
            len(self.caseworkers),
        ) % {"confirmed": self.confirmed, "all": len(self.caseworkers)}

    @property
    def kind(self) -> str:
        """The kind of tag that shows the state."""
        if self.session.erased_at is not None:
            return "neutral"
        if self.amendment is not None:
            return "warm"
        if self.session.locked_at is not None:
            return "good"
        return "warm" if self.has_rivals or self.is_asked_to_change else "info"


def cards(sessions: Iterable[Session]) -> list[SessionCard]:
    """The sessions as they stand in a list, in the same order; four queries for any number.

    A fifth where some are locked.
    """
    sessions = list(sessions)
    people: dict[tuple[UUID, str], list[Person]] = defaultdict(list)
    for one in (
        SessionParticipant.objects.filter(session__in=sessions)
        .select_related("person")
        .order_by("person__name", "pk")
    ):
        people[one.session_id, one.side].append(one.person)
    currents = [session.current_id for session in sessions]
    confirmed: dict[UUID, int] = defaultdict(int)
    for version in Confirmation.objects.filter(version__in=currents).values_list(
        "version_id", flat=True
    ):
        confirmed[version] += 1
    rivals = set(
        SessionVersion.objects.unsettled()
        .filter(session__in=sessions)
        .values_list("session_id", flat=True)
    )
    locked = [session for session in sessions if session.locked_at is not None]
    amendments: dict[UUID, Amendment] = {}
    if locked:
        pending = Amendment.objects.pending().filter(session__in=locked)
        amendments = {one.session_id: one for one in pending}
    waiting = [amendment.version_id for amendment in amendments.values()]
    asked = set(
        ChangeRequest.objects.standing()
        .filter(version__in=[*currents, *waiting])
        .values_list("version_id", flat=True)
    )
    return [
        SessionCard(
            session=session,
            mentors=tuple(people[session.pk, Side.MENTOR]),
            caseworkers=tuple(people[session.pk, Side.CASEWORKER]),
            confirmed=confirmed[session.current_id],
            is_asked_to_change=_waits(session, amendments.get(session.pk)) in asked,
            has_rivals=session.pk in rivals,
            amendment=amendments.get(session.pk),
        )
        for session in sessions
    ]


def _waits(session: Session, amendment: Amendment | None) -> UUID:
    return amendment.version_id if amendment else session.current_id


def names(people: Sequence[Any]) -> str:
    """Names as one says them: "A, B og C"."""
    if len(people) < 2:
        return "".join(str(person) for person in people)
    return _("%(first)s and %(last)s") % {
        "first": ", ".join(str(person) for person in people[:-1]),
        "last": people[-1],
    }


def readers_of(pairing_id: UUID, *, me: Person, on: date) -> str:
    """Who can read what is written in this pairing, in words; always me, who writes it."""
    members = (
        PairingMember.objects.filter(valid_on(on), pairing=pairing_id)
        .exclude(person=me)
        .select_related("person")
        .order_by("-side", "person__name")
    )
    return names([_("you"), *(member.person.name for member in members)])


def current_members(pairings: Iterable[Pairing], *, on: date) -> dict[UUID, list[PairingMember]]:
    """The members on that day, by pairing and by name."""
    found: dict[UUID, list[PairingMember]] = defaultdict(list)
    for member in (
        PairingMember.objects.filter(valid_on(on), pairing__in=list(pairings))
        .select_related("person")
        .order_by("-side", "person__name", "pk")
    ):
        found[member.pairing_id].append(member)
    return found


def recent_members(
    pairings: Iterable[Pairing], *, on: date, within: timedelta
) -> dict[UUID, list[PairingMember]]:
    """The members on that day and those who have left within so long, by pairing and by name."""
    found: dict[UUID, list[PairingMember]] = defaultdict(list)
    for member in (
        PairingMember.objects.lasting(on=on - within)
        .filter(pairing__in=list(pairings), starts_on__lte=on)
        .select_related("person")
        .order_by("-side", "person__name", "pk")
    ):
        found[member.pairing_id].append(member)
    return found


def lasting(on: date, prefix: str = "") -> Q:
    """A filter for what holds on that day or a later one; ``prefix`` leads to its period.

    What was ended before it began holds on none.
    """
    ends = {f"{prefix}ends_on__gt": on}
    has_days = {f"{prefix}ends_on__gt": F(f"{prefix}starts_on")}
    return Q(**{f"{prefix}ends_on__isnull": True}) | Q(Q(**ends), Q(**has_days))
