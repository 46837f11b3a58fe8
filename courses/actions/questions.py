"""Freeze what a question says, so that learners answer a version that never changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courses.actions.outline import restamp_lessons_asking
from courses.models import Question, QuestionVersion
from rules.checks import refuse_unpublishable


def check_choices(kind: str, right: Sequence[bool]) -> None:
    """Refuse choices that cannot be answered; ``right`` says of each whether it is.

    Raises:
        ValidationError: With code "few_choices" or "right_choices".
    """
    if len(right) < 2:
        raise ValidationError(_("Write at least two answers."), code="few_choices")
    if kind == Question.Kind.SINGLE and sum(right) != 1:
        raise ValidationError(_("Mark exactly one answer as right."), code="right_choices")
    if not any(right):
        raise ValidationError(_("Mark at least one answer as right."), code="right_choices")


@transaction.atomic
def freeze_question(question: Question, *, at: datetime) -> QuestionVersion:
    """Make what ``question`` says now the version that learners answer from here on.

    Nothing happens when it says what its current version says. Answers to earlier versions stay
    as they were. Lessons that ask it are drawn anew.

    Args:
        at: Aware moment the version is recorded with.

    Raises:
        ValidationError: When the choices cannot be answered ("few_choices", "right_choices") or
            the rule behind it is not verified ("unverified").
    """
    Question.objects.select_for_update().get(pk=question.pk)
    choices = list(question.choices.order_by("sort_order", "pk"))
    check_choices(question.kind, [choice.is_correct for choice in choices])
    if question.rule is not None:
        refuse_unpublishable([question.rule])
    latest = question.versions.order_by("-number").first()
    version = QuestionVersion(
        question=question,
        number=latest.number + 1 if latest else 1,
        kind=question.kind,
        rule=question.rule,
        content={
            "situation": _texts(question, "situation"),
            "text": _texts(question, "text"),
            "choices": [
                {
                    "id": str(choice.pk),
                    "is_correct": choice.is_correct,
                    "text": _texts(choice, "text"),
                    "feedback": _texts(choice, "feedback"),
                }
                for choice in choices
            ],
        },
        frozen_at=at,
    )
    if latest is not None and latest.as_content() == version.as_content():
        return latest
    question.versions.update(is_current=False)
    version.save()
    restamp_lessons_asking(question)
    return version


def _texts(record: Any, name: str) -> dict[str, str]:
    texts = {code: getattr(record, f"{name}_{code}") for code in ("da", "kl")}
    return {code: text for code, text in texts.items() if text}
