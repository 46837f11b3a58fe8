"""The pages and posts of one's own learning paths. Nothing is written on GET."""

from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.periods import local_day
from courses.actions import LearningRefused, leave_path, retake_path, take_path
from courses.actions.reminders import choose_reminders, see_reminder
from courses.models import Assignment, LearningPath
from courses.paths.walking import rounds_of, walked_path
from people.access import PersonRequiredMixin


class PathView(PersonRequiredMixin, TemplateView):
    """A path: its steps in their order, how far I am, and what is next."""

    template_name = "courses/paths/path.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A path that is offered, or that I walk or have walked."""
        day = local_day(timezone.now())
        rounds = rounds_of(self.person, self.kwargs["path"])
        key = self.kwargs["path"]
        path = rounds[0].path if rounds else get_object_or_404(LearningPath, key=key)
        is_open = path.is_open_on(day)
        if not rounds and not is_open:
            raise Http404
        kwargs |= {
            "walked": walked_path(path, self.person, day=day, rounds=rounds),
            "path": path,
            "is_open": is_open,
            "earlier": [one for one in rounds if one.retaken_at is not None],
        }
        return super().get_context_data(**kwargs)


class PathPostView(PersonRequiredMixin, View, ABC):
    """One press on a path."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, path: str) -> HttpResponse:
        """Do it, or say why not, and show the path."""
        found = get_object_or_404(LearningPath, key=path)
        try:
            self.act(found)
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("courses:learning")
        messages.success(request, self.said())
        return redirect("courses:path", path=found.key)

    @abstractmethod
    def act(self, path: LearningPath) -> None:
        """What is done."""

    @abstractmethod
    def said(self) -> str:
        """What is said afterwards."""


class TakePathView(PathPostView):
    """Walk a path."""

    def said(self) -> str:
        """What is said afterwards."""
        return _("The path is on your list. What you have read already counts.")

    def act(self, path: LearningPath) -> None:
        """Take it."""
        take_path(path, self.person, at=timezone.now())


class RetakePathView(PathPostView):
    """Walk a completed path again, from the beginning."""

    def said(self) -> str:
        """What is said afterwards."""
        return _("You begin again. What you did the first time is kept.")

    def act(self, path: LearningPath) -> None:
        """Begin a new round."""
        retake_path(path, self.person, at=timezone.now())


class SeeReminderView(PersonRequiredMixin, View):
    """Put a reminder away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reminder: UUID) -> HttpResponse:
        """Do it; somebody else's is not there."""
        if not see_reminder(reminder, self.person, at=timezone.now()):
            raise Http404
        return redirect("start")


class RemindersView(PersonRequiredMixin, View):
    """Which reminders I get."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what is ticked; all else is stopped."""
        ticked = (value.partition(":") for value in request.POST.getlist("til"))
        choose_reminders(self.person, {(kind, channel) for kind, _colon, channel in ticked})
        messages.success(request, _("Your reminders are saved."))
        return redirect("people:me")


class LeavePathView(PersonRequiredMixin, TemplateView):
    """Leave a path of one's own choice: asked once, and undone with one press."""

    template_name = "courses/paths/leave.html"

    @cached_property
    def path(self) -> LearningPath:
        """A path that I walk."""
        own = Assignment.objects.active().filter(person=self.person)
        return get_object_or_404(LearningPath, key=self.kwargs["path"], assignments__in=own)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The path one is about to leave."""
        return super().get_context_data(**(kwargs | {"learning_path": self.path}))

    def post(self, request: HttpRequest, path: str) -> HttpResponse:
        """Leave; a second press finds nothing more to do."""
        found = get_object_or_404(LearningPath, key=path)
        try:
            leave_path(found, self.person, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("courses:path", path=found.key)
        response = redirect("courses:learning")
        response["Location"] += f"?forladt={found.key}"
        return response
