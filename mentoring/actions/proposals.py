"""Proposals: made, made again, and made by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.periods import local_day
from mentoring.matching.solving import Solution
from mentoring.models import (
    Need,
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
from mentoring.proposals.words import joined
from people.models import Person

Side = PairingMember.Side
#: Sent twice within so long, the same question is one proposal.
SAME_PRESS = timedelta(minutes=1)


class ProposalRefused(ValidationError):
    """A proposal was not made or not accepted; nothing was saved.

    Codes: "closed", "nothing", "locks", "weights", "blocked", "full", "accepted", "overtaken",
    "together", "stale", "empty", "role", "pairing", "handover". ``stay`` names whom it is about,
    if it is somebody.
    """

    def __init__(self, message: Any, code: str, *, stay: str = "") -> None:
        super().__init__(message, code=code)
        self.code = code
        self.stay = stay


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
    planned = open_round(planned)
    if any(weights.get(term) not in range(MOST_WEIGHT + 1) for term in WEIGHTS):
        raise ProposalRefused(_("Choose a number from 0 to 5 for each weight."), code="weights")
    brief = read(planned, on=local_day(at))
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
    latest = same.first()
    if latest is not None and latest.weights == dict(weights) and not is_stale(latest, brief):
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
            rule stops, "locks" for somebody who is locked to another place than theirs, "together"
            for people who travel together and do not go to one place, "full" for more mentors
            than a place asks for.
    """
    planned = open_round(planned)
    brief = read(planned, on=local_day(at))
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
    _refuse_what_tears(brief, chosen)
    for need in set(chosen.values()):
        if list(chosen.values()).count(need) > seats[need]:
            raise ProposalRefused(_("A place has more mentors than it asks for."), code="full")
    score = sum(
        int(numbers.score[numbers.row(stay), numbers.column(need)]) for stay, need in chosen.items()
    )
    solution = Solution(dict(sorted(chosen.items())), score, 0, is_proven=False)
    done = explain(numbers, solution)
    return _keep(planned, done, weights=WEIGHTS, by=by, at=at, is_by_hand=True)


def _refuse_what_tears(brief: Brief, chosen: Mapping[str, str]) -> None:
    """Refuse pairs that pass over a lock or part those who travel together, and name them."""
    for stay in sorted(brief.passed_over(chosen)):
        raise ProposalRefused(
            _("%(name)s is locked to %(place)s. Choose that place, or lift the lock first.")
            % {"name": _names([stay])[0], "place": _need(brief.locked[stay])},
            code="locks",
            stay=stay,
        )
    for group in brief.parted(chosen):
        members = sorted(group)
        facts = {"names": joined(_names(members))}
        said = _("%(names)s travel together. Choose the same place for all of them, or none.")
        if locked := [brief.locked[stay] for stay in members if stay in brief.locked]:
            facts["place"] = str(_need(locked[0]))
            said = _(
                "%(names)s travel together, and one of them is locked to %(place)s. "
                "Choose that place for all of them, or lift the lock first."
            )
        raise ProposalRefused(said % facts, code="together", stay=members[0])


def _names(stays: Sequence[str]) -> list[str]:
    people = Stay.objects.filter(pk__in=stays).order_by("person__name", "pk")
    return list(people.values_list("person__name", flat=True))


def _need(key: str) -> Need:
    return Need.objects.select_related("place").get(pk=key)


def open_round(planned: Round) -> Round:
    """The round, locked until the transaction ends.

    Raises:
        ProposalRefused: With code "closed" for one that is put off or closed.
    """
    found = Round.objects.select_for_update(no_key=True).get(pk=planned.pk)
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
                "free": one.free,
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
    """Whether needs, stays or rules have changed since the proposal was made, or somebody has left
    the place where it sends them.
    """
    if proposal.digest != brief.digest:
        return True
    pairs = proposal.pairs.values_list("stay_id", "need_id") if brief.left else ()
    return any((str(stay), str(need)) in brief.left for stay, need in pairs)


def kept_solution(proposal: Proposal) -> Solution:
    """The pairs of a proposal as the solver gave them."""
    pairs = proposal.pairs.values_list("stay_id", "need_id")
    return Solution(
        place_of={str(stay): str(need) for stay, need in sorted(pairs)},
        score=proposal.score,
        moved=proposal.moved,
        is_proven=proposal.is_proven,
    )
