"""What one thinks of a session afterwards, and where one says one is now."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from competences.actions import rate
from competences.models import CompetenceText, Rating
from mentoring.actions import LookAgain
from mentoring.goals import actions
from mentoring.goals.actions import mentors_of
from mentoring.goals.forms import (
    ReflectionForm,
    number_seen,
)
from mentoring.goals.listing import practised_in
from mentoring.goals.views.about import seen_now
from mentoring.models import Reflection, Session
from mentoring.permissions import reflectable_sessions
from mentoring.progress import names, readers_of
from mentoring.views.refusals import add_errors, passages_of
from people.access import PersonRequiredMixin


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
                looked_again=form.has_looked_again(request.POST),
            )
            rate(self.person, form.levels, at=at)
        except LookAgain as refusal:
            return self._page(form, status=422, passages=passages_of(form, refusal))
        except ValidationError as refusal:
            add_errors(form, refusal)
            if getattr(refusal, "code", "") != "changed":
                return self._page(form, status=422)
            form.data = seen_now(request.POST, self._written()["seen"])
            return self._page(form, status=422, now=self.kept)
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
