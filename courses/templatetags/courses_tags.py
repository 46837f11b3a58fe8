"""What pages take from courses: the quiz of a lesson."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import get_language

from courses.models import Lesson, Question, QuestionVersion
from courses.quizzes.form import draw_questions, to_read

register = template.Library()


@register.inclusion_tag("courses/quizzes/lesson_quiz.html", takes_context=True)
def lesson_quiz(context: Context, lesson: Lesson) -> dict[str, Any]:
    """The quiz of ``lesson``; nothing when it asks nothing.

    The questions are drawn once for all readers. A reader's own are the token against forged
    requests and the id of the attempt, new each time the form is drawn; the id says in which
    order the answers stand. Whoever is not signed
    in reads the questions and is led to the sign-in.
    """
    request = context["request"]
    attempt_id = uuid.uuid4()
    is_signed_in = request.user.is_authenticated
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "lesson": lesson,
        "is_signed_in": is_signed_in,
        "questions": draw_questions(
            lesson, get_language() or "", is_signed_in=is_signed_in, attempt_id=attempt_id
        ),
        "action": reverse("courses:quiz", args=[lesson.pk]),
        "attempt_id": attempt_id,
    }


@register.inclusion_tag("courses/quizzes/questions_to_read.html")
def quiz_preview(questions: Iterable[Question]) -> dict[str, Any]:
    """The ``questions`` an editor has chosen, to read only: for the preview of a lesson."""
    keys = [question.pk for question in questions]
    current = QuestionVersion.objects.filter(is_current=True, question__in=keys)
    by_question = {version.question_id: version for version in current}
    return {"asked": to_read(by_question[key] for key in keys if key in by_question)}
