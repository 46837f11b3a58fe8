"""What happens at the edges, as ``docs/learners.md`` says it: nothing is lost, and it is said."""

import uuid

import pytest
from django.urls import reverse

from courses.actions import LearningRefused, sync_lesson
from courses.actions.bank import delete_question, retire_question
from courses.models import Lesson, LessonProgress, QuizAttempt
from tests.factories.courses import (
    AT,
    LATER,
    current,
    make_course,
    make_lesson,
    make_module,
    make_question,
    right_answer,
    sent_for,
    wrong_answer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


@pytest.fixture
def questions():
    return [make_question(), make_question()]


@pytest.fixture
def lesson(questions):
    return make_lesson(make_module(make_course()), questions=[one.pk for one in questions])


def sync(lesson, **fields):
    """The lesson as its page says it now."""
    asked = lesson.lesson_questions.order_by("position").values_list("question", flat=True)
    defaults = {
        "module_key": lesson.module_id,
        "position": 1,
        "minutes": 6,
        "language": "da",
        "title": "Lektion 1",
        "path": lesson.path,
        "is_live": True,
        "questions": list(asked),
        "rules": [],
    }
    return sync_lesson(lesson.pk, **(defaults | fields))


def answers_of(*pairs):
    """What a browser sends: each question with what is answered to it."""
    data = {"attempt": str(uuid.uuid4())}
    for question, given in pairs:
        data |= sent_for(question, given)
    return data


def test_a_lesson_unpublished_meanwhile_takes_what_was_done_and_says_so(
    client, learner, lesson, questions
):
    form = answers_of(*((one, right_answer(one)) for one in questions))
    sync(lesson, is_live=False, path="")

    read = client.post(reverse("courses:read", args=[lesson.pk]), follow=True)
    result = client.post(reverse("courses:quiz", args=[lesson.pk]), form, follow=True)

    assert LessonProgress.objects.get().read_at is not None
    assert QuizAttempt.objects.get().passed
    said = "Lektionen udbydes ikke mere."
    assert said in read.content.decode()
    assert said in result.content.decode()
    assert client.get(reverse("courses:quiz", args=[lesson.pk])).status_code == 404


def test_a_lesson_that_is_offered_says_nothing_of_the_kind(client, learner, lesson, questions):
    form = answers_of(*((one, right_answer(one)) for one in questions))

    read = client.post(reverse("courses:read", args=[lesson.pk]))
    result = client.post(reverse("courses:quiz", args=[lesson.pk]), form, follow=True)

    assert read["Location"] == lesson.path
    assert "udbydes ikke mere" not in result.content.decode()


def test_two_tabs_in_one_quiz_are_two_attempts_and_both_stay(client, learner, lesson, questions):
    address = reverse("courses:quiz", args=[lesson.pk])
    ids = {client.get(address).context["attempt_id"] for _tab in range(2)}
    wrong = answers_of(*((one, wrong_answer(one)) for one in questions))
    right = answers_of(*((one, right_answer(one)) for one in questions))

    for form in (wrong, right):
        client.post(address, form)

    assert len(ids) == 2
    scores = QuizAttempt.objects.order_by("score").values_list("score", flat=True)
    assert list(scores) == [0, 2]


def test_a_question_taken_out_meanwhile_is_left_out_and_the_others_count(
    client, learner, lesson, questions
):
    form = answers_of(*((one, right_answer(one)) for one in questions))
    sync(lesson, questions=[questions[0].pk])

    client.post(reverse("courses:quiz", args=[lesson.pk]), form)

    attempt = QuizAttempt.objects.get()
    assert (attempt.score, attempt.total) == (1, 1)
    assert [one.version for one in attempt.answers.all()] == [current(questions[0])]


def test_a_question_put_in_meanwhile_is_asked_for_and_nothing_is_lost(
    client, learner, lesson, questions
):
    new = make_question(text_da="Et nyt spørgsmål")
    form = answers_of(*((one, right_answer(one)) for one in questions))
    sync(lesson, questions=[*(one.pk for one in questions), new.pk])

    response = client.post(reverse("courses:quiz", args=[lesson.pk]), form)

    assert response.status_code == 422
    html = response.content.decode()
    assert "Et nyt spørgsmål" in html
    assert html.count(" checked") == 2
    assert not QuizAttempt.objects.exists()


def test_a_question_with_answers_is_kept_readable_as_it_was_asked(
    client, learner, lesson, questions
):
    form = answers_of(*((one, right_answer(one)) for one in questions))
    client.post(reverse("courses:quiz", args=[lesson.pk]), form)
    sync(lesson, questions=[questions[1].pk])

    with pytest.raises(LearningRefused) as refusal:
        delete_question(questions[0])
    retire_question(questions[0], at=LATER)

    assert refusal.value.code == "answered"
    attempt = QuizAttempt.objects.get()
    html = client.get(reverse("courses:result", args=[attempt.pk])).content.decode()
    assert questions[0].text_da in html
    assert Lesson.objects.get().lesson_questions.count() == 1
    assert AT < LATER
