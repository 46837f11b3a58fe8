"""What pages take from courses: the quiz of a lesson, and what a reader does with it."""

import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.models import Case, Lesson, Question, QuestionVersion
from courses.quizzes.form import draw_questions, to_read

register = template.Library()
#: Stands in kept HTML for the reader's own token against forged requests.
PLACEHOLDER = "the-token-of-the-reader"


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


@register.simple_tag(takes_context=True)
def own_tools(
    context: Context, kind: str, subject: Lesson | Case, state: Any, print_url: str = ""
) -> SafeString:
    """What a reader does with a lesson or case for themselves; ``kind`` as addresses name it.

    Drawn once for all readers who see the same; the token is each reader's own. Drawn anew for
    each reader it was a fifteenth of a lesson's cost.
    """
    is_signed_in = context.get("person") is not None
    draw = _own_tools.__wrapped__ if settings.DEBUG else _own_tools
    drawn = draw(
        get_language(),
        kind,
        subject.pk,
        print_url,
        is_signed_in=is_signed_in,
        is_saved=state.is_saved,
        has_note=state.has_note,
    )
    if is_signed_in:  # asking for the token sets a cookie
        drawn = drawn.replace(PLACEHOLDER, escape(context.get("csrf_token") or ""))
    return SafeString(drawn)


@lru_cache(maxsize=2048)
def _own_tools(_language: str, kind: str, key: UUID, print_url: str, **reader: bool) -> str:
    shown = {"kind": kind, "key": key, "print_url": print_url, "csrf_token": PLACEHOLDER}
    return render_to_string("courses/own/tools.html", shown | reader)
