"""How questions work is computed from first attempts, and shown from five learners on."""

import random
import statistics as plain_statistics
import uuid
from datetime import timedelta

import pytest

from core.small_groups import FEWEST_TO_SHOW
from courses.actions import correct_version, submit_quiz
from courses.models import Question
from courses.quizzes.statistics import Sums, figures, going_wrong, shares
from tests.factories.courses import (
    AT,
    current,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_of_kind,
    make_question,
    right_answer,
    wrong_answer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def lesson_asking(*questions):
    """A lesson with a quiz of ``questions``."""
    return make_lesson(make_module(make_course()), questions=[one.pk for one in questions])


def answer(lesson, questions, rights, *, person=None, at=AT):
    """A quiz is sent; ``rights`` says of each question whether it is answered rightly."""
    return submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=person or make_learner(),
        answers={
            current(question).pk: (right_answer if right else wrong_answer)(question)
            for question, right in zip(questions, rights, strict=True)
        },
        language="da",
        at=at,
    )


def figures_of(question):
    """The figures of one question."""
    [found] = figures(Question.objects.filter(pk=question.pk))
    return found


@pytest.mark.parametrize(("learners", "is_shown"), [(0, False), (4, False), (5, True)])
def test_below_five_learners_nothing_is_shown(learners, is_shown):
    question = make_question()
    lesson = lesson_asking(question)
    for _number in range(learners):
        answer(lesson, [question], [True])

    found = figures_of(question)

    assert (found.is_shown, found.percent is not None) == (is_shown, is_shown)
    assert bool(shares(question)) == is_shown


def test_a_learner_who_answers_in_many_lessons_is_one_learner():
    question = make_question()
    learner = make_learner()
    for _number in range(6):
        answer(lesson_asking(question), [question], [True], person=learner)

    assert not figures_of(question).is_shown
    assert shares(question) == []


def test_only_the_first_attempt_counts():
    question = make_question()
    lesson = lesson_asking(question)
    for number in range(FEWEST_TO_SHOW):
        learner = make_learner()
        answer(lesson, [question], [number == 0], person=learner)
        answer(lesson, [question], [True], person=learner, at=AT + timedelta(days=1))

    found = figures_of(question)

    assert (found.learners, found.attempts, found.percent) == (5, 5, 20)
    assert [share.count for share in shares(question)] == [1, 4, 0]


def test_figures_are_those_of_the_textbook():
    chance = random.Random(7)
    questions = [make_question() for _number in range(4)]
    lesson = lesson_asking(*questions)
    table = []
    for _number in range(30):
        skill = chance.random()
        rights = [chance.random() < skill for _question in questions]
        answer(lesson, questions, rights)
        table.append([int(right) for right in rights])

    for place, question in enumerate(questions):
        item = [row[place] for row in table]
        rest = [(sum(row) - row[place]) / 3 for row in table]
        found = figures_of(question)
        assert found.facility == pytest.approx(sum(item) / 30)
        assert found.discrimination == pytest.approx(plain_statistics.correlation(item, rest))


def test_what_never_varies_has_no_discrimination():
    easy, other = make_question(), make_question()
    lesson = lesson_asking(easy, other)
    for number in range(6):
        answer(lesson, [easy, other], [True, number % 2 == 0])

    assert figures_of(easy).discrimination is None


def test_a_quiz_of_one_question_has_a_facility_and_no_discrimination():
    question = make_question()
    lesson = lesson_asking(question)
    for number in range(6):
        answer(lesson, [question], [number % 2 == 0])

    found = figures_of(question)
    assert (found.percent, found.discrimination) == (50, None)


def test_a_correlation_stays_within_its_bounds():
    assert Sums(5, 2.0, 2.0, 2.0, 2.0).correlation() == 1.0
    assert Sums(4, 2.0, 2.0, 2.0, 2.0).correlation() is None


def test_a_question_that_those_who_know_more_get_wrong_is_named_first():
    turned, hard, fine, other = (make_question() for _number in range(4))
    lesson = lesson_asking(turned, hard, fine, other)
    for number in range(10):
        good = number >= 5
        answer(lesson, [turned, hard, fine, other], [not good, number == 9, good, good])

    wrong = going_wrong(figures(Question.objects.order_by("key")))

    assert [row.question for row in wrong] == [turned, hard]
    assert [row.troubles for row in wrong] == [["turned"], ["hard"]]


def test_a_question_left_out_counts_no_more(django_capture_on_commit_callbacks):
    question, other = make_question(), make_question()
    lesson = lesson_asking(question, other)
    for _number in range(6):
        answer(lesson, [question, other], [False, True])

    with django_capture_on_commit_callbacks(execute=True):
        correct_version(current(question), "out", reason="x", by=make_learner(), at=AT)

    assert not figures_of(question).is_shown


def test_what_was_typed_is_shown_nowhere():
    question = make_of_kind("short")
    lesson = lesson_asking(question)
    for text in ("Qaqortoq", "nuuk", "Et eget svar", "Et eget svar", "Noget andet"):
        submit_quiz(
            attempt_id=uuid.uuid4(),
            lesson=lesson,
            person=make_learner(),
            answers={current(question).pk: text},
            language="da",
            at=AT,
        )

    assert [(share.text, share.count) for share in shares(question)] == [
        ("Qaqortoq", 1), ("Byen Qaqortoq", 0), ("Nuuk", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 12])
def test_figures_take_one_query_for_questions_and_one_for_answers(count, django_assert_num_queries):
    questions = [make_question() for _number in range(count)]
    lesson = lesson_asking(*questions)
    for _number in range(FEWEST_TO_SHOW):
        answer(lesson, questions, [True] * count)

    with django_assert_num_queries(2):
        assert all(row.is_shown for row in figures(Question.objects.order_by("key")))
    with django_assert_num_queries(3):  # learners, versions, answers
        shares(questions[0])
