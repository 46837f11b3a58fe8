"""Proposing a goal, changing and answering it, and ending it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from competences.models import CompetenceText, Level, Rating
from competences.overview import frameworks_for
from core.periods import not_retired
from mentoring.actions import LookAgain
from mentoring.goals import actions
from mentoring.goals.actions import GoalRefused
from mentoring.goals.forms import (
    GoalForm,
    TermsForm,
    number_seen,
)
from mentoring.goals.views.about import OfGoalMixin, OfPersonMixin, seen_now
from mentoring.models import Goal, GoalTerms
from mentoring.progress import names
from mentoring.views.refusals import add_errors, passages_of


class TermsFormView(OfPersonMixin, View):
    """What proposing a goal and changing one have in common."""

    template_name = "mentoring/goals/goal_form.html"
    form_refuses_identity = True  # in its form, at the field

    @property
    def colleague(self) -> str:
        """The name of whom a mentor writes for."""
        return "" if self.is_own else self.subject.name

    def draw(self, form: TermsForm, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page with this form."""
        context = {
            "form": form,
            "subject": self.subject,
            "is_own": self.is_own,
            "readers": self.readers,
            "mentors": names(self.mentors),
            **more,
        }
        return render(self.request, self.template_name, context, status=status)


class ProposeView(TermsFormView):
    """Propose a goal, for oneself or for somebody one is a mentor of."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form; with a competence of the address, from where one says one is."""
        if not self.mentors:
            raise Http404  # nobody to agree with
        return self._page(self._form(initial=self._likely()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Propose it, or say what is in the way; every letter stays."""
        if not self.mentors:
            raise Http404
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        text = next(
            one for one in self.texts if one.competence_id == form.cleaned_data["competence"]
        )
        try:
            goal = actions.propose_goal(
                self.person,
                self.subject,
                text.competence,
                form.terms,
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self._page(form, status=422, passages=passages_of(form, refusal))
        except GoalRefused as refusal:
            add_errors(form, refusal)
            return self._page(form, status=422)
        messages.success(request, _("Proposed. It holds when the other side agrees."))
        return redirect("mentoring:goal", goal.pk)

    @cached_property
    def texts(self) -> list[CompetenceText]:
        """The competences on offer, those of the person's own profession first."""
        own = {
            framework.pk: place
            for place, framework in enumerate(frameworks_for(self.subject, on=self.standing.day))
        }
        texts = CompetenceText.objects.in_force(on=self.standing.day).filter(
            not_retired(self.standing.day, "version__framework__")
        )
        return sorted(
            texts.select_related("competence", "version__framework"),
            key=lambda text: own.get(text.version.framework_id, len(own)),
        )

    def _likely(self) -> dict[str, Any]:
        offered = {str(text.competence_id): text.competence_id for text in self.texts}
        asked = offered.get(self.request.GET.get("kompetence", ""))
        if asked is None:
            return {}
        rating = Rating.objects.current().filter(person=self.subject, competence=asked).first()
        start = rating.level if rating and rating.level != Level.CAN_TEACH else ""
        return {"competence": asked, "start": start}

    def _form(self, data: Any = None, **options: Any) -> GoalForm:
        return GoalForm(data, texts=self.texts, colleague=self.colleague, **options)

    def _page(self, form: GoalForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.draw(form, status=status, back=self.address("goals"), **more)


class ChangeGoalView(OfGoalMixin, TermsFormView):
    """Propose other terms for a goal: what was agreed holds until the other side agrees."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form with what is proposed or agreed last."""
        if not self._is_open():
            raise Http404
        terms = self.goal.waiting or self.goal.held
        initial = {}
        if terms is not None:
            initial = {
                **{name: getattr(terms, name) for name in ("start", "target", "due_on", "why")},
                "seen": self._newest(),
            }
        return self._page(TermsForm(initial=initial, colleague=self.colleague))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Propose it, or say what is in the way; every letter stays."""
        form = TermsForm(request.POST, colleague=self.colleague)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            actions.propose_change(
                self.person,
                self.goal,
                form.terms,
                seen=number_seen(form),
                at=timezone.now(),
                looked_again=form.has_looked_again(request.POST),
            )
        except LookAgain as refusal:
            return self._page(form, status=422, passages=passages_of(form, refusal))
        except GoalRefused as refusal:
            add_errors(form, refusal)
            if refusal.code != "changed":
                return self._page(form, status=422)
            form.data = seen_now(request.POST, self._newest())
            return self._page(form, status=422, now=self.goal.waiting or self.goal.held)
        messages.success(request, _("Proposed. It holds when the other side agrees."))
        return redirect("mentoring:goal", self.goal.pk)

    def _is_open(self) -> bool:
        return self.goal.is_live and bool(self.mentors)

    def _newest(self) -> int:
        return self.goal.terms.order_by("-number").values_list("number", flat=True)[0]

    def _page(self, form: TermsForm, *, status: int = 200, **more: Any) -> HttpResponse:
        back = reverse("mentoring:goal", args=[self.goal.pk])
        return self.draw(form, status=status, goal=self.goal, back=back, **more)


class AnswerView(OfGoalMixin, View):
    """Agree to what the other side proposed, decline it, or take one's own proposal back."""

    http_method_names = ["post"]
    DONE = {
        "ja": (actions.accept, "agreed"),
        "nej": (actions.decline, "declined"),
        "tilbage": (actions.withdraw, "withdrawn"),
    }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Answer the proposal that was seen; another one is not answered by it."""
        answer, key = self.DONE.get(request.POST.get("svar", ""), (None, ""))
        terms = self._terms(request.POST.get("forslag", ""))
        if answer is None or terms is None:
            raise Http404
        try:
            answer(self.person, terms, at=timezone.now())
        except GoalRefused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            said = {
                "agreed": _("You have agreed. The goal holds now."),
                "declined": _("Declined. Talk about it, and propose something else."),
                "withdrawn": _("Your proposal is taken back."),
            }
            messages.success(request, said[key])
        return redirect("mentoring:goal", self.goal.pk)

    def _terms(self, asked: str) -> GoalTerms | None:
        try:
            return self.goal.terms.filter(pk=UUID(asked)).select_related("goal").first()
        except ValueError:
            return None


class GoalStateView(OfGoalMixin, View):
    """Say that a goal is reached, stop with it, or take it up again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it; either side may, and the other is told."""
        to, at = request.POST.get("til", ""), timezone.now()
        if to not in {Goal.State.REACHED, Goal.State.STOPPED, Goal.State.AGREED}:
            raise Http404
        try:
            if to == Goal.State.AGREED:
                actions.take_up(self.person, self.goal, at=at)
                messages.success(request, _("The goal is taken up again."))
            else:
                actions.end_goal(self.person, self.goal, to, at=at)
                messages.success(request, _("Kept. You can take it up again."))
        except GoalRefused as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("mentoring:goal", self.goal.pk)
