"""Learning paths are given, their day is moved, and people are reminded; each can be undone."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from courses.actions import (
    LearningRefused,
    assign_path,
    change_due,
    restore_assignment,
    undo_batch,
    withdraw_assignment,
)
from courses.actions.reminders import may_be_reminded, remind
from courses.coordination.forms import (
    AssignForm,
    DueForm,
)
from courses.coordination.views.base import CoordinatorMixin, keys_in
from courses.models import Assignment
from courses.permissions import overseen_people
from people.models import Person


class AssignView(CoordinatorMixin, View):
    """Give chosen people a path: who, which, until when; then one press."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """The form with the chosen people; or, sent from there, the assignment."""
        people = self.chosen_people()
        if not people:
            messages.error(request, _("Choose at least one person."))
            return redirect("courses:oversight")
        is_sent = "batch" in request.POST
        form = AssignForm(
            request.POST if is_sent else None,
            day=self.standing.day,
            initial={"path": request.POST.get("forloeb", "")},
        )
        batch = next(iter(keys_in([request.POST.get("batch", "")])), uuid.uuid4())
        if is_sent and form.is_valid():
            try:
                return self._assign(form, people, batch)
            except LearningRefused as refusal:
                form.add_error("due_on" if refusal.code == "due" else None, refusal)
        self.log("list", people)
        context = {"form": form, "people": people, "batch": batch}
        status = 422 if form.errors else 200
        return render(request, "courses/coordination/assign.html", context, status=status)

    def _assign(self, form: AssignForm, people: list[Person], batch: uuid.UUID) -> HttpResponse:
        made = assign_path(
            form.cleaned_data["path"],
            people,
            by=self.standing,
            due_on=form.cleaned_data["due_on"],
            batch=batch,
            at=timezone.now(),
        )
        said = ngettext(
            "%(count)d person has got the path.", "%(count)d people have got the path.", len(made)
        ) % {"count": len(made)}
        if had := len(people) - len(made):
            said += " " + ngettext(
                "%(count)d person had it already.", "%(count)d people had it already.", had
            ) % {"count": had}
        messages.success(self.request, said)
        response = redirect("courses:oversight")
        if made:
            response["Location"] += f"?{urlencode({'tildelt': batch})}"
        return response


class UndoBatchView(CoordinatorMixin, View):
    """Take back what was assigned a moment ago."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
        """Undo, or say why not."""
        try:
            count = undo_batch(batch, by=self.standing, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            said = ngettext(
                "The path is taken back from %(count)d person.",
                "The path is taken back from %(count)d people.",
                count,
            )
            messages.success(request, said % {"count": count})
        return redirect("courses:oversight")


class RemindView(CoordinatorMixin, View):
    """Remind chosen people: who, who not and why; then one press."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """The question; or, sent from there, the reminder."""
        rows = Assignment.objects.active().filter(
            pk__in=keys_in(request.POST.getlist("valgt")),
            person__in=overseen_people(self.standing).values("pk"),
        )
        chosen = list(rows.select_related("path", "person").order_by("person__name", "pk"))
        if not chosen:
            messages.error(request, _("Choose at least one person."))
            return redirect("courses:oversight")
        now = timezone.now()
        if "send" in request.POST:
            count = len(remind(chosen, by=self.standing, at=now).told)
            said = ngettext(
                "%(count)d person is reminded.", "%(count)d people are reminded.", count
            )
            messages.success(request, said % {"count": count})
            return redirect("courses:oversight")
        free = may_be_reminded(chosen, at=now)
        self.log("list", {one.person for one in chosen})
        context = {
            "told": [one for one in chosen if one.pk in free],
            "left_out": [one for one in chosen if one.pk not in free],
        }
        return render(request, "courses/coordination/remind.html", context)


class AssignmentMixin(CoordinatorMixin):
    """One assignment of somebody in the scope."""

    @cached_property
    def assignment(self) -> Assignment:
        """It, with its path and person; 404 outside one's scope."""
        found = Assignment.objects.select_related("path", "person").filter(
            person__in=overseen_people(self.standing).values("pk"), retaken_at=None
        )
        return get_object_or_404(found, pk=self.kwargs["assignment"])

    def back(self, **query: Any) -> HttpResponse:
        """To the person's page."""
        response = redirect("courses:learner", pk=self.assignment.person_id)
        if query:
            response["Location"] += f"?{urlencode(query)}"
        return response


class DueView(AssignmentMixin, View):
    """Another day for a path of somebody."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """The day as it is."""
        if not self.assignment.is_active:
            raise Http404
        return self._page(DueForm(initial={"due_on": self.assignment.due_on}))

    def post(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """Keep the new one."""
        form = DueForm(request.POST)
        if form.is_valid():
            try:
                change_due(
                    self.assignment,
                    form.cleaned_data["due_on"],
                    by=self.standing,
                    at=timezone.now(),
                )
            except LearningRefused as refusal:
                form.add_error("due_on", refusal)
            else:
                messages.success(request, _("The day is changed."))
                return self.back()
        return self._page(form, status=422)

    def _page(self, form: DueForm, *, status: int = 200) -> HttpResponse:
        self.log("view", [self.assignment.person])
        context = {"form": form, "assignment": self.assignment, "subject": self.assignment.person}
        return render(self.request, "courses/coordination/due.html", context, status=status)


class TakeOffView(AssignmentMixin, View):
    """Take a path off somebody's list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """Do it; the person's page offers to undo it."""
        withdraw_assignment(self.assignment, by=self.standing, at=timezone.now())
        return self.back(fjernet=self.assignment.pk)


class PutBackView(AssignmentMixin, View):
    """Put a path back on somebody's list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, assignment: uuid.UUID) -> HttpResponse:
        """Do it, or say why not."""
        try:
            restore_assignment(self.assignment, by=self.standing, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The path is back on the list."))
        return self.back()
