"""My courses, and what a reader tells about a lesson: of whoever has signed in, and of nobody else.

Nothing is written on GET. Each post may come twice.
"""

import uuid
from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.periods import local_day
from courses.access import lesson_for
from courses.actions import (
    LearningRefused,
    enrol,
    mark_changes_seen,
    mark_read,
    open_lesson,
    retake,
    withdraw,
)
from courses.cases.pages import PLAYS_SHOWN, plays_of
from courses.learning.law import changes_for
from courses.learning.overview import start_cards
from courses.models import (
    Assignment,
    Bookmark,
    Course,
    Enrolment,
    LearningPath,
    Lesson,
)
from courses.paths.walking import my_paths
from people.access import PersonRequiredMixin, wants_json

OFFERS_SHOWN = 25
BOOKMARKS_SHOWN = 5


class LearningView(PersonRequiredMixin, TemplateView):
    """My courses, how far I am, and where I go on."""

    template_name = "courses/learning/learning.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The courses taken; without one, what there is to take."""
        day = local_day(timezone.now())
        cards = start_cards(self.person)
        paths = my_paths(self.person, day=day)
        takes_nothing = not cards.courses and not paths
        bookmarks = list(Bookmark.objects.of(self.person)[: BOOKMARKS_SHOWN + 1])
        return super().get_context_data(
            cards=cards,
            paths=paths,
            to_walk=[walked for walked in paths if not walked.is_done and walked.next][:1],
            offers=list(Course.objects.offered()[:OFFERS_SHOWN]) if takes_nothing else [],
            offered_paths=(
                list(LearningPath.objects.offered(on=day)[:OFFERS_SHOWN]) if takes_nothing else []
            ),
            left=self._left_course(),
            left_path=self._left_path(),
            plays=list(plays_of(self.person)[:PLAYS_SHOWN]),
            bookmarks=bookmarks[:BOOKMARKS_SHOWN],
            more_bookmarks=len(bookmarks) > BOOKMARKS_SHOWN,
            person=self.person,
            **kwargs,
        )

    def _left_path(self) -> LearningPath | None:
        """The path just left, by its key in the address, so that leaving can be undone."""
        key = self.request.GET.get("forladt", "")
        own = Assignment.objects.filter(person=self.person, path__key=key)
        if not slug_re.fullmatch(key) or own.active().exists():
            return None
        left = own.filter(withdrawn_at__isnull=False).select_related("path").first()
        return left.path if left else None

    def _left_course(self) -> Course | None:
        """The course just left, by its key in the address, so that leaving can be undone."""
        try:
            key = uuid.UUID(self.request.GET.get("left", ""))
        except ValueError:
            return None
        own = Enrolment.objects.filter(person=self.person, course=key)
        if own.active().exists():
            return None
        left = own.filter(withdrawn_at__isnull=False).select_related("course").first()
        return left.course if left else None


class EnrolView(PersonRequiredMixin, View):
    """Take a course."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, course: uuid.UUID) -> HttpResponse:
        """Enrol, and lead to the course."""
        found = get_object_or_404(Course, pk=course)
        try:
            enrol(found, self.person, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("courses:learning")
        messages.success(request, _("You are enrolled. Your progress is kept."))
        return redirect(found.path or "courses:learning")


class WithdrawView(PersonRequiredMixin, TemplateView):
    """Leave a course: asked once, and undone with one press."""

    template_name = "courses/learning/withdraw.html"

    @cached_property
    def course(self) -> Course:
        """A course that I take."""
        return get_object_or_404(
            Course, pk=self.kwargs["course"], enrolments__in=self._own_enrolments()
        )

    def _own_enrolments(self) -> Any:
        return Enrolment.objects.active().filter(person=self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The course one is about to leave."""
        return super().get_context_data(**(kwargs | {"course": self.course}))

    def post(self, request: HttpRequest, course: uuid.UUID) -> HttpResponse:
        """Leave; a second press finds nothing more to do."""
        withdraw(get_object_or_404(Course, pk=course), self.person, at=timezone.now())
        response = redirect("courses:learning")
        response["Location"] += f"?left={course}"
        return response


class RetakeView(PersonRequiredMixin, TemplateView):
    """Take a course again: asked once, with what happens to what was done."""

    template_name = "courses/learning/retake.html"

    @cached_property
    def course(self) -> Course:
        """A course that I take."""
        own = Enrolment.objects.active().filter(person=self.person)
        return get_object_or_404(Course, pk=self.kwargs["course"], enrolments__in=own)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The course one is about to take again."""
        return super().get_context_data(**(kwargs | {"course": self.course}))

    def post(self, request: HttpRequest, course: uuid.UUID) -> HttpResponse:
        """Begin the new round; a second press finds it begun."""
        try:
            retake(self.course, self.person, at=timezone.now())
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("You take the course again. What you did before is kept."))
        return redirect(self.course.path or "courses:learning")


class LessonPostView(PersonRequiredMixin, View, ABC):
    """Something a reader tells about a lesson: a script gets 204, a form the page again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, lesson: uuid.UUID) -> HttpResponse:
        """Keep it, and answer."""
        found = lesson_for(request, lesson)
        self.keep(found)
        if wants_json(request):
            return HttpResponse(status=204)
        if not found.path:
            messages.info(
                request, _("The lesson is not offered any more. What you have done in it is kept.")
            )
        return redirect(found.path or "courses:learning")

    @abstractmethod
    def keep(self, lesson: Lesson) -> None:
        """What is kept."""


class OpenedView(LessonPostView):
    """I am at this lesson: here I go on next time."""

    def keep(self, lesson: Lesson) -> None:
        """Remember the visit."""
        open_lesson(lesson, self.person, at=timezone.now())


class ReadView(LessonPostView):
    """I have read this lesson to its end."""

    def keep(self, lesson: Lesson) -> None:
        """Remember that it is read."""
        mark_read(lesson, self.person, at=timezone.now())


class ChangesView(PersonRequiredMixin, TemplateView):
    """What has changed in the law since I learnt it; seen with one press."""

    template_name = "courses/learning/changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Only the differences, of rules that I had learnt."""
        return super().get_context_data(**(kwargs | {"changes": changes_for(self.person)}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Mark what was shown as seen; what has come since stays."""
        shown = {int(key) for key in request.POST.getlist("decision") if key.isdecimal()}
        own = {key for change in changes_for(self.person) for key in change.decisions}
        mark_changes_seen(self.person, shown & own, at=timezone.now())
        messages.success(request, _("Marked as seen. The lessons are there to look up in."))
        return redirect("start")
