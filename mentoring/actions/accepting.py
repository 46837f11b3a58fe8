"""A proposal becomes pairings: they are made, or those of an earlier one follow it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import access_log
from core.periods import local_day
from core.telling import tell
from mentoring.actions.following import follow, leave, open_pairing, tell_members
from mentoring.actions.pairings import PairingRefused, create_pairing, holds_role
from mentoring.actions.proposals import ProposalRefused, is_stale, open_round
from mentoring.models import Need, Pairing, PairingMember, Proposal, ProposedPair, Round, Stay
from mentoring.proposals.reading import read
from people.actions import end_role, give_role
from people.models import Person, Role
from people.permissions import Standing

Side = PairingMember.Side


@contextmanager
def _saying_where(need: Need) -> Iterator[None]:
    """Turn the refusal of a pairing into one of the proposal, which names the need."""
    try:
        yield
    except PairingRefused as refusal:
        raise ProposalRefused(f"{need}: {refusal.messages[0]}", code="pairing") from refusal


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
    round was accepted, its pairings follow this one: days and form are those that the needs ask
    for by now, who moved leaves, who came joins, and each is told what changed for them. What is
    over stays as it is: whose stay has ended, or who has handed over, is not let in again.

    The round is locked meanwhile, so of two who accept at once the second is judged by what the
    first one made; a proposal that is made again at the same time waits, and stands beside it.

    Args:
        after: The id of the proposal that was accepted last when ``by`` looked, "" for none: where
            somebody has accepted another one since, nobody is moved again without being seen.

    Raises:
        ProposalRefused: With code "closed" for a round that is not open, "accepted" or "stale"
            for a proposal that is, "overtaken" when another was accepted meanwhile, "empty"
            without a pair, "together" when it parts people who travel together or passes over a
            lock, "role" when a mentor's role in the town cannot be given, "pairing" when a pairing
            cannot be made or moved, "handover" when a mentor who is there already would leave:
            nobody's stay ends without a handover.
    """
    planned = open_round(proposal.round)
    proposal = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
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
    brief = read(planned, on=local_day(at))
    if is_stale(proposal, brief):
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
    place_of = {str(pair.stay_id): str(pair.need_id) for pair in pairs}
    if brief.parted(place_of) or brief.passed_over(place_of):
        # Pairs made by hand were once kept without looking at either.
        raise ProposalRefused(
            _("The proposal parts people who travel together or passes over a lock. Make another."),
            code="together",
        )
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
    stopped: list[tuple[Need, PairingMember]] = []
    tags = list(planned.tags.values_list("number", flat=True))
    for need, chosen in mentors.items():
        if not beside[need.pk] and open_pairing(need) is None:
            left.append(need)
            continue
        with _saying_where(need):
            pairing, cut = _pairing_of(need, chosen, beside[need.pk], tags, by=by, at=at)
        made.append(pairing)
        stopped += [(need, member) for member in cut]
    for need in (
        planned.needs.filter(pairing__isnull=False)
        .exclude(pk__in=[need.pk for need in mentors])
        .select_related("place", "pairing")
        .order_by("place__name", "pk")
    ):
        if (pairing_left := open_pairing(need)) is not None:
            done = leave(need, pairing_left, at=at)
            tell_members(need, done)
            stopped += [(need, member) for member in done.stopped]
    _refuse_to_cut_off(stopped)
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
) -> tuple[Pairing, list[PairingMember]]:
    """The pairing of a need as the proposal wants it, and whose stay there would be cut off."""
    periods, today = {}, local_day(at)
    for pair in chosen:
        starts, ends = _days_there(pair.stay, need, on=today)
        periods[pair.stay.person_id] = (starts, ends)
        if ends > today:
            _let_be_mentor(pair.stay.person, need, starts, ends, by=by, at=at)
    mentors = [pair.stay.person for pair in chosen]
    if (pairing := open_pairing(need)) is not None:
        done = follow(need, pairing, mentors, colleagues, periods, at=at)
        tell_members(need, done)
        return pairing, done.stopped
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
    _tell(need, [*mentors, *colleagues])
    return pairing, []


def _refuse_to_cut_off(stopped: Sequence[tuple[Need, PairingMember]]) -> None:
    """Nobody's stay ends without a handover.

    Raises:
        ProposalRefused: With code "handover", naming everybody whose stay would.
    """
    if stopped:
        raise ProposalRefused(
            _(
                "These mentors are there already, and this proposal ends their stay: %(names)s. "
                "They hand over first; then accept it. Or lock them to the place where they are, "
                "and make the proposal again."
            )
            % {"names": ", ".join(f"{one.person} ({need.place})" for need, one in stopped)},
            code="handover",
        )


def _days_there(stay: Stay, need: Need, *, on: date) -> tuple[date, date]:
    """The days a mentor is there: those of the best window within the need that is not over.

    Who is locked to a need without a day in it is there for all of it.
    """
    starts_on, ends_on = need.starts_on, need.known_end
    found = [
        (max(window.starts_on, starts_on), min(window.ends_on, ends_on))
        for window in stay.windows.all()
        if window.kind == need.kind and window.ends_on is not None and window.ends_on > on
    ]
    found = [(starts, ends) for starts, ends in found if starts < ends]
    if not found:
        return starts_on, ends_on
    return max(found, key=lambda days: days[1] - days[0])


def _let_be_mentor(
    person: Person, need: Need, starts: date, ends: date, *, by: Standing, at: datetime
) -> None:
    """Give the role for the stay to who has none in the town; a role in the town lasts as long."""
    today = local_day(at)
    first = max(starts, today) if holds_role(person, Side.MENTOR, need.place, starts) else starts
    in_town = list(
        person.roles.filter(key=Role.Key.MENTOR, scope=Role.Scope.TOWN, place=need.place)
        .filter(Q(ends_on=None) | Q(ends_on__gt=max(starts, today)), starts_on__lt=ends)
        .order_by("starts_on")
    )
    try:
        if not holds_role(person, Side.MENTOR, need.place, first):
            later = in_town[0].starts_on if in_town else ends
            role = Role(
                key=Role.Key.MENTOR,
                scope=Role.Scope.TOWN,
                place=need.place,
                starts_on=first,
                ends_on=later,
            )
            give_role(person, role, by=by, at=at)
        over = in_town[-1].ends_on if in_town else None
        if (
            over is not None
            and over < ends
            and not holds_role(person, Side.MENTOR, need.place, over)
        ):
            end_role(in_town[-1], by, ends_on=ends, at=at)
    except (ValidationError, PermissionDenied):
        raise ProposalRefused(
            _(
                "%(name)s cannot be given the role of mentor in %(town)s for these days. "
                "Look at the roles under People."
            )
            % {"name": person, "town": need.place},
            code="role",
        ) from None


def _tell(need: Need, members: Sequence[Person]) -> None:
    """Tell everybody in a new pairing, and the local owner. No name is said of anybody."""
    facts = {"town": need.place.name, "begins_on": need.starts_on.isoformat()}
    for person in members:
        tell(person, "mentoring.paired", facts, url="start")
    if need.owner is not None and need.owner not in members:
        tell(need.owner, "mentoring.place_paired", facts, url="mentoring:ready")
