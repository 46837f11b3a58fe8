"""Pages and posts of playing a case. Only who plays it opens a play; for others there is none.

Nothing is written on GET. Each post may come twice, or too late: see ``courses.actions.plays``.
"""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from courses.access import case_for
from courses.actions import (
    LearningRefused,
    begin_again,
    begin_case,
    choose,
    step_back,
    tie,
    try_another_way,
)
from courses.cases.forms import AnotherForm, BeginForm, ChoiceForm, TieForm, TurnForm
from courses.models import CasePlay
from people.access import PersonRequiredMixin
from people.companions import Companion, Meeting, companions_of, meetings_with
from people.models import Person
from rules.models import Rule

#: Where on the page a player goes on reading.
CONSEQUENCE, NOW = "#case-last", "#case-now"


class BeginView(PersonRequiredMixin, View):
    """Begin a case, alone or with somebody one works side by side with."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, case: uuid.UUID) -> HttpResponse:
        """Begin, and lead to the first step."""
        found = case_for(request, case)
        form = BeginForm(request.POST)
        if not form.is_valid():
            raise BadRequest
        try:
            play = begin_case(
                play_id=form.cleaned_data["play"],
                case=found,
                person=self.person,
                partner=self._partner(form.cleaned_data["partner"]),
                at=timezone.now(),
            )
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(found.path or "courses:learning")
        return redirect("courses:case_play", play=play.pk)

    def _partner(self, key: uuid.UUID | None) -> Person | None:
        if key is None:
            return None
        for companion in companions_of(self.standing):
            if companion.person.pk == key:
                return companion.person
        raise LearningRefused(
            _("You do not work side by side with that person today. Choose again."), code="partner"
        )


class OwnPlay(PersonRequiredMixin):
    """A play that the person takes part in; for everybody else there is none."""

    @cached_property
    def play(self) -> CasePlay:
        """The play, with its version, its case and who plays it."""
        own = CasePlay.objects.of(self.person).select_related(
            "version", "case__module", "case__course", "person", "partner"
        )
        return get_object_or_404(own.defer("case__said"), pk=self.kwargs["play"])

    @property
    def partner(self) -> Person | None:
        """With whom I play."""
        return self.play.partner if self.play.person_id == self.person.pk else self.play.person

    @cached_property
    def meetings(self) -> list[Meeting]:
        """The logged sessions in which we may have played it; none for whoever played alone."""
        if self.partner is None:
            return []
        return meetings_with(self.standing, self.partner, self.play.meeting)

    def lead_on(self, place: str = "") -> HttpResponse:
        """To where the play stands."""
        return redirect(reverse("courses:case_play", args=[self.play.pk]) + place)


class PlayPage(OwnPlay, TemplateView):
    """Where a play stands: the step with its choices, or the ending."""

    def get_template_names(self) -> list[str]:
        """Another page once it has ended."""
        return [f"courses/cases/{'ended' if self.play.is_ended else 'play'}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything of the play; two queries, the play and the rules."""
        play, run = self.play, self.play.run()
        shown = run.moves if play.is_ended else run.moves[-1:]
        keys = {move.choice.rule for move in shown if move.choice.rule}
        rules = {
            str(rule.pk): rule for rule in Rule.objects.filter(pk__in=keys).select_related("act")
        }
        partner = self.partner
        readers = _("you and %(name)s") % {"name": partner.name} if partner else _("you alone")
        kwargs |= {
            "play": play,
            "run": run,
            "readers": readers,
            "rule_changed_on": play.case.rule_changed_on(get_language() or "da"),
            "last_rule": rules.get(run.last.choice.rule) if run.last else None,
        }
        if play.is_ended:
            kwargs |= {
                "moves": [(move, rules.get(move.choice.rule)) for move in run.moves],
                "ending": play.get_ending_display(),
                "play_id": uuid.uuid4(),
                "is_offered": play.case.is_offered,
                "log_url": self._log_url(partner),
                "meetings": self.meetings,
                "met": next((one for one in self.meetings if one.key == play.meeting), None),
            }
        elif "form" not in kwargs:
            kwargs["form"] = ChoiceForm(run, play.turn)
        return super().get_context_data(**kwargs)

    def _log_url(self, partner: Person | None) -> str:
        """Where to write down the session in which they played, if that is mine to do."""
        if partner is None:
            return ""
        known = {one.person.pk: one for one in companions_of(self.standing)}
        url = known.get(partner.pk, Companion(partner)).log_url
        if not url:
            return ""
        joint = "&" if "?" in url else "?"
        tool = _("The case “%(title)s”") % {"title": self.play.case.title}
        return f"{url}{joint}{urlencode({'redskab': tool})}"


class PlayView(PlayPage):
    """Look at the play."""

    http_method_names = ["get", "head"]


class ChooseView(PlayPage):
    """Do something in the step where the play stands."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Choose, and lead to what comes of it; or say what is missing."""
        form = ChoiceForm(self.play.run(), self.play.turn, request.POST)
        sent = TurnForm(request.POST)
        if not sent.is_valid():
            raise BadRequest
        if not form.is_valid() and sent.cleaned_data["turn"] == self.play.turn:
            if self.play.is_ended:
                return self.lead_on()
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            choose(
                self.play,
                turn=sent.cleaned_data["turn"],
                step=request.POST.get("step", ""),
                choice=request.POST.get("choice", ""),
                at=timezone.now(),
            )
        except LearningRefused as refusal:
            messages.warning(request, refusal.messages[0])
            return self.lead_on()
        return self.lead_on(CONSEQUENCE)


class TurnView(OwnPlay, View):
    """A press without a choice."""

    http_method_names = ["post"]
    press: Callable[..., CasePlay]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, and lead to where the play stands then."""
        play, form = self.play, TurnForm(request.POST)
        if not form.is_valid():
            raise BadRequest
        try:
            type(self).press(play, turn=form.cleaned_data["turn"], at=timezone.now())
        except LearningRefused as refusal:
            messages.warning(request, refusal.messages[0])
            return self.lead_on()
        return self.lead_on(NOW)


class BackView(TurnView):
    """Undo the last choice."""

    press = staticmethod(step_back)


class AgainView(TurnView):
    """Undo every choice."""

    press = staticmethod(begin_again)


class TieView(OwnPlay, View):
    """Say in which logged session we played."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it, if it is a session of us both; a second press says the same."""
        form = TieForm(request.POST)
        if not form.is_valid():
            raise BadRequest
        meeting = form.cleaned_data["meeting"]
        if meeting and meeting not in {one.key for one in self.meetings}:
            messages.error(request, _("That session is not one of you both. Choose again."))
            return self.lead_on()
        try:
            tie(self.play, meeting)
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        return self.lead_on("#case-session")


class AnotherView(OwnPlay, View):
    """From an ended play, go another way: a new play; what has ended stays."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin the new play, and lead to it."""
        ended, form = self.play, AnotherForm(request.POST)
        if not form.is_valid() or not ended.is_ended:
            raise BadRequest
        try:
            play = try_another_way(
                play_id=form.cleaned_data["play"],
                play=ended,
                person=self.person,
                keep=form.cleaned_data["keep"],
                at=timezone.now(),
            )
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
            return self.lead_on()
        if self.partner is not None and play.partner_id is None:
            messages.info(
                request,
                _("You do not work side by side with %(name)s today. You play this way alone.")
                % {"name": self.partner.name},
            )
        return redirect(reverse("courses:case_play", args=[play.pk]) + NOW)
