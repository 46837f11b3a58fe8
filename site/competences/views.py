"""My competences, what I say of them, and what mentors, leaders and coordinators see of others."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from competences.actions import rate
from competences.models import CompetenceText, Level, Rating
from competences.overview import (
    COUNTING_ROLES,
    competence_map,
    numbers_for,
    ratings_of,
)
from competences.readers import mentored_people
from core.access_log import record
from core.forms import offer
from core.guard import GuardedFormMixin
from core.periods import not_retired
from core.small_groups import FEWEST_TO_SHOW
from people.access import PersonRequiredMixin, RoleRequiredMixin

HISTORY_SHOWN = 20
COLLEAGUES_SHOWN = 50


class MapView(PersonRequiredMixin, TemplateView):
    """What I have read, shown and practised, and what I say of myself."""

    template_name = "competences/map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The map of one framework; for mentors, whose ratings they may read."""
        standing = self.standing
        found = competence_map(self.person, on=standing.day, key=self.request.GET.get("fag", ""))
        return super().get_context_data(
            map=found,
            colleagues=list(mentored_people(standing)[:COLLEAGUES_SHOWN]),
            may_count=standing.has(*COUNTING_ROLES),
            **kwargs,
        )


class RatingForm(GuardedFormMixin, forms.Form):
    """One of four steps."""

    level = forms.ChoiceField(
        label=gettext_lazy("Where are you today?"),
        choices=Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the four steps.")},
    )

    def __init__(self, *args: Any, text: CompetenceText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (level.value, f"{level.label} – {getattr(text, level.value)}") for level in Level
        ]
        offer(self, level=offered)


class CompetenceView(PersonRequiredMixin, FormView[Any]):
    """One competence: what it means, how I have shown it, what I have said of it and say now."""

    form_class = RatingForm
    template_name = "competences/competence.html"

    @cached_property
    def text(self) -> CompetenceText:
        """The competence as it is worded today."""
        texts = CompetenceText.objects.in_force(on=self.standing.day)
        return get_object_or_404(
            texts.select_related("competence", "version__framework").filter(
                not_retired(self.standing.day, "version__framework__")
            ),
            competence=self.kwargs["competence"],
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the text: each step says what it means here."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"text": self.text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The evidence and the history, newest first."""
        framework = self.text.version.framework
        found = competence_map(self.person, on=self.standing.day, key=framework.key)
        rows = found.rows if found else []
        history = Rating.objects.filter(
            person=self.person, competence=self.text.competence_id
        ).order_by("-rated_at", "pk")
        context: dict[str, Any] = super().get_context_data(
            text=self.text,
            framework=framework,
            row=next((row for row in rows if row.text == self.text), None),
            history=list(history[:HISTORY_SHOWN]),
            **kwargs,
        )
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep what I say now; what I said before stays."""
        level = form.cleaned_data["level"]
        if rate(self.person, {self.text.competence_id: level}, at=timezone.now()):
            messages.success(self.request, _("Your rating is kept. You can change it any day."))
        response = redirect("competences:map")
        response["Location"] += f"?fag={self.text.version.framework.key}#k-{self.text.key}"
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, with what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ColleagueView(PersonRequiredMixin, TemplateView):
    """What a colleague says of themselves, for the present mentor alone."""

    template_name = "competences/colleague.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The ratings, and nothing of quizzes or lessons.

        Raises:
            Http404: For anybody whose mentor the reader is not today.
        """
        person = mentored_people(self.standing).filter(pk=self.kwargs["person"]).first()
        if person is None:
            raise Http404
        framework, rows = ratings_of(
            person, on=self.standing.day, key=self.request.GET.get("fag", "")
        )
        record(self.account, "view_ratings", person, at=timezone.now())
        own = {"colleague": person, "framework": framework, "rows": rows}
        return super().get_context_data(**(kwargs | own))


class CountsView(RoleRequiredMixin, TemplateView):
    """What those in the own scope have shown and say of themselves: in numbers, never by name."""

    required_roles = COUNTING_ROLES
    template_name = "competences/counts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Two tables for the whole scope."""
        return super().get_context_data(
            numbers=numbers_for(self.standing, key=self.request.GET.get("fag", "")),
            at_least=FEWEST_TO_SHOW,
            levels=[label for _value, label in Level.choices],
            **kwargs,
        )
