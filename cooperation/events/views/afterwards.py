"""After an event: how it was, and what came of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from competences.overview import AT_LEAST
from cooperation.events.actions.afterwards import (
    answer_evaluation,
    ask_questions,
    keep_usual_questions,
    questions_of,
    write_output,
)
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.evaluation import results_of
from cooperation.events.forms import EvaluationForm, OutputForm, QuestionsForm
from cooperation.events.permissions import own_participations
from cooperation.events.views.base import EventMixin, KeeperMixin, Page, refused
from cooperation.models import EvaluationAnswer, EventOutput, Participant


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
        return super().get_context_data(is_answered=self.is_answered, at_least=AT_LEAST, **kwargs)


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
        if not self.keeps and not own.exists():
            raise Http404
        is_closed = self.standing.day > self.event.evaluation_ends_on
        return super().get_context_data(
            is_closed=is_closed,
            results=results_of(self.event) if is_closed else [],
            at_least=AT_LEAST,
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
            "decision__body", "action__body"
        )
        return super().get_context_data(
            outputs=list(found.order_by(F("written_at").asc(), "pk")), **kwargs
        )
