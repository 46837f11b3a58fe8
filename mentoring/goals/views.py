"""Learning goals for the person and their mentor of today, and what comes after a session."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from competences.actions import rate
from competences.models import CompetenceText, Level, Rating
from competences.overview import AT_LEAST, COUNTING_ROLES, frameworks_for
from core.access_log import record
from core.periods import not_retired
from mentoring.actions import LookAgain
from mentoring.content import clean_text
from mentoring.goals import actions
from mentoring.goals.actions import GoalRefused, mentors_of
from mentoring.goals.forms import (
    GoalForm,
    LookAgainForm,
    ReflectionForm,
    TermsForm,
    WeeksForm,
    number_seen,
)
from mentoring.goals.listing import practised_in, reading
from mentoring.goals.numbers import group_skills
from mentoring.goals.skills import skills_of
from mentoring.goals.weeks import SHOWN, Week, logged, planned, suggested, table, weeks_ahead
from mentoring.models import Goal, GoalTerms, Reflection, Session
from mentoring.permissions import mentored_people, readable_goals, reflectable_sessions
from mentoring.progress import names, readers_of
from mentoring.views.writing import CONCERNS, CONTEXT
from people.access import PersonRequiredMixin, RoleRequiredMixin
from people.models import Person

ENDED_SHOWN = 20
COLLEAGUES_SHOWN = 50


class OfPersonMixin(PersonRequiredMixin):
    """A page about oneself, or about somebody whose mentor one is today."""

    @cached_property
    def subject(self) -> Person:
        """Whom the page is about; 404 for anybody whose mentor the reader is not."""
        if "person" not in self.kwargs:
            return self.person
        return get_object_or_404(mentored_people(self.standing), pk=self.kwargs["person"])

    @property
    def is_own(self) -> bool:
        """Whether the reader looks at their own."""
        return self.subject.pk == self.person.pk

    @cached_property
    def mentors(self) -> list[Person]:
        """Who can agree on something with the subject today."""
        return mentors_of(self.subject, on=self.standing.day)

    @property
    def readers(self) -> str:
        """Who can read what stands here, in words."""
        others = [person for person in [self.subject, *self.mentors] if person != self.person]
        return names([_("you"), *others])

    def address(self, name: str) -> str:
        """The address of a page about the same person."""
        if self.is_own:
            return reverse(f"mentoring:{name}")
        return reverse(f"mentoring:{name}-of", args=[self.subject.pk])

    def around(self, here: str) -> dict[str, Any]:
        """What every such page takes."""
        links = [
            {"title": title, "url": self.address(name), "is_current": name == here}
            for name, title in (("goals", _("Goals")), ("skills", _("Skills over time")))
        ]
        return {
            "subject": self.subject,
            "is_own": self.is_own,
            "readers": self.readers,
            "links": links,
            "may_propose": bool(self.mentors),
        }


# --- Goals ----------------------------------------------------------------------------------------


class GoalsView(OfPersonMixin, TemplateView):
    """The goals of one person: what waits for an answer, what is agreed, what has ended."""

    template_name = "mentoring/goals/goals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The goals and the next weeks; for mentors also whose goals they may read."""
        day = self.standing.day
        found = readable_goals(self.standing).filter(person=self.subject).with_terms()
        live = sorted(
            found.live(), key=lambda goal: (goal.said.due_on if goal.said else day, goal.pk)
        )
        ended = list(found.exclude(state__in=Goal.LIVE).order_by("-ended_at", "pk")[:ENDED_SHOWN])
        if not self.is_own:
            record(self.account, "view_goals", self.subject, at=timezone.now())
        plans = planned(live)
        mondays = weeks_ahead(self.subject, on=day)[:SHOWN] if live else []
        in_plan = [goal for goal in live if any(week in plans[goal.pk] for week in mondays)]
        return super().get_context_data(**kwargs, **self.around("goals")) | {
            "waiting": [goal for goal in live if goal.waits_for(self.person)],
            "live": [(goal, goal.is_late(on=day), goal.waits_for(self.person)) for goal in live],
            "ended": ended,
            "weeks": table({}, {}, mondays),
            "plans": [(goal, table(plans[goal.pk], {}, mondays)) for goal in in_plan],
            "propose_url": self.address("propose-goal"),
            "colleagues": self.colleagues() if self.is_own else [],
            "may_count": self.standing.has(*COUNTING_ROLES),
        }

    def colleagues(self) -> list[Person]:
        """Those the reader is a mentor of, with how many live goals and answers wait."""
        waits = Q(goals__terms__state=GoalTerms.State.WAITS, goals__terms__is_by_person=True)
        return list(
            mentored_people(self.standing)
            .annotate(
                live=Count("goals", filter=Q(goals__state__in=Goal.LIVE), distinct=True),
                waiting=Count("goals", filter=Q(goals__state__in=Goal.LIVE) & waits, distinct=True),
            )
            .order_by("name", "pk")[:COLLEAGUES_SHOWN]
        )


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
                looked_again=form.has_looked(request.POST),
            )
        except ValidationError as refusal:
            return self._page(form, status=422, passages=passages_or_errors(form, refusal))
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


class OfGoalMixin(OfPersonMixin):
    """A page about one goal, that of the reader or of somebody whose mentor they are today."""

    @cached_property
    def goal(self) -> Goal:
        """The goal of the address."""
        return get_object_or_404(readable_goals(self.standing).with_terms(), pk=self.kwargs["goal"])

    @cached_property
    def subject(self) -> Person:
        """Whose goal it is."""
        return self.goal.person


class GoalView(OfGoalMixin, TemplateView):
    """One goal: what is agreed or proposed, what to read and play, and the weeks."""

    template_name = "mentoring/goals/goal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything about it; a mentor's look is noted."""
        goal, day = self.goal, self.standing.day
        if not self.is_own:
            record(self.account, "view", goal, at=timezone.now())
        ahead = weeks_ahead(self.subject, on=day)
        plan = planned([goal])[goal.pk]
        first = min([*plan, *ahead[:1]], default=None)
        weeks: list[Week] = []
        if first is not None:
            went = logged(self.subject, since=first)
            known = {week for week in {*plan, *went} if week >= first}
            weeks = table(plan, went, {*known, *ahead[:SHOWN]} if plan else ())
        text = CompetenceText.objects.in_force(on=day).filter(competence=goal.competence_id).first()
        return super().get_context_data(**kwargs, **self.around("goals")) | {
            "goal": goal,
            "text": text,
            "title": text.title if text else goal.competence.title,
            "steps": self.steps(text),
            "is_late": goal.is_late(on=day),
            "waits_for_me": goal.waits_for(self.person),
            "waits_for_them": goal.waiting is not None and not goal.waits_for(self.person),
            "history": list(
                goal.terms.exclude(state__in=GoalTerms.OPEN)
                .select_related("proposed_by", "answered_by")
                .order_by("-number")
            ),
            "weeks": weeks,
            "may_plan": goal.is_live and bool(ahead),
            "may_change": goal.is_live and self.may_agree,
            "materials": reading(goal, self.person),
            "back": self.address("goals"),
        }

    @property
    def may_agree(self) -> bool:
        """Whether there is somebody on either side today."""
        return bool(self.mentors)

    def steps(self, text: CompetenceText | None) -> dict[str, Any]:
        """What start and target mean for this competence, by their step."""
        return {level.value: getattr(text, level.value) for level in Level} if text else {}


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
                looked_again=form.has_looked(request.POST),
            )
        except ValidationError as refusal:
            found = passages_or_errors(form, refusal)
            if getattr(refusal, "code", "") == "changed":  # what came in between was now seen
                form.data = seen_now(form, self._newest())
                return self._page(form, status=422, now=self.goal.waiting or self.goal.held)
            return self._page(form, status=422, passages=found)
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


class PlanWeeksView(OfGoalMixin, View):
    """How they mean to work on a goal in the weeks to come."""

    template_name = "mentoring/goals/weeks_form.html"
    form_refuses_identity = True  # in its form, at the field

    @cached_property
    def ahead(self) -> list[Any]:
        """The Mondays on offer."""
        return weeks_ahead(self.subject, on=self.standing.day)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The weeks as they are planned, or as a suggestion fills the empty ones."""
        self._refuse_without_weeks()
        plan = planned([self.goal])[self.goal.pk]
        shown = suggested(self.ahead) | plan if "forslag" in request.GET else plan
        initial = {WeeksForm.name_of(week): mode for week, mode in shown.items()}
        return self._page(self._form(initial={**initial, "seen": self.goal.plan_number}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep the plan, or show how it stands now beside what was chosen."""
        self._refuse_without_weeks()
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            actions.plan_weeks(
                self.person, self.goal, form.planned, seen=number_seen(form), at=timezone.now()
            )
        except GoalRefused as refusal:
            form.add_error(None, refusal)
            now: list[Week] = []
            if refusal.code == "changed":  # what came in between is shown, and so was now seen
                self.goal.refresh_from_db(fields=["plan_number"])
                form.data = seen_now(form, self.goal.plan_number)
                now = table(planned([self.goal])[self.goal.pk], {}, self.ahead)
            return self._page(form, status=422, now=now)
        messages.success(request, _("The plan is kept."))
        return redirect("mentoring:goal", self.goal.pk)

    def _refuse_without_weeks(self) -> None:
        if not self.goal.is_live or not self.ahead:
            raise Http404

    def _form(self, data: Any = None, **options: Any) -> WeeksForm:
        return WeeksForm(data, weeks=table({}, {}, self.ahead), **options)

    def _page(self, form: WeeksForm, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {"form": form, "goal": self.goal, "readers": self.readers, **more}
        return render(self.request, self.template_name, context, status=status)


# --- Skills ---------------------------------------------------------------------------------------


class SkillsView(OfPersonMixin, TemplateView):
    """How the skills of one person move: for them and their mentor of today."""

    template_name = "mentoring/goals/skills.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The competences and the movement; a mentor's look is noted."""
        if not self.is_own:
            record(self.account, "view_skills", self.subject, at=timezone.now())
        key = self.request.GET.get("fag", "")
        return super().get_context_data(**kwargs, **self.around("skills")) | {
            "skills": skills_of(self.subject, on=self.standing.day, key=key),
            "aimed_at": set(
                readable_goals(self.standing)
                .live()
                .filter(person=self.subject)
                .values_list("competence_id", flat=True)
            ),
            "propose_url": self.address("propose-goal"),
            "may_count": self.standing.has(*COUNTING_ROLES),
        }


class SkillNumbersView(RoleRequiredMixin, TemplateView):
    """How skills move among those in the own scope: in numbers, never by name."""

    required_roles = COUNTING_ROLES
    template_name = "mentoring/goals/numbers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One group, for the whole scope."""
        return super().get_context_data(
            group=group_skills(self.standing, key=self.request.GET.get("fag", "")),
            at_least=AT_LEAST,
            **kwargs,
        )


# --- After a session ------------------------------------------------------------------------------


class ReflectView(PersonRequiredMixin, View):
    """What I take with me from a session, and where I am now: if I like, when I like."""

    template_name = "mentoring/goals/reflect.html"
    form_refuses_identity = True  # in its form, at the field

    @cached_property
    def session(self) -> Session:
        """A session in which I was trained, and whose text stands."""
        return get_object_or_404(
            reflectable_sessions(self.standing).select_related("place"), pk=self.kwargs["session"]
        )

    @cached_property
    def kept(self) -> Reflection | None:
        """What I have written already."""
        return Reflection.objects.filter(session=self.session, person=self.person).first()

    @cached_property
    def texts(self) -> list[CompetenceText]:
        """The competences that the session practised."""
        return practised_in(self.session, on=self.standing.day)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What I said last, to go on from."""
        ratings = Rating.objects.current().filter(
            person=self.person, competence__in=[text.competence_id for text in self.texts]
        )
        said = {f"k-{rating.competence_id}": rating.level for rating in ratings}
        return self._page(self._form(initial={**said, **self._written()}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep the text; and the ratings, once it stands."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        at = timezone.now()
        try:
            actions.reflect(
                self.person,
                self.session,
                form.cleaned_data["text"],
                seen=number_seen(form),
                at=at,
                looked_again=form.has_looked(request.POST),
            )
            rate(self.person, form.levels, at=at)
        except ValidationError as refusal:
            found = passages_or_errors(form, refusal)
            if getattr(refusal, "code", "") == "changed":
                form.data = seen_now(form, self._written()["seen"])
                return self._page(form, status=422, now=self.kept)
            return self._page(form, status=422, passages=found)
        messages.success(request, _("Kept. You can change it any day."))
        return redirect(self.session)

    def _written(self) -> Mapping[str, Any]:
        if self.kept is None:
            return {"text": "", "seen": 0}
        return {"text": self.kept.text, "seen": self.kept.number}

    def _form(self, data: Any = None, **options: Any) -> ReflectionForm:
        return ReflectionForm(data, texts=self.texts, **options)

    def _page(self, form: ReflectionForm, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "form": form,
            "session": self.session,
            "readers": readers_of(self.session.pairing_id, me=self.person, on=self.standing.day),
            "mentors": names([_("you"), *mentors_of(self.person, on=self.standing.day)]),
            **more,
        }
        return render(self.request, self.template_name, context, status=status)


def seen_now(form: forms.Form, number: int) -> dict[str, Any]:
    """What was sent, from the state that the page now shows beside it."""
    return {**form.data.dict(), "seen": str(number)}  # type: ignore[attr-defined]  # a QueryDict


def passages_or_errors(form: LookAgainForm, refusal: ValidationError) -> list[dict[str, Any]]:
    """What to look at once more, for its author alone; or a refusal's words at their fields."""
    if isinstance(refusal, LookAgain):
        text = clean_text(form.cleaned_data[form.TEXT]).strip()
        return [
            {
                "field": form[form.TEXT],
                "before": text[max(0, one.start - CONTEXT) : one.start],
                "passage": text[one.start : one.end],
                "after": text[one.end : one.end + CONTEXT],
                "kind": CONCERNS[one.kind],
            }
            for found in refusal.warnings.values()
            for one in found
        ]
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return []
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
    return []
