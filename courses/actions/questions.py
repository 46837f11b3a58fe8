"""Freeze what a question says, so that learners answer a version that never changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from courses.actions.outline import restamp_lessons_asking
from courses.kinds import KINDS, Row
from courses.models import Choice, Question, QuestionRule, QuestionVersion
from rules.checks import refuse_unpublishable


def row_of(values: Mapping[str, Any]) -> Row:
    """A row as its kind judges it, of the values of a choice or of its form."""
    return Row(
        text=(values.get("text_da") or "").strip(),
        is_correct=bool(values.get("is_correct")),
        match=(values.get("match_da") or "").strip(),
        gap=values.get("gap"),
        tolerance=values.get("tolerance"),
    )


@transaction.atomic
def freeze_question(question: Question, *, at: datetime) -> QuestionVersion:
    """Make what ``question`` says now the version that learners answer from here on.

    Nothing happens when it says what its current version says. Answers to earlier versions stay
    as they were. Lessons that ask it are drawn anew.

    Args:
        at: Aware moment the version is recorded with.

    Raises:
        ValidationError: When the rows cannot be answered ("few_choices", "right_choices",
            "choice") or a rule behind it is not verified ("unverified").
    """
    Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    choices = list(question.choices.select_related("rule").order_by("sort_order", "pk"))
    KINDS[question.kind].check([row_of(vars(choice)) for choice in choices], question.text_da)
    behind = [question.rule, *(choice.rule for choice in choices)]
    cited = [rule for rule in behind if rule is not None]
    refuse_unpublishable(cited)
    latest = question.versions.order_by("-number").first()
    version = QuestionVersion(
        question=question,
        number=latest.number + 1 if latest else 1,
        kind=question.kind,
        rule=question.rule,
        content=content_of(question, choices),
        frozen_at=at,
    )
    if latest is not None and latest.as_content() == version.as_content():
        return latest
    question.versions.update(is_current=False)
    version.save()
    QuestionRule.objects.bulk_create(
        QuestionRule(version=version, rule_id=key)
        for key in dict.fromkeys(rule.pk for rule in cited)
    )
    restamp_lessons_asking(question)
    return version


def content_of(question: Question, choices: Sequence[Choice]) -> dict[str, Any]:
    """What ``question`` says, as a version keeps it. What is empty is left out."""
    content: dict[str, Any] = {
        "situation": _texts(question, "situation"),
        "text": _texts(question, "text"),
        "choices": [_row(question.kind, choice) for choice in choices],
    }
    if feedback := _texts(question, "feedback"):
        content["feedback"] = feedback
    if question.kind == Question.Kind.NUMERIC and (unit := _texts(question, "unit")):
        content["unit"] = unit
    if question.keeps_order:
        content["keeps_order"] = True
    if older := _older(question, choices):
        content["older"] = older
    return content


def _older(question: Question, choices: Iterable[Choice]) -> list[str]:
    """The languages in which something is said whose Danish has changed since."""
    is_told = {
        "unit": question.kind == Question.Kind.NUMERIC,
        "match": question.kind == Question.Kind.MATCHING,
    }
    said: list[tuple[Question | Choice, str]]
    said = [(question, name) for name in ("situation", "text", "unit", "feedback")]
    said += [(choice, name) for choice in choices for name in ("text", "match", "feedback")]
    return [
        code
        for code, _name in settings.LANGUAGES
        if code != settings.LANGUAGE_CODE
        and any(one.is_older(name, code) for one, name in said if is_told.get(name, True))
    ]


def _row(kind: str, choice: Choice) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": str(choice.pk),
        "is_correct": choice.is_correct,
        "text": _texts(choice, "text"),
        "feedback": _texts(choice, "feedback"),
    }
    if kind == Question.Kind.MATCHING:
        row["match"] = _texts(choice, "match")
    if kind == Question.Kind.CLOZE:
        row["gap"] = choice.gap
    if kind == Question.Kind.NUMERIC and choice.tolerance is not None:
        row["tolerance"] = f"{choice.tolerance.normalize():f}"
    if choice.rule_id is not None:
        row["rule"] = str(choice.rule_id)
    return row


def _texts(record: Any, name: str) -> dict[str, str]:
    texts = {code: getattr(record, f"{name}_{code}") for code in ("da", "kl")}
    return {code: text for code, text in texts.items() if text}
