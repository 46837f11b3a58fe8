"""Saying how an event was with the link from the mail: no account, and nothing about others."""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from cooperation.events import by_link
from cooperation.events.actions.afterwards import (
    answer_evaluation,
    keep_usual_questions,
    questions_of,
)
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.forms.evaluation import EvaluationForm
from cooperation.models import Event, Participant
from core.periods import local_day
from core.small_groups import FEWEST_TO_SHOW


@method_decorator(never_cache, name="dispatch")
class EvaluateByLinkView(FormView[EvaluationForm]):
    """Open to whoever holds the link, and to nobody else.

    A link that was made up, has gone by, or stands for somebody who is no longer on the list gets
    one and the same answer.
    """

    form_class = EvaluationForm
    template_name = "cooperation/events/evaluate_by_link.html"
    participant: Participant

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer within what one address may try in a minute, and say nothing to the wrong link."""
        if not ratelimit.consume(
            request,
            app="cooperation",
            action="evaluate_by_link",
            config={"evaluate_by_link": settings.SIDEMAND_EVALUATE_LIMIT},
            limit_get=True,
        ):
            return ratelimit.respond_429(request)
        today = local_day(timezone.now())
        found = by_link.find(kwargs["token"], on=today)
        response: HttpResponseBase
        if found is None or not found.invitation.event.is_evaluated(on=today):
            response = render(request, "cooperation/events/link_is_over.html", status=404)
        else:
            self.participant = found
            response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    @property
    def event(self) -> Event:
        """What is asked about."""
        return self.participant.invitation.event

    def get_form_kwargs(self) -> dict[str, Any]:
        """The questions; they are saved before anybody can answer them."""
        if self.request.method == "POST":
            keep_usual_questions(self.event)
        return {**super().get_form_kwargs(), "questions": questions_of(self.event)}

    def form_valid(self, form: EvaluationForm) -> HttpResponse:
        """Keep the answers, once; the same address says thanks from then on."""
        try:
            answer_evaluation(self.participant, form.answers, at=timezone.now())
        except EventRefused as refusal:
            if refusal.code != "twice":
                form.add_error(None, refusal)
                return self.form_invalid(form)
        return redirect("cooperation:evaluate-by-link", self.kwargs["token"])

    def form_invalid(self, form: EvaluationForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The event by name and day, and whether one has answered."""
        return super().get_context_data(
            event=self.event,
            is_answered=self.participant.evaluated_on is not None,
            at_least=FEWEST_TO_SHOW,
            **kwargs,
        )
