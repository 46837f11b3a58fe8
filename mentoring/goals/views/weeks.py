"""How the weeks to come are planned for a goal."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from mentoring.goals import actions
from mentoring.goals.actions import GoalRefused
from mentoring.goals.forms import (
    WeeksForm,
    number_seen,
)
from mentoring.goals.views.about import OfGoalMixin, seen_now
from mentoring.goals.weeks import Week, planned, suggested, table, weeks_ahead


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
                form.data = seen_now(request.POST, self.goal.plan_number)
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
