"""The quiz of a lesson and its result. Both ask for a person, and show only their own.

Nothing is written on GET. Each post may come twice.
"""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.generic import TemplateView, View

from courses.access import lesson_for
from courses.actions import LearningRefused, see_corrections, submit_quiz
from courses.kinds import ARRANGEMENTS, arrangement_of
from courses.models import CorrectedAttempt, Lesson, QuizAttempt
from courses.quizzes.corrected import corrections_of
from courses.quizzes.form import QuizForm, asked_in, draw_questions
from courses.quizzes.results import read_result
from people.access import PersonRequiredMixin

ATTEMPTS_SHOWN = 10


class QuizView(PersonRequiredMixin, TemplateView):
    """The quiz of a lesson by itself: to try again, and to complete what was sent."""

    template_name = "courses/quizzes/quiz.html"
    form_class = QuizForm  # it says itself what the identity guard refuses

    @cached_property
    def lesson(self) -> Lesson:
        """The lesson, if the reader may read its page."""
        return lesson_for(self.request, self.kwargs["lesson"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The questions, for an attempt of its own; they are drawn once for all readers."""
        lesson, attempt_id = self.lesson, uuid.uuid4()
        if not lesson.is_offered:
            raise Http404
        questions = draw_questions(
            lesson,
            get_language() or "da",
            is_signed_in=True,
            attempt_id=attempt_id,
            heading_level=2,
        )
        if not questions:
            raise Http404
        context = self.get_context_data(questions=questions, lesson=lesson, attempt_id=attempt_id)
        return self.render_to_response(context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the answers and lead to the result; or show what is missing, nothing lost."""
        attempt_id = self._attempt_id()
        form = QuizForm(asked_in(self.lesson), request.POST, arrangement=arrangement_of(attempt_id))
        if not form.is_valid():
            return self._show(form, attempt_id)
        try:
            attempt = submit_quiz(
                attempt_id=attempt_id,
                lesson=self.lesson,
                person=self.person,
                answers=form.answers,
                language=get_language() or "da",
                at=timezone.now(),
            )
        except LearningRefused as refusal:
            form.add_error(None, refusal)
            return self._show(form, _another_like(attempt_id))
        return redirect("courses:result", attempt=attempt.pk)

    def _attempt_id(self) -> uuid.UUID:
        """The id that came with the form; without a readable one this is a new attempt."""
        try:
            return uuid.UUID(self.request.POST.get("attempt", ""))
        except ValueError:
            return uuid.uuid4()

    def _show(self, form: QuizForm, attempt_id: uuid.UUID) -> HttpResponse:
        """The form that was sent, with what is missing in it, as the attempt with this id."""
        if not form.versions:
            raise Http404
        context = self.get_context_data(form=form, lesson=self.lesson, attempt_id=attempt_id)
        return self.render_to_response(context, status=422)


def _another_like(attempt_id: uuid.UUID) -> uuid.UUID:
    """The id of a new attempt whose answers stand in the same order: nothing moves on the page."""
    fresh = uuid.uuid4().int
    return uuid.UUID(int=fresh - fresh % ARRANGEMENTS + arrangement_of(attempt_id))


class SeenView(PersonRequiredMixin, View):
    """I have seen what was corrected in my result."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, attempt: uuid.UUID) -> HttpResponse:
        """Say it no more on the start page, and show the result."""
        own = get_object_or_404(QuizAttempt, pk=attempt, person=self.person)
        see_corrections(own, at=timezone.now())
        return redirect("courses:result", attempt=own.pk)


class ResultView(PersonRequiredMixin, TemplateView):
    """What I answered, what is right and why. Nobody else can open it."""

    template_name = "courses/quizzes/result.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The attempt, its answers as they were asked, and the attempts before."""
        attempt: Any = get_object_or_404(
            QuizAttempt.objects.select_related("lesson__module", "lesson__next").annotate(
                is_corrected=Exists(CorrectedAttempt.objects.filter(attempt=OuterRef("pk")))
            ),
            pk=self.kwargs["attempt"],
            person=self.person,
        )
        attempts = QuizAttempt.objects.filter(person=self.person, lesson=attempt.lesson)
        kwargs |= {
            "attempt": attempt,
            "lesson": attempt.lesson,
            "answers": read_result(attempt),
            "corrections": corrections_of(attempt) if attempt.is_corrected else [],
            "attempts": list(attempts.order_by("-submitted_at", "pk")[:ATTEMPTS_SHOWN]),
            "pass_percent": attempt.pass_percent,
        }
        return super().get_context_data(**kwargs)
