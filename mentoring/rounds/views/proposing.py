"""Proposals as their coordinator sees them: made, looked at, compared, accepted."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, TemplateView, View

from core.access_log import record
from mentoring.actions import (
    ProposalRefused,
    RoundRefused,
    accept_proposal,
    accepted_last,
    fix_pair,
    is_stale,
    kept_solution,
    make_proposal,
)
from mentoring.actions.following import is_replanned, open_pairing
from mentoring.matching.changing import empty_seats, moves
from mentoring.matching.solving import solve
from mentoring.models import FixedPair, Need, Proposal, Stay
from mentoring.permissions import overseen_rounds
from mentoring.proposals import words
from mentoring.proposals.brief import WEIGHTS, Brief
from mentoring.proposals.changes import smallest_help
from mentoring.proposals.numbers import tables
from mentoring.proposals.reading import read
from mentoring.rounds.forms.pairing import WeightsForm
from mentoring.rounds.views.base import RoundMixin, uuid_or_none

NEEDS_PER_PAGE = 40


class ProposeView(RoundMixin, FormView[Any]):
    """Make a proposal: how much does each reason count?"""

    form_class = WeightsForm
    template_name = "mentoring/rounds/propose.html"

    @cached_property
    def earlier(self) -> list[Proposal]:
        """The latest proposals, the newest first."""
        return list(self.round.proposals.order_by("-number")[:10])

    def get_form_kwargs(self) -> dict[str, Any]:
        """The proposals that this one may follow."""
        earlier = [(str(one.pk), title(one)) for one in self.earlier]
        return {**super().get_form_kwargs(), "earlier": earlier}

    def get_initial(self) -> dict[str, Any]:
        """The weights of last time; what was accepted is followed."""
        last = self.earlier[0] if self.earlier else None
        accepted = next((one for one in self.earlier if one.accepted_at), None)
        weights = last.weights if last is not None else dict(WEIGHTS)
        return {**weights, "follows": str(accepted.pk) if accepted else ""}

    def form_valid(self, form: WeightsForm) -> HttpResponse:
        """Make it, and show it."""
        followed = form.cleaned_data["follows"]
        follows = next((one for one in self.earlier if str(one.pk) == followed), None)
        try:
            proposal = make_proposal(
                self.round,
                weights=form.weights,
                follows=follows,
                by=self.person,
                at=timezone.now(),
            )
        except ProposalRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.form_invalid(form)
        record(self.request.user, "propose", proposal, at=timezone.now())
        return redirect(proposal)

    def form_invalid(self, form: WeightsForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


def title(proposal: Proposal) -> str:
    """What a proposal is called in a list."""
    said = _("Proposal %(number)d") if not proposal.is_by_hand else _("By hand, %(number)d")
    return said % {"number": proposal.number}


class ProposalMixin(RoundMixin):
    """A proposal of a round in the own scope; any other is a 404."""

    @cached_property
    def proposal(self) -> Proposal:
        """The proposal of the address."""
        return get_object_or_404(
            Proposal.objects.filter(
                round__in=overseen_rounds(self.standing).values("pk")
            ).select_related("round", "follows", "made_by", "accepted_by"),
            pk=self.kwargs["proposal"],
        )

    @cached_property
    def brief(self) -> Brief:
        """The round as it is now."""
        return read(self.proposal.round, on=self.standing.day)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The proposal and its round."""
        proposal = self.proposal
        kwargs |= {"proposal": proposal, "round": proposal.round, "title": title(proposal)}
        return super().get_context_data(**kwargs)


@dataclass
class Mentor:
    """A mentor in a place, as the page shows them."""

    stay: Stay
    score: int
    reasons: Sequence[tuple[str, int]]
    fixed: str
    colleagues: list[tuple[Any, int, Sequence[tuple[str, int]]]] = field(default_factory=list)


@dataclass
class Town:
    """A need as a proposal fills it."""

    need: Need
    empty: int = 0
    blocks: Sequence[str] = ()
    mentors: list[Mentor] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)


class ProposalView(ProposalMixin, TemplateView):
    """Who goes where and why, which seats stay empty and why, who works with whom."""

    template_name = "mentoring/rounds/proposal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of needs; that names were shown is noted."""
        proposal = self.proposal
        needs = Need.objects.filter(round=proposal.round, withdrawn_at__isnull=True)
        page = Paginator(
            needs.select_related("place", "pairing").order_by(
                "place__name", "starts_on", "kind", "pk"
            ),
            NEEDS_PER_PAGE,
        ).get_page(self.request.GET.get("page"))
        placed = set(proposal.pairs.values_list("stay_id", flat=True))
        weighed = {stay.key for stay in self.brief.stays}
        free = Stay.objects.standing().filter(round=proposal.round).exclude(pk__in=placed)
        others = proposal.round.proposals.exclude(pk=proposal.pk).order_by("-number")[:10]
        towns = self._towns(list(page.object_list))
        unplaced = free.select_related("person").order_by("person__name", "pk")
        left = [stay for stay in unplaced if str(stay.pk) in weighed]
        seen = [mentor.stay for town in towns for mentor in town.mentors]
        record(self.request.user, "view", [proposal, *seen, *left], at=timezone.now())
        return super().get_context_data(
            page=page,
            towns=towns,
            free=left,
            is_stale=is_stale(proposal, self.brief),
            others=[(one, title(one)) for one in others],
            weights=[(words.TERMS[term], proposal.weights.get(term, 0)) for term in WEIGHTS],
            weight_fields=proposal.weights.items(),
            **kwargs,
        )

    def _towns(self, needs: Sequence[Need]) -> list[Town]:
        proposal = self.proposal
        towns = {need.pk: Town(need) for need in needs}
        for empty in proposal.uncovered:
            if (town := towns.get(uuid.UUID(empty["need"]))) is not None:
                town.empty = empty["seats"]
                town.blocks = [
                    *words.blocks(empty["blocks"]),
                    *words.unstopped(
                        empty["elsewhere"],
                        empty.get("free", 0),  # not counted in the first proposals
                        by_hand=proposal.is_by_hand,
                    ),
                ]
        fixed = {
            (stay, need): kind
            for stay, need, kind in FixedPair.objects.filter(round=proposal.round).values_list(
                "stay_id", "need_id", "kind"
            )
        }
        mentors: dict[Any, Mentor] = {}
        for pair in (
            proposal.pairs.filter(need__in=list(towns))
            .select_related("stay__person")
            .order_by("stay__person__name", "pk")
        ):
            mentor = Mentor(
                pair.stay,
                pair.score,
                words.reasons(pair.reasons),
                fixed.get((pair.stay_id, pair.need_id), ""),
            )
            mentors[pair.stay_id] = mentor
            towns[pair.need_id].mentors.append(mentor)
        for one in (
            proposal.colleagues.filter(need__in=list(towns))
            .select_related("person")
            .order_by("person__name", "pk")
        ):
            if one.stay_id is None:
                towns[one.need_id].waiting.append(one.person)
            elif one.stay_id in mentors:
                told = words.reasons(one.reasons, beside=True)
                mentors[one.stay_id].colleagues.append((one.person, one.score, told))
        return list(towns.values())


class HelpView(ProposalMixin, TemplateView):
    """What would help an empty seat."""

    template_name = "mentoring/rounds/help.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The smallest change in words; worked out now, for the round as it is now."""
        proposal = self.proposal
        record(self.request.user, "view", proposal, at=timezone.now())
        need = get_object_or_404(
            Need.objects.standing().select_related("place"),
            round=proposal.round,
            pk=self.kwargs["need"],
        )
        stale = is_stale(proposal, self.brief)
        found, is_free, is_certain = [], False, True
        if not stale:
            numbers = tables(self.brief, proposal.weights)
            solution = kept_solution(proposal)
            if proposal.is_by_hand:
                solution = solve(numbers.problem())
            is_free = str(need.pk) not in empty_seats(numbers.problem(), solution)
            if not is_free:
                help_ = smallest_help(numbers, solution, str(need.pk))
                names = self._names([stay for stay, _steps in help_.stays])
                found, is_certain = words.help_in_words(help_, names), help_.is_certain
        kwargs |= {
            "need": need,
            "is_stale": stale,
            "is_free": is_free,
            "found": found,
            "is_certain": is_certain,
            "are_together": not stale and bool(self.brief.together),
        }
        return super().get_context_data(**kwargs)

    @staticmethod
    def _names(stays: Sequence[str]) -> dict[str, str]:
        rows = Stay.objects.filter(pk__in=stays).values_list("pk", "person__name")
        return {str(pk): name for pk, name in rows}


class FixView(ProposalMixin, View):
    """Lock a pair, forbid it, or neither."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; the proposal stays as it was, and says that the rules have changed."""
        proposal = self.proposal
        planned = proposal.round
        kind = request.POST.get("kind", "")
        stay = get_object_or_404(Stay, round=planned, pk=uuid_or_none(request.POST.get("stay")))
        need = get_object_or_404(Need, round=planned, pk=uuid_or_none(request.POST.get("need")))
        if kind not in {"", *FixedPair.Kind.values}:
            kind = ""
        try:
            fix_pair(planned, stay, need, kind)
        except RoundRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            record(request.user, "fix", [stay, need], at=timezone.now())
            said: dict[str, str] = {
                FixedPair.Kind.LOCKED: _("The pair is locked in every proposal to come."),
                FixedPair.Kind.FORBIDDEN: _("The pair is made in no proposal to come."),
            }
            messages.success(
                request, said.get(kind) or _("The pair is free again in proposals to come.")
            )
        return redirect(proposal)


class CompareView(ProposalMixin, TemplateView):
    """Two proposals of a round side by side: what differs, and who is elsewhere."""

    template_name = "mentoring/rounds/compare.html"

    @cached_property
    def other(self) -> Proposal:
        """The one it is compared with: of the address, else the one before."""
        proposals = Proposal.objects.filter(round=self.proposal.round)
        if asked := self.request.GET.get("med"):
            return get_object_or_404(proposals, pk=uuid_or_none(asked))
        before = proposals.filter(number__lt=self.proposal.number).order_by("-number").first()
        return before or self.proposal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures of both, and each mentor who moves."""
        first, second = self.other, self.proposal
        record(self.request.user, "view", second, at=timezone.now())
        before, after = (dict(kept_solution(one).place_of) for one in (first, second))
        stays = {
            str(stay.pk): stay.person.name
            for stay in Stay.objects.filter(round=second.round).select_related("person")
        }
        needs = {
            str(need.pk): str(need)
            for need in Need.objects.filter(round=second.round).select_related("place")
        }
        none = _("No place")
        moved = [
            (stays[stay], needs.get(left, none), needs.get(came, none))
            for stay, left, came in moves(before, after)
        ]
        beside_before, beside_after = _beside(first), _beside(second)
        figures = [
            (_("Covered seats"), first.covered, second.covered),
            (_("Seats"), first.seats, second.seats),
            (_("Points in all"), first.score, second.score),
            (_("Colleagues with a mentor"), len(beside_before), len(beside_after)),
            (
                _("Points of colleagues in all"),
                _points(beside_before),
                _points(beside_after),
            ),
            *(
                (words.TERMS[term], first.weights.get(term, 0), second.weights.get(term, 0))
                for term in WEIGHTS
                if first.weights.get(term, 0) != second.weights.get(term, 0)
            ),
        ]
        return super().get_context_data(
            other=first,
            other_title=title(first),
            moved=sorted(moved),
            figures=figures,
            moved_beside=_moved_beside(beside_before, beside_after, stays),
            is_same_round_now=first.digest == second.digest,
            **kwargs,
        )


#: The name of a caseworker, the stay of their mentor and the points of the pair, by person.
BesideByPerson = dict[str, tuple[str, str, int]]


def _beside(proposal: Proposal) -> BesideByPerson:
    """Who works with whom in a proposal; those for whom nobody is left are not among them."""
    rows = proposal.colleagues.filter(stay__isnull=False).values_list(
        "person_id", "person__name", "stay_id", "score"
    )
    return {str(person): (name, str(stay), points) for person, name, stay, points in rows}


def _points(beside: BesideByPerson) -> int:
    return sum(points for _name, _stay, points in beside.values())


def _moved_beside(
    before: BesideByPerson, after: BesideByPerson, mentors: Mapping[str, str]
) -> list[tuple[str, tuple[str, int], tuple[str, int]]]:
    """Each caseworker who works with somebody else: their name, and both mentors with points."""
    stays = ({person: stay for person, (_n, stay, _p) in one.items()} for one in (before, after))
    nobody = (_("No mentor"), 0)
    found = []
    for person, _left, _came in moves(*stays):
        pairs = [
            (mentors[one[person][1]], one[person][2]) if person in one else nobody
            for one in (before, after)
        ]
        name = (before.get(person) or after[person])[0]
        found.append((name, pairs[0], pairs[1]))
    return sorted(found)


class AcceptView(ProposalMixin, TemplateView):
    """Look once more, then make the pairings."""

    template_name = "mentoring/rounds/accept.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make them and tell everybody, or say why not."""
        proposal = self.proposal
        try:
            done = accept_proposal(
                proposal, by=self.standing, at=timezone.now(), after=request.POST.get("after", "")
            )
        except ProposalRefused as refusal:
            context = self.get_context_data(errors=[{"text": refusal.messages[0], "href": ""}])
            return self.render_to_response(context, status=422)
        messages.success(
            request,
            ngettext(
                "%(count)d pairing is planned, and everybody in it is told.",
                "%(count)d pairings are planned, and everybody in them is told.",
                len(done.pairings),
            )
            % {"count": len(done.pairings)},
        )
        for need in done.without_colleague:
            messages.warning(
                request,
                _("%(need)s: no colleague is known there. Plan that pairing yourself.")
                % {"need": need},
            )
        return redirect(proposal.round)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What accepting does, in numbers; names stand in the proposal."""
        proposal = self.proposal
        beside = set(
            proposal.colleagues.filter(stay__isnull=False).values_list("need_id", flat=True)
        )
        places: dict[Need, int] = defaultdict(int)
        for pair in proposal.pairs.select_related("need__place", "need__pairing").order_by(
            "need__place__name", "need_id"
        ):
            places[pair.need] += 1
        return super().get_context_data(
            places=[
                (need, count, need.pk in beside or open_pairing(need) is not None)
                for need, count in places.items()
            ],
            moved=[
                (need, pairing)
                for need in places
                if (pairing := open_pairing(need)) is not None and is_replanned(need)
            ],
            colleagues=proposal.colleagues.filter(stay__isnull=False).count(),
            last=accepted_last(self.proposal.round),
            is_stale=is_stale(proposal, self.brief),
            **kwargs,
        )
