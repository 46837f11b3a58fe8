"""After an event: how it was, and what came of it."""

import uuid
from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from cooperation.bodies.people import seatable_people
from cooperation.changing import say
from cooperation.events.actions.afterwards import (
    answer_evaluation,
    ask_questions,
    become_action,
    become_decision,
    become_practice,
    first_line,
    keep_usual_questions,
    questions_of,
    write_output,
)
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.evaluation import results_of
from cooperation.events.forms.evaluation import EvaluationForm, QuestionsForm
from cooperation.events.forms.outcome import BecomeActionForm, BecomeDecisionForm, OutputForm
from cooperation.events.permissions import own_participations
from cooperation.events.views.base import EventMixin, KeeperMixin, Page, refused
from cooperation.models import EvaluationAnswer, EventOutput, Participant
from cooperation.permissions import run_bodies
from cooperation.refusals import CooperationRefused
from core.access_log import record
from core.small_groups import FEWEST_TO_SHOW


class EvaluateView(EventMixin, FormView[EvaluationForm]):
    """Say how it was; nobody can see who said it."""

    form_class = EvaluationForm
    template_name = "cooperation/events/evaluate.html"

    @cached_property
    def own(self) -> Participant:
        """The own seat; whoever had none has nothing to say here."""
        found = own_participations(self.standing).filter(
            invitation__event=self.event, seated_at__isnull=False
        )
        return get_object_or_404(found.select_related("invitation__event"))

    @property
    def is_answered(self) -> bool:
        """Whether one has answered."""
        return self.own.evaluated_on is not None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The questions; they are saved before anybody can answer them."""
        if self.request.method == "POST":
            keep_usual_questions(self.event)
        return {**super().get_form_kwargs(), "questions": questions_of(self.event)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The questions, or thanks.

        Raises:
            Http404: Outside the days on which answers are taken.
        """
        if not self.own or not self.event.is_evaluated(on=self.standing.day):
            raise Http404
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the answers, once."""
        if not self.own:
            raise Http404
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: EvaluationForm) -> HttpResponse:
        """Keep the answers, or say why not."""
        try:
            answer_evaluation(self.own, form.answers, at=timezone.now())
        except EventRefused as refusal:
            messages.error(self.request, refusal.messages[0])
        else:
            messages.success(self.request, _("Thank you. Nobody can see who answered what."))
        return redirect(self.event)

    def form_invalid(self, form: EvaluationForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether one has answered."""
        return super().get_context_data(
            is_answered=self.is_answered, at_least=FEWEST_TO_SHOW, **kwargs
        )


class ResultsView(EventMixin, Page):
    """What participants said, as pictures and tables, once all have answered."""

    template_name = "cooperation/events/results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """For whoever holds the event or had a seat in it.

        Raises:
            Http404: For everybody else.
        """
        own = own_participations(self.standing).filter(
            invitation__event=self.event, seated_at__isnull=False
        )
        if not self.hosts and not own.exists():
            raise Http404
        is_closed = self.standing.day > self.event.evaluation_ends_on
        return super().get_context_data(
            is_closed=is_closed,
            results=results_of(self.event) if is_closed else [],
            at_least=FEWEST_TO_SHOW,
            **kwargs,
        )


class QuestionsView(KeeperMixin, FormView[QuestionsForm]):
    """Choose what participants are asked."""

    form_class = QuestionsForm
    template_name = "cooperation/events/questions.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The questions as they stand."""
        return {
            **super().get_form_kwargs(),
            "questions": questions_of(self.event),
            "initial": {"evaluate_until": self.event.evaluation_ends_on},
        }

    def form_valid(self, form: QuestionsForm) -> HttpResponse:
        """Keep them, or say why not."""
        try:
            ask_questions(self.event, form.given, until=form.cleaned_data["evaluate_until"])
        except ValidationError as refusal:
            return refused(form, refusal, draw=self.form_invalid)
        messages.success(self.request, _("The questions are saved."))
        return redirect(self.event)

    def form_invalid(self, form: QuestionsForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether somebody has answered: then nothing changes any more."""
        answered = EvaluationAnswer.objects.filter(question__event=self.event).exists()
        return super().get_context_data(is_answered=answered, **kwargs)


class OutputsView(KeeperMixin, FormView[OutputForm]):
    """What came of the event, and what became of that."""

    form_class = OutputForm
    template_name = "cooperation/events/outputs.html"

    def get_initial(self) -> dict[str, Any]:
        """A name for what is written next."""
        return {"key": uuid.uuid4()}

    def form_valid(self, form: OutputForm) -> HttpResponse:
        """Keep it."""
        try:
            write_output(
                self.event,
                form.cleaned_data["key"],
                form.cleaned_data["text"],
                by=self.person,
                at=timezone.now(),
            )
        except ValidationError as refusal:
            return refused(form, refusal, draw=self.form_invalid)
        messages.success(self.request, _("It is kept."))
        return redirect("cooperation:outputs", event=self.event.pk)

    def form_invalid(self, form: OutputForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is written already."""
        found = EventOutput.objects.filter(event=self.event).select_related(
            "decision__body", "action__body", "practice"
        )
        return super().get_context_data(
            outputs=list(found.order_by(F("written_at").asc(), "pk")), **kwargs
        )


class _BecomeView(KeeperMixin, FormView[Any], ABC):
    """An output of the event becomes something; what it has become already stays."""

    template_name = "cooperation/events/become.html"

    @cached_property
    def output(self) -> EventOutput:
        """The output of the address, of this event."""
        found = EventOutput.objects.filter(event=self.event).select_related("event")
        return get_object_or_404(found, pk=self.kwargs["output"])

    @property
    def bodies(self) -> Any:
        """The groups one runs today."""
        return run_bodies(self.standing).valid_on(self.standing.day).order_by("name_da", "pk")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The groups to choose from."""
        return {**super().get_form_kwargs(), "bodies": self.bodies}

    @abstractmethod
    def become(self, form: Any) -> None:
        """Let it become what was filled in."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it, or say why not."""
        try:
            self.become(form)
        except CooperationRefused as refusal:
            say(form, refusal)
            return self.form_invalid(form)
        except ValidationError as refusal:
            return refused(form, refusal, draw=self.form_invalid)
        record(self.request.user, "change", self.output, at=timezone.now())
        messages.success(self.request, _("It is saved."))
        return redirect("cooperation:outputs", event=self.event.pk)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The output.

        Raises:
            Http404: Once it has become something.
        """
        if self.output.is_settled:
            raise Http404
        record(self.request.user, "view", self.event, at=timezone.now())
        return super().get_context_data(output=self.output, **kwargs)


class BecomeDecisionView(_BecomeView):
    """It becomes a decision of a group."""

    form_class = BecomeDecisionForm

    def get_initial(self) -> dict[str, Any]:
        """Its first line, and the last day of the event."""
        return {
            "title_da": first_line(self.output),
            "decided_on": min(self.standing.day, self.event.evaluation_begins_on),
        }

    def become(self, form: Any) -> None:
        """Decide it."""
        become_decision(self.output, by=self.person, at=timezone.now(), **form.cleaned_data)


class BecomeActionView(_BecomeView):
    """It becomes an action of somebody for a group."""

    form_class = BecomeActionForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people who can own it, too."""
        return {**super().get_form_kwargs(), "people": seatable_people(self.standing)}

    def get_initial(self) -> dict[str, Any]:
        """Its first line."""
        return {"text": first_line(self.output)}

    def become(self, form: Any) -> None:
        """Give it to its owner."""
        become_action(self.output, by=self.person, at=timezone.now(), **form.cleaned_data)


class BecomePracticeView(KeeperMixin, View):
    """It becomes the draft of an example of good practice, to be written on."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Begin the example, and go on writing it."""
        found = EventOutput.objects.filter(event=self.event)
        output = get_object_or_404(found, pk=self.kwargs["output"])
        try:
            output = become_practice(output, by=self.person, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("cooperation:outputs", event=self.event.pk)
        return redirect("cooperation:write-practice", practice=output.practice_id)
