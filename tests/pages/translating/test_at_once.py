"""A translation goes live in the moment in which a reviewer changes what it stands beside."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from courses.actions import freeze_question
from courses.models import Choice, Question
from pages.translating import proposing
from pages.translating.records import Kind
from pages.translating.second_eyes import TranslationRefused
from people.models import Person
from rules.models import Rule
from tests.at_once import at_once
from tests.factories.courses import current, make_question, make_rule
from tests.factories.law import decide_on
from tests.factories.translating import make_staff
from tests.pages.translating.doing import QUESTIONS, RULES, send_on, standing

#: How long a reviewer's change stays open, so that the release meets it on the way.
OPEN_SECONDS = 1


@pytest.fixture
def two() -> Person:
    return make_staff("translator", name="Oversætter Demo 2")


def release_during(change: Callable[[], Any], kind: Kind, record: Any, by: Person) -> Any:
    """What a release answers that is pressed after ``change`` was made and before it is kept."""
    seen = standing(kind, record).version
    changed = threading.Event()

    def press(number: int) -> Any:
        if number == 0:
            with transaction.atomic():
                change()
                changed.set()
                threading.Event().wait(OPEN_SECONDS)
            return None
        changed.wait(60)
        return proposing.release(kind, record.pk, "kl", by, at=timezone.now(), seen=seen)

    return at_once(2, press, refusals=(TranslationRefused,))[1]


@pytest.mark.django_db(transaction=True)
def test_a_release_does_not_undo_what_a_reviewer_decides_meanwhile(one, two):
    rule = make_rule(statement_da="Det gamle.", deadline_days=7)
    send_on(RULES, rule, one, {"statement": "[kl] det gamle"})

    answer = release_during(
        lambda: decide_on(rule, "changed", statement_da="Det nye.", deadline_days=14),
        RULES, rule, two,
    )  # fmt: skip

    kept = Rule.objects.get()
    assert (kept.statement_da, kept.deadline_days, kept.statement_kl) == ("Det nye.", 14, "")
    assert answer.code == "changed"  # the translator looks at the difference first


@pytest.mark.django_db(transaction=True)
def test_a_release_does_not_bring_back_an_answer_that_is_right_no_more(one, two):
    question = make_question()
    right, wrong = (Choice.objects.filter(question=question, is_correct=is_it).first()
                    for is_it in (True, False))  # fmt: skip
    send_on(QUESTIONS, question, one, {f"{right.pk}.text": "[kl] a", f"{wrong.pk}.text": "[kl] b"})

    def correct() -> None:
        """As the form of a question does: its rows while nobody else can change it."""
        held = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
        Choice.objects.filter(pk=right.pk).update(is_correct=False)
        Choice.objects.filter(pk=wrong.pk).update(is_correct=True)
        freeze_question(held, at=timezone.now())

    release_during(correct, QUESTIONS, question, two)

    said = dict(Choice.objects.values_list("text_kl", "is_correct"))
    assert (said["[kl] a"], said["[kl] b"]) == (False, True)
    rows = current(question).content["choices"]
    answers = {row["text"].get("kl"): row["is_correct"] for row in rows}
    assert (answers["[kl] a"], answers["[kl] b"]) == (False, True)
