"""Take a question out of use, or out of the bank."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.actions.refusals import LearningRefused
from courses.models import Answer, Lesson, LessonQuestion, Question


def lessons_asking(question: Question) -> list[Lesson]:
    """The lessons that ask ``question``, the published ones first, in their order; one query.

    Published are also those whose module or course is not published now: with it they ask again.
    One that was withdrawn keeps its questions: it may come back.
    """
    asking = Lesson.objects.filter(questions=question.pk).select_related("course")
    return list(asking.order_by("-is_live", "course", "module__position", "position", "pk"))


def is_answered(question: Question) -> bool:
    """Whether anybody has answered it."""
    return Answer.objects.filter(version__question=question).exists()


@transaction.atomic
def retire_question(question: Question, *, at: datetime) -> None:
    """Offer the question for no further quiz. Its answers and figures stay.

    Raises:
        LearningRefused: With code "asked" while a published lesson asks it.
    """
    locked = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    if any(lesson.is_live for lesson in lessons_asking(locked)):
        raise LearningRefused(
            _("Lessons ask this question. Take it out of their quizzes first."), code="asked"
        )
    Question.objects.filter(pk=locked.pk, retired_at__isnull=True).update(retired_at=at)


@transaction.atomic
def bring_back_question(question: Question) -> None:
    """Let the question be chosen for quizzes again."""
    Question.objects.filter(pk=question.pk).update(retired_at=None)


@transaction.atomic
def delete_question(question: Question) -> None:
    """Delete a question that nobody has answered and no lesson asks.

    Raises:
        LearningRefused: With code "asked" while a lesson asks it, offered or not, or "answered".
            The message says what to do instead.
    """
    # For rows that point at it as well: it is about to go.
    locked = Question.objects.select_for_update().get(pk=question.pk)
    if is_answered(locked):
        raise LearningRefused(
            _(
                "Learners have answered this question, and their results need it. "
                "Retire it instead."
            ),
            code="answered",
        )
    if LessonQuestion.objects.filter(question=locked).exists():
        raise LearningRefused(
            _("Lessons ask this question. Take it out of their quizzes first."), code="asked"
        )
    locked.versions.all().delete()
    locked.delete()
