"""Mentors seated by hand, with what speaks for and against each seat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core.access_log import record
from mentoring.actions import ProposalRefused, propose_by_hand
from mentoring.models import Need, Stay
from mentoring.proposals import words
from mentoring.proposals.brief import WEIGHTS
from mentoring.proposals.numbers import Tables, best_language, tables
from mentoring.proposals.reading import read
from mentoring.rounds.forms.pairing import HandForm, Seatable
from mentoring.rounds.views.base import RoundMixin

#: More mentors than these are not seated by hand on one screen.
MOST_BY_HAND = 20


@dataclass(frozen=True)
class Choice:
    """A place as the board shows it for one mentor: what speaks for it, or what stops it."""

    need: Need
    is_open: bool
    said: Sequence[str]


class HandView(RoundMixin, FormView[Any]):
    """A place for each mentor, chosen on one screen; no weight in sight."""

    form_class = HandForm
    template_name = "mentoring/rounds/hand.html"

    @cached_property
    def numbers(self) -> Tables:
        """The round in numbers."""
        return tables(read(self.round, on=self.standing.day), WEIGHTS)

    @cached_property
    def stays(self) -> list[Stay]:
        """The mentors who are weighed, by name."""
        stays = Stay.objects.standing().filter(round=self.round).select_related("person")
        known = {stay.key for stay in self.numbers.brief.stays}
        return [one for one in stays.order_by("person__name", "pk") if str(one.pk) in known]

    @cached_property
    def needs(self) -> list[Need]:
        """The needs that are weighed, by town."""
        needs = Need.objects.standing().filter(round=self.round).select_related("place")
        known = {need.key for need in self.numbers.brief.needs}
        ordered = needs.order_by("place__name", "kind", "profession", "pk")
        return [one for one in ordered if str(one.pk) in known]

    @property
    def is_too_big(self) -> bool:
        """Whether a screen would not hold it."""
        return len(self.stays) > MOST_BY_HAND

    def choices(self, stay: Stay) -> list[Choice]:
        """Every place for a mentor, with reasons or what stops it."""
        return [_choice(self.numbers, stay, need) for need in self.needs]

    @cached_property
    def board(self) -> list[tuple[Stay, list[Choice]]]:
        """The mentors with their places."""
        return [] if self.is_too_big else [(stay, self.choices(stay)) for stay in self.stays]

    def get_form_kwargs(self) -> dict[str, Any]:
        """For each mentor the places that nothing stops, and what to know of them."""
        mentors = [
            Seatable(str(stay.pk), stay.person.name, self._open(choices), self.note(stay))
            for stay, choices in self.board
        ]
        locked = self.numbers.brief.locked.keys()
        return {**super().get_form_kwargs(), "mentors": mentors, "locked": locked}

    @staticmethod
    def _open(choices: Sequence[Choice]) -> list[tuple[str, str]]:
        return [(str(one.need.pk), str(one.need)) for one in choices if one.is_open]

    def note(self, stay: Stay) -> str:
        """Whom a mentor travels with, and where they are locked to."""
        brief, said = self.numbers.brief, []
        group = brief.group_of(str(stay.pk))
        names = [one.person.name for one in self.stays if str(one.pk) in group and one != stay]
        if names:
            said.append(_("Travels with %(names)s.") % {"names": words.joined(names)})
        if locked := brief.locked.get(str(stay.pk)):
            place = next(need for need in self.needs if str(need.pk) == locked)
            said.append(_("Locked to %(place)s.") % {"place": place})
        return " ".join(said)

    def get_initial(self) -> dict[str, Any]:
        """The places of the latest proposal."""
        latest = self.round.proposals.order_by("-number").first()
        if latest is None:
            return {}
        pairs = latest.pairs.values_list("stay_id", "need_id")
        return {f"stay_{stay}": str(need) for stay, need in pairs}

    def form_valid(self, form: HandForm) -> HttpResponse:
        """Keep it as a proposal, and show it."""
        try:
            proposal = propose_by_hand(self.round, form.place_of, by=self.person, at=timezone.now())
        except ProposalRefused as refusal:
            field = f"stay_{refusal.stay}"
            form.add_error(field if field in form.fields else None, refusal.messages[0])
            return self.form_invalid(form)
        record(self.request.user, "propose", proposal, at=timezone.now())
        return redirect(proposal)

    def form_invalid(self, form: HandForm) -> HttpResponse:
        """Say what is in the way."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The board; that names were shown is noted."""
        record(self.request.user, "view", [self.round, *self.stays], at=timezone.now())
        context = super().get_context_data(**kwargs)
        form = context["form"]
        rows = [(form[f"stay_{stay.pk}"], stay, choices) for stay, choices in self.board]
        return {
            **context,
            "rows": rows,
            "needs": self.needs,
            "is_too_big": self.is_too_big,
        }


def _choice(numbers: Tables, stay: Stay, need: Need) -> Choice:
    if stopped := numbers.hindrances(str(stay.pk), str(need.pk)):
        return Choice(need, is_open=False, said=[str(words.RULES[one]) for one in stopped])
    row, column = numbers.row(str(stay.pk)), numbers.column(str(need.pk))
    brought, asked = numbers.brief.stays[row], numbers.brief.needs[column]
    language = best_language(asked, brought.languages)
    found = {
        "overlap": max(int(numbers.days[row, column]), 0),
        "language": [language, brought.languages.get(language, 0)] if asked.languages else None,
    }
    said = [words.reason(term, value) for term, value in found.items()]
    if asked.place in brought.been:
        said.append(words.reason("continuity", found=True))
    if wish := brought.wishes.get(asked.place):
        said.append(words.reason("wishes", wish))
    return Choice(need, is_open=True, said=said)
