"""Proposals: made, made again, made by hand, and accepted into pairings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
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
from mentoring.matching.solving import Solution
from mentoring.models import (
    Need,
    Pairing,
    PairingMember,
    Proposal,
    ProposedColleague,
    ProposedPair,
    Round,
    Stay,
)
from mentoring.proposals.brief import MOST_WEIGHT, WEIGHTS, Brief
from mentoring.proposals.numbers import tables
from mentoring.proposals.reading import read
from mentoring.proposals.weighing import Weighed, explain, weigh
from people.actions import PeopleRefused, give_role
from people.models import Person, Role
from people.permissions import Standing

Side = PairingMember.Side
#: Sent twice within so long, the same question is one proposal.
SAME_PRESS = timedelta(minutes=1)


class ProposalRefused(ValidationError):
    """A proposal was not made or not accepted; nothing was saved.

    Codes: "closed", "nothing", "locks", "weights", "blocked", "full", "accepted", "overtaken",
    "stale", "empty", "role", "pairing".
    """

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


@transaction.atomic
def make_proposal(
    planned: Round,
    *,
    weights: Mapping[str, int],
    by: Person | None,
    at: datetime,
    follows: Proposal | None = None,
) -> Proposal:
    """Find the best pairs for these weights and keep them with their reasons.

    Args:
        follows: The proposal from which as few people as possible move.

    Raises:
        ProposalRefused: With code "closed" for a round that is not open, "nothing" without a
            need or a stay, "weights" for one that is no number from 0 to 5, "locks" when locks
            and people who travel together cannot hold at once.
    """
    planned = _open(planned)
    if any(weights.get(term) not in range(MOST_WEIGHT + 1) for term in WEIGHTS):
        raise ProposalRefused(_("Choose a number from 0 to 5 for each weight."), code="weights")
    brief = read(planned)
    if not brief.needs or not brief.stays:
        raise ProposalRefused(
            _("A proposal takes at least one need and one mentor."), code="nothing"
        )
    same = Proposal.objects.filter(
        round=planned,
        is_by_hand=False,
        follows=follows,
        digest=brief.digest,
        made_at__gt=at - SAME_PRESS,
    ).order_by("-number")
    if (latest := same.first()) is not None and latest.weights == dict(weights):
        return latest
    before = dict[str, str]()
    beside_before = dict[str, str]()
    if follows is not None:
        before = {str(s): str(n) for s, n in follows.pairs.values_list("stay_id", "need_id")}
        known = {stay.key for stay in brief.stays}
        beside_before = {
            str(person): str(stay)
            for person, stay in follows.colleagues.filter(stay__isnull=False).values_list(
                "person_id", "stay_id"
            )
            if str(stay) in known
        }
    try:
        done = weigh(brief, weights, before=before, beside_before=beside_before)
    except ValueError:
        raise ProposalRefused(
            _(
                "The locks cannot all hold, because some of the mentors travel together. "
                "Lift one of them."
            ),
            code="locks",
        ) from None
    return _keep(planned, done, weights=weights, by=by, at=at, follows=follows)


@transaction.atomic
def propose_by_hand(
    planned: Round, place_of: Mapping[UUID, UUID], *, by: Person | None, at: datetime
) -> Proposal:
    """Keep the pairs that somebody chose, with the reasons they have.

    The caseworkers are shared out among the chosen mentors as ever.

    Args:
        place_of: Needs by stay, for those mentors who have a place.

    Raises:
        ProposalRefused: With code "closed" or "nothing" as above, "blocked" for a pair that a
            rule stops, "full" for more mentors than a place asks for.
    """
    planned = _open(planned)
    brief = read(planned)
    numbers = tables(brief, WEIGHTS)
    rows = {stay.key for stay in brief.stays}
    seats = {need.key: need.seats for need in brief.needs}
    chosen = {str(stay): str(need) for stay, need in place_of.items()}
    if not chosen:
        raise ProposalRefused(_("Choose a place for at least one mentor."), code="nothing")
    for stay, need in chosen.items():
        if stay not in rows or need not in seats:
            raise ProposalRefused(_("Somebody was taken out meanwhile."), code="blocked")
        if not numbers.allowed[numbers.row(stay), numbers.column(need)]:
            raise ProposalRefused(_("A rule stops one of the pairs."), code="blocked")
    for need in set(chosen.values()):
        if list(chosen.values()).count(need) > seats[need]:
            raise ProposalRefused(_("A place has more mentors than it asks for."), code="full")
    score = sum(
        int(numbers.score[numbers.row(stay), numbers.column(need)]) for stay, need in chosen.items()
    )
    solution = Solution(dict(sorted(chosen.items())), score, 0, is_proven=False)
    done = explain(numbers, solution)
    return _keep(planned, done, weights=WEIGHTS, by=by, at=at, is_by_hand=True)


def _open(planned: Round) -> Round:
    found = Round.objects.select_for_update().get(pk=planned.pk)
    if not found.is_open:
        raise ProposalRefused(_("The round is put off or closed."), code="closed")
    return found


def _keep(
    planned: Round,
    done: Weighed,
    *,
    weights: Mapping[str, int],
    by: Person | None,
    at: datetime,
    follows: Proposal | None = None,
    is_by_hand: bool = False,
) -> Proposal:
    last = planned.proposals.aggregate(last=Max("number"))["last"] or 0
    brief = done.tables.brief
    proposal = Proposal.objects.create(
        round=planned,
        number=last + 1,
        is_by_hand=is_by_hand,
        follows=follows,
        weights=dict(weights),
        digest=brief.digest,
        uncovered=[
            {
                "need": one.need,
                "seats": one.seats,
                "blocks": dict(one.blocks),
                "elsewhere": one.elsewhere,
            }
            for one in done.uncovered
        ],
        seats=sum(need.seats for need in brief.needs),
        covered=done.solution.covered,
        score=done.solution.score,
        moved=done.solution.moved,
        is_proven=done.solution.is_proven,
        made_by=by,
        made_at=at,
    )
    ProposedPair.objects.bulk_create(
        (
            ProposedPair(
                proposal=proposal,
                stay_id=UUID(one.stay),
                need_id=UUID(one.need),
                score=one.score,
                reasons=one.reasons,
            )
            for one in done.seated
        ),
        batch_size=500,
    )
    ProposedColleague.objects.bulk_create(
        (
            ProposedColleague(
                proposal=proposal,
                person_id=UUID(one.person),
                need_id=UUID(one.need),
                stay_id=UUID(one.stay) if one.stay else None,
                score=one.score,
                reasons=one.reasons,
            )
            for one in done.beside
        ),
        batch_size=500,
    )
    return proposal


# --- What was kept, and what holds now ------------------------------------------------------------


def is_stale(proposal: Proposal, brief: Brief) -> bool:
    """Whether needs, stays or rules have changed since the proposal was made."""
    return proposal.digest != brief.digest


def kept_solution(proposal: Proposal) -> Solution:
    """The pairs of a proposal as the solver gave them."""
    pairs = proposal.pairs.values_list("stay_id", "need_id")
    return Solution(
        place_of={str(stay): str(need) for stay, need in sorted(pairs)},
        score=proposal.score,
        moved=proposal.moved,
        is_proven=proposal.is_proven,
    )


# --- Accepting ------------------------------------------------------------------------------------


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
    planned = _open(proposal.round)
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
