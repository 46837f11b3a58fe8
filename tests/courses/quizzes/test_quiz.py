"""A quiz is marked by what was shown, kept as it was asked, and sent once however often."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from courses.actions import LearningRefused, freeze_question, submit_quiz
from courses.models import Answer, Enrolment, LessonProgress, QuestionVersion, QuizAttempt
from courses.quizzes.form import QuizForm, asked_in, draw_questions
from courses.quizzes.results import read_result
from tests.factories.courses import (
    AT,
    LATER,
    chosen,
    current,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
    make_rule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def lesson_asking(*questions):
    """A lesson with a quiz of ``questions``."""
    return make_lesson(make_module(make_course()), questions=[one.pk for one in questions])


def send(lesson, learner, answers, *, attempt_id=None, at=AT):
    """The quiz is sent once."""
    return submit_quiz(
        attempt_id=attempt_id or uuid.uuid4(),
        lesson=lesson,
        person=learner,
        answers=answers,
        language="da",
        at=at,
    )


def test_a_question_is_right_when_exactly_the_right_answers_are_chosen():
    single = make_question()
    several = make_question(kind="multiple", right=[True, True, False])
    lesson = lesson_asking(single, several)

    attempt = send(lesson, make_learner(), chosen(single, 0) | chosen(several, 0, 1))

    assert (attempt.score, attempt.total, attempt.passed) == (2, 2, True)


@pytest.mark.parametrize("given", [(0,), (0, 1, 2), (2,)])
def test_part_of_several_right_answers_is_not_right(given):
    several = make_question(kind="multiple", right=[True, True, False])

    attempt = send(lesson_asking(several), make_learner(), chosen(several, *given))

    assert (attempt.score, attempt.passed) == (0, False)


@pytest.mark.parametrize(("right", "passed"), [(3, False), (4, True), (5, True)])
def test_four_of_five_pass(right, passed):
    questions = [make_question() for _number in range(5)]
    answers = {}
    for index, question in enumerate(questions):
        answers |= chosen(question, 0 if index < right else 1)

    attempt = send(lesson_asking(*questions), make_learner(), answers)

    assert (attempt.score, attempt.passed) == (right, passed)


def test_answers_keep_the_order_of_the_quiz():
    first, second = make_question(), make_question()

    attempt = send(
        lesson_asking(first, second), make_learner(), chosen(second, 1) | chosen(first, 0)
    )

    answers = attempt.answers.order_by("position")
    assert [answer.version.question for answer in answers] == [first, second]
    assert [answer.is_correct for answer in answers] == [True, False]


@pytest.mark.parametrize("times", [1, 2, 20])
def test_the_same_attempt_sent_again_gives_the_same_result(times):
    question = make_question()
    lesson, learner, key = lesson_asking(question), make_learner(), uuid.uuid4()

    results = {
        send(lesson, learner, chosen(question, 0), attempt_id=key).pk for _time in range(times)
    }

    assert results == {key}
    assert QuizAttempt.objects.count() == Answer.objects.count() == 1
    assert LessonProgress.objects.count() == Enrolment.objects.count() == 1


def test_the_same_attempt_with_other_answers_is_a_conflict_and_the_first_stays():
    question = make_question()
    lesson, learner, key = lesson_asking(question), make_learner(), uuid.uuid4()
    first = send(lesson, learner, chosen(question, 0), attempt_id=key)

    with pytest.raises(LearningRefused) as refusal:
        send(lesson, learner, chosen(question, 1), attempt_id=key)

    assert refusal.value.code == "conflict"
    assert list(QuizAttempt.objects.all()) == [first]


def test_an_attempt_of_somebody_else_is_a_conflict_that_tells_nothing():
    question = make_question()
    lesson, key = lesson_asking(question), uuid.uuid4()
    send(lesson, make_learner(), chosen(question, 0), attempt_id=key)

    with pytest.raises(LearningRefused) as refusal:
        send(lesson, make_learner(), chosen(question, 0), attempt_id=key)

    assert refusal.value.code == "conflict"


def test_a_new_attempt_counts_by_itself():
    question = make_question()
    lesson, learner = lesson_asking(question), make_learner()

    send(lesson, learner, chosen(question, 1))
    send(lesson, learner, chosen(question, 0), at=LATER)

    assert list(QuizAttempt.objects.order_by("submitted_at").values_list("score", flat=True)) == [
        0,
        1,
    ]


def test_every_question_needs_an_answer():
    first, second = make_question(), make_question()
    lesson = lesson_asking(first, second)

    with pytest.raises(LearningRefused) as refusal:
        send(lesson, make_learner(), chosen(first, 0))

    assert refusal.value.code == "unanswered"
    assert refusal.value.unanswered == {second.pk}
    assert not QuizAttempt.objects.exists()


def test_an_answer_that_was_never_offered_is_refused():
    question, other = make_question(), make_question()
    lesson = lesson_asking(question)
    strange = {current(question).pk: set(*chosen(other, 0).values())}

    with pytest.raises(LearningRefused) as refusal:
        send(lesson, make_learner(), strange)

    assert refusal.value.code == "unknown"


@pytest.mark.parametrize("answers", [{uuid.UUID(int=1): {uuid.UUID(int=2)}}])
def test_a_question_that_does_not_exist_is_refused(answers):
    with pytest.raises(LearningRefused) as refusal:
        send(lesson_asking(make_question()), make_learner(), answers)

    assert refusal.value.code == "unknown"


def test_two_answers_to_a_question_that_takes_one_are_refused():
    question = make_question()

    with pytest.raises(LearningRefused) as refusal:
        send(lesson_asking(question), make_learner(), chosen(question, 0, 1))

    assert refusal.value.code == "unknown"


def test_a_lesson_without_questions_has_no_quiz():
    with pytest.raises(LearningRefused) as refusal:
        send(lesson_asking(), make_learner(), {})

    assert refusal.value.code == "no_quiz"


def test_an_answer_is_judged_by_the_version_that_was_shown():
    question = make_question()
    lesson = lesson_asking(question)
    shown = chosen(question, 0)
    first, second, _third = question.choices.order_by("sort_order")
    first.is_correct, second.is_correct = False, True
    first.save()
    second.save()
    freeze_question(question, at=LATER)

    attempt = send(lesson, make_learner(), shown, at=LATER)

    assert (attempt.score, current(question).number) == (1, 2)


def test_an_answer_stays_readable_as_it_was_asked():
    question = make_question(text_da="Som det var")
    attempt = send(lesson_asking(question), make_learner(), chosen(question, 1))
    question.text_da = "Som det blev"
    question.save()
    question.choices.update(text_da="Et andet svar")
    freeze_question(question, at=LATER)

    [answer] = read_result(attempt)

    with translation.override("da"):
        assert answer.text == "Som det var"
        assert sorted((line.text, line.is_chosen) for line in answer.lines) == [
            ("Svar 1", False),
            ("Svar 2", True),
            ("Svar 3", False),
        ]


def test_a_question_that_was_answered_cannot_be_deleted():
    question = make_question()
    lesson = lesson_asking(question)
    send(lesson, make_learner(), chosen(question, 0))
    lesson.lesson_questions.all().delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        question.delete()


def test_a_question_withdrawn_from_the_lesson_is_left_out():
    kept, withdrawn = make_question(), make_question()
    lesson = lesson_asking(kept, withdrawn)
    lesson.lesson_questions.filter(question=withdrawn).delete()

    attempt = send(lesson, make_learner(), chosen(kept, 0) | chosen(withdrawn, 0))

    assert (attempt.score, attempt.total) == (1, 1)


def test_a_score_above_the_total_is_refused_by_the_database():
    question = make_question()
    attempt = send(lesson_asking(question), make_learner(), chosen(question, 0))

    with pytest.raises(IntegrityError), transaction.atomic():
        QuizAttempt.objects.filter(pk=attempt.pk).update(score=2)


# --- The bank -----------------------------------------------------------------------------------


def test_freezing_what_has_not_changed_makes_no_version():
    question = make_question()

    again = freeze_question(question, at=LATER)

    assert (again.number, again.frozen_at) == (1, AT)
    assert QuestionVersion.objects.count() == 1


def test_a_changed_question_redraws_the_lessons_that_ask_it():
    question = make_question()
    lesson = lesson_asking(question)
    other = lesson_asking(make_question())

    question.text_da = "Nyt"
    question.save()
    freeze_question(question, at=LATER)

    stamps = [lesson.body_stamp, other.body_stamp]
    lesson.refresh_from_db()
    other.refresh_from_db()
    assert [lesson.body_stamp, other.body_stamp] == [stamps[0] + 1, stamps[1]]


@pytest.mark.parametrize(
    ("kind", "right", "code"),
    [
        ("single", [True], "few_choices"),
        ("single", [False, False], "right_choices"),
        ("single", [True, True], "right_choices"),
        ("multiple", [False, False], "right_choices"),
        ("multiple", [], "few_choices"),
    ],
)
def test_choices_that_cannot_be_answered_are_refused(kind, right, code):
    with pytest.raises(ValidationError) as refusal:
        make_question(kind=kind, right=right)

    assert refusal.value.code == code
    assert not QuestionVersion.objects.exists()


def test_a_question_on_an_unverified_rule_is_refused():
    with pytest.raises(ValidationError) as refusal:
        make_question(rule=make_rule(state="unverified"))

    assert refusal.value.code == "unverified"


def test_only_one_version_is_current():
    question = make_question()
    question.text_da = "Nyt"
    question.save()
    freeze_question(question, at=LATER)

    assert [(v.number, v.is_current) for v in question.versions.order_by("number")] == [
        (1, False),
        (2, True),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        question.versions.update(is_current=True)


# --- The form -----------------------------------------------------------------------------------


def form_data(question, *indexes):
    """What a browser sends for ``question``."""
    [(version, choices)] = chosen(question, *indexes).items()
    return {f"answer-{version}": [str(choice) for choice in choices]}


def test_a_form_that_comes_back_keeps_the_version_it_was_drawn_with():
    question = make_question()
    lesson = lesson_asking(question)
    data = {name: given[0] for name, given in form_data(question, 0).items()}
    question.text_da = "Nyt"
    question.save()
    freeze_question(question, at=LATER)

    form = QuizForm(asked_in(lesson), data)

    assert form.is_valid()
    assert [version.number for version in form.versions] == [1]


def test_a_version_of_a_foreign_question_is_ignored():
    question, foreign = make_question(), make_question()
    data = {name: given[0] for name, given in form_data(foreign, 0).items()}

    form = QuizForm(asked_in(lesson_asking(question)), data)

    assert [version.question for version in form.versions] == [question]
    assert not form.is_valid()


def test_the_questions_are_drawn_once_for_everybody(django_assert_num_queries):
    lesson = lesson_asking(make_question(), make_question())

    with django_assert_num_queries(1):
        first = draw_questions(lesson, "da", is_signed_in=True)
        second = draw_questions(lesson, "da", is_signed_in=True)

    assert first == second
    assert first.count('type="radio"') == 6
    assert "csrf" not in first


def test_a_changed_question_is_drawn_anew():
    question = make_question()
    lesson = lesson_asking(question)
    draw_questions(lesson, "da", is_signed_in=True)

    question.text_da = "Helt nyt"
    question.save()
    freeze_question(question, at=LATER)
    lesson.refresh_from_db()

    assert "Helt nyt" in draw_questions(lesson, "da", is_signed_in=True)


def test_whoever_is_not_signed_in_reads_the_questions_without_fields():
    html = draw_questions(lesson_asking(make_question()), "da", is_signed_in=False)

    assert "Svar 1" in html
    assert "<input" not in html
    assert "Fordi" not in html


def test_the_drawn_questions_do_not_tell_the_right_answer():
    html = draw_questions(lesson_asking(make_question()), "da", is_signed_in=True)

    assert "Fordi" not in html
    assert "True" not in html


def test_markup_in_a_question_is_text():
    question = make_question(text_da="<script>alert(1)</script>")

    html = draw_questions(lesson_asking(question), "da", is_signed_in=True)

    assert "<script>" not in html
    assert "&lt;script&gt;" in html
