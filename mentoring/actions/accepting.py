"""A proposal becomes pairings: they are made, or those of an earlier one follow it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import access_log
from core.periods import local_day
from core.telling import tell
from mentoring.actions.pairings import (
    PairingRefused,
    add_member,
    create_pairing,
    end_member,
    holds_role,
)
from mentoring.actions.proposals import ProposalRefused, is_stale, open_round
from mentoring.models import Need, Pairing, PairingMember, Proposal, ProposedPair, Round, Stay
from mentoring.proposals.reading import read
from people.actions import PeopleRefused, give_role
from people.models import Person, Role
from people.permissions import Standing

Side = PairingMember.Side


@dataclass(frozen=True, slots=True)
class Accepted:
    """The pairings that came of it, and the needs without one: no colleague is known there."""

    pairings: Sequence[Pairing]
    without_colleague: Sequence[Need]


def accepted_last(planned: Round) -> Proposal | None:
    """The proposal that the pairings of the round follow."""
    accepted = planned.proposals.filter(accepted_at__isnull=False)
    return accepted.order_by("-accepted_at", "-number").first()


@transaction.atomic
def accept_proposal(
    proposal: Proposal, *, by: Standing, at: datetime, after: str | None = None
) -> Accepted:
    """Make the pairings of a proposal and tell everybody in them.

    A mentor who holds no role in the town gets it for the stay. Where an earlier proposal of the
    round was accepted, its pairings follow this one: who moved leaves, who came joins.

    The round is locked meanwhile, so of two who accept at once the second is judged by what the
    first one made; a proposal that is made again at the same time waits, and stands beside it.

    Args:
        after: The id of the proposal that was accepted last when ``by`` looked, "" for none: where
            somebody has accepted another one since, nobody is moved again without being seen.

    Raises:
        ProposalRefused: With code "closed" for a round that is not open, "accepted" or "stale"
            for a proposal that is, "overtaken" when another was accepted meanwhile, "empty"
            without a pair, "role" when a mentor's role in the town cannot be given, "pairing"
            when a pairing cannot be made.
    """
    planned = open_round(proposal.round)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.accepted_at is not None:
        raise ProposalRefused(_("This proposal is already accepted."), code="accepted")
    last = accepted_last(planned)
    if after is not None and after != (str(last.pk) if last else ""):
        raise ProposalRefused(
            _(
                "Somebody else has accepted another proposal meanwhile. Look at it first; "
                "if you send this once more, the pairings follow yours."
            ),
            code="overtaken",
        )
    if is_stale(proposal, read(planned)):
        raise ProposalRefused(
            _("Needs or mentors have changed since. Make the proposal again."), code="stale"
        )
    pairs = list(
        proposal.pairs.select_related("stay__person", "need__place", "need__pairing")
        .prefetch_related("stay__windows")
        .order_by("need__starts_on", "need_id", "stay__person__name")
    )
    if not pairs:
        raise ProposalRefused(_("Nobody has a place in this proposal."), code="empty")
    beside = defaultdict(list)
    for one in (
        proposal.colleagues.filter(stay__isnull=False)
        .select_related("person")
        .order_by("person__name", "pk")
    ):
        beside[one.need_id].append(one.person)
    mentors: dict[Need, list[ProposedPair]] = defaultdict(list)
    for pair in pairs:
        mentors[pair.need].append(pair)
    made, left = [], []
    tags = list(planned.tags.values_list("number", flat=True))
    try:
        for need, chosen in mentors.items():
            if not beside[need.pk]:
                left.append(need)
                continue
            made.append(_pairing_of(need, chosen, beside[need.pk], tags, by=by, at=at))
        for need in planned.needs.filter(pairing__isnull=False).exclude(
            pk__in=[need.pk for need in mentors]
        ):
            _leave(need, at=at)
    except PairingRefused as refusal:
        raise ProposalRefused(refusal.messages[0], code="pairing") from refusal
    proposal.accepted_at, proposal.accepted_by = at, by.person
    proposal.save(update_fields=["accepted_at", "accepted_by"])
    actor = by.person.user if by.person is not None else None
    access_log.record(actor, "accept", [proposal, *made], at=at)
    return Accepted(made, left)


def _pairing_of(
    need: Need,
    chosen: Sequence[ProposedPair],
    colleagues: Sequence[Person],
    tags: Sequence[int],
    *,
    by: Standing,
    at: datetime,
) -> Pairing:
    """The pairing of a need as the proposal wants it, made or brought up to date."""
    periods = {}
    for pair in chosen:
        starts, ends = _days_there(pair.stay, need)
        periods[pair.stay.person_id] = (starts, ends)
        _let_be_mentor(pair.stay.person, need, starts, ends, by=by, at=at)
    mentors = [pair.stay.person for pair in chosen]
    pairing = need.pairing
    is_new = pairing is None or pairing.state == Pairing.State.CLOSED
    if pairing is None or pairing.state == Pairing.State.CLOSED:
        pairing = need.pairing = create_pairing(
            need.place,
            kind=need.kind,
            starts_on=need.starts_on,
            ends_on=need.ends_on,
            mentors=mentors,
            caseworkers=colleagues,
            by=by.person,
            at=at,
            recommendations=tags,
            periods=periods,
        )
        need.save(update_fields=["pairing"])
        new = [*mentors, *colleagues]
    else:
        new = _follow(need, pairing, mentors, colleagues, periods, at=at)
    _tell(need, new, is_new=is_new)
    return pairing


def _follow(
    need: Need,
    pairing: Pairing,
    mentors: Sequence[Person],
    colleagues: Sequence[Person],
    periods: Mapping[UUID, tuple[date, date]],
    *,
    at: datetime,
) -> list[Person]:
    """Let members leave and join a pairing that was made before; who is new in it."""
    today = local_day(at)
    lasting = pairing.members.filter(Q(ends_on=None) | Q(ends_on__gt=today))
    members = {(one.person_id, one.side): one for one in lasting.select_related("person")}
    wanted = {(one.pk, str(Side.MENTOR)): one for one in mentors}
    wanted |= {(one.pk, str(Side.CASEWORKER)): one for one in colleagues}
    for key, member in members.items():
        # A caseworker keeps what is about their own learning.
        if key not in wanted and key[1] == Side.MENTOR:
            end_member(member, on=today)
    new = []
    for (person_id, side), person in wanted.items():
        if (person_id, side) in members:
            continue
        starts, ends = periods.get(person_id, (need.starts_on, None))
        is_mentor = side == Side.MENTOR
        add_member(
            pairing,
            person,
            side,
            starts_on=max(starts, today),
            ends_on=ends if is_mentor else None,
        )
        new.append(person)
    return new


def _leave(need: Need, *, at: datetime) -> None:
    """No mentor goes to the need any more: those of its pairing leave, and the coordinator sees."""
    if need.pairing is None or need.pairing.state == Pairing.State.CLOSED:
        return
    today = local_day(at)
    lasting = Q(ends_on=None) | Q(ends_on__gt=today)
    for member in need.pairing.members.filter(lasting, side=Side.MENTOR):
        end_member(member, on=today)


def _days_there(stay: Stay, need: Need) -> tuple[date, date]:
    """The days a mentor is there: those of the best window within the need.

    Who is locked to a need without a day in it is there for all of it.
    """
    starts_on, ends_on = need.starts_on, need.known_end
    found = [
        (max(window.starts_on, starts_on), min(window.ends_on, ends_on))
        for window in stay.windows.all()
        if window.kind == need.kind and window.ends_on is not None
    ]
    found = [(starts, ends) for starts, ends in found if starts < ends]
    if not found:
        return starts_on, ends_on
    return max(found, key=lambda days: days[1] - days[0])


def _let_be_mentor(
    person: Person, need: Need, starts: date, ends: date, *, by: Standing, at: datetime
) -> None:
    """Give the role for the stay to who has none in the town."""
    if holds_role(person, Side.MENTOR, need.place, starts):
        return
    role = Role(
        key=Role.Key.MENTOR,
        scope=Role.Scope.TOWN,
        place=need.place,
        starts_on=starts,
        ends_on=ends,
    )
    try:
        give_role(person, role, by=by, at=at)
    except (PeopleRefused, PermissionDenied):
        raise ProposalRefused(
            _(
                "%(name)s cannot be given the role of mentor in %(town)s for these days. "
                "Look at the roles under People."
            )
            % {"name": person, "town": need.place},
            code="role",
        ) from None


def _tell(need: Need, new: Sequence[Person], *, is_new: bool) -> None:
    """Tell each new member; of a new pairing the local owner, too. No name is said of anybody."""
    facts = {"town": need.place.name, "begins_on": need.starts_on.isoformat()}
    for person in new:
        tell(person, "mentoring.paired", facts, url="start")
    if is_new and need.owner is not None and need.owner not in new:
        tell(need.owner, "mentoring.place_paired", facts, url="mentoring:ready")
