"""What is locked: it stops whoever changes the same, and nobody who only points at it."""

import ast
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction

from courses.actions import submit_quiz
from courses.actions.completing import hold
from courses.models import QuestionVersion
from notices.models import Notice
from people.models import Person
from tests.factories.courses import (
    AT,
    chosen,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
)

ROOT = Path(__file__).resolve().parents[2]
#: Where a row is locked for rows that point at it as well; the reason stands beside each.
STRONG = {
    ("courses/actions/bank.py", "delete_question"),
    ("courses/actions/corrections.py", "correct_version"),
}


def locks() -> Iterator[tuple[str, str, ast.Call]]:
    """File, function and call of each lock of ours."""
    for package in ("site", "courses", "mentoring", "cooperation"):
        for file in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for function in ast.walk(tree):
                if not isinstance(function, ast.FunctionDef):
                    continue
                for call in ast.walk(function):
                    if (
                        isinstance(call, ast.Call)
                        and isinstance(call.func, ast.Attribute)
                        and call.func.attr == "select_for_update"
                    ):
                        yield str(file.relative_to(ROOT)), function.name, call


def test_every_lock_leaves_room_for_rows_that_point_at_it():
    """PostgreSQL asks for such a row when a transaction ends, with everything else still held.

    Two that each hold what the other's new row points at would wait for each other.
    """
    found = list(locks())
    strong = {
        (file, function)
        for file, function, call in found
        if "no_key" not in {keyword.arg for keyword in call.keywords}
    }

    assert len(found) > 100
    assert strong == STRONG


def meanwhile(work: Callable[[], object]) -> object:
    """What ``work`` gives in a transaction of its own that waits for nothing longer than this."""
    answer: list[object] = []

    def run() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                answer.append(work())
        except OperationalError as refused:
            answer.append(type(refused.__cause__).__name__)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return answer[0]


only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_held_person_can_be_written_to_and_not_changed():
    person = make_learner()

    with transaction.atomic():
        hold(person)
        told = meanwhile(lambda: Notice.objects.create(person=person, kind="probe", made_at=AT).pk)
        changed = meanwhile(lambda: Person.objects.filter(pk=person.pk).update(name="Ny"))

    assert Notice.objects.filter(pk=told, person=person).exists()
    assert changed == "LockNotAvailable"


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_correction_waits_for_the_answers_that_were_judged_before_it():
    question = make_question()
    lesson, learner = (
        make_lesson(make_module(make_course()), questions=[question.pk]),
        make_learner(),
    )
    version = question.versions.get()

    def lock() -> object:
        return QuestionVersion.objects.select_for_update().get(pk=version.pk).pk

    with transaction.atomic():
        submit_quiz(
            attempt_id=version.pk, lesson=lesson, person=learner,
            answers=chosen(question, 0), language="da", at=AT,
        )  # fmt: skip
        before = meanwhile(lock)

    assert before == "LockNotAvailable"
    assert meanwhile(lock) == version.pk
