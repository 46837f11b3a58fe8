"""The same thing sent at the same time counts once, on both databases."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from courses.actions import LearningRefused, begin_case, choose, enrol, mark_read, submit_quiz
from courses.actions.certificates import issue_certificate
from courses.actions.own import save_for_later, write_note
from courses.actions.remarks import MOST_IN_AN_HOUR, answer_remark, tell_editors
from courses.certificates.completions import COURSE
from courses.models import (
    Bookmark,
    CasePlay,
    Certificate,
    CertificateFile,
    Enrolment,
    LessonProgress,
    Note,
    QuizAttempt,
    Remark,
)
from tests.factories.cases import make_case
from tests.factories.courses import (
    AT,
    chosen,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


@pytest.fixture
def at_once(tmp_path: Path) -> Iterator[Callable[[Callable[[int], Any]], list[Any]]]:
    """Run something in eight threads that start together, each with a connection of its own.

    SQLite's database of tests lies in memory, where locks work differently: its threads work on
    a copy in a file, with the settings that the site uses.
    """
    settings = connections.settings["default"]
    name = settings["NAME"]

    def run(work: Callable[[int], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and settings["NAME"] == name:
            copy = tmp_path / "copy.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
            settings["NAME"] = str(copy)
        barrier = Barrier(THREADS)

        def one(number: int) -> Any:
            barrier.wait()
            try:
                return work(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(one, range(THREADS)))

    yield run
    settings["NAME"] = name


def counted(at_once, *models):
    """How many rows there are, where the threads have written them."""
    return at_once(lambda _number: [model.objects.count() for model in models])[0]


def test_one_attempt_sent_eight_times_at_once_is_one_attempt(at_once):
    question = make_question()
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    learner, key, answers = make_learner(), uuid.uuid4(), chosen(question, 0)

    def send(_number):
        attempt = submit_quiz(
            attempt_id=key, lesson=lesson, person=learner, answers=answers, language="da", at=AT
        )
        return attempt.pk, attempt.score

    assert set(at_once(send)) == {(key, 1)}
    assert counted(at_once, QuizAttempt, Enrolment, LessonProgress) == [1, 1, 1]


def test_of_different_answers_under_one_id_one_is_kept_and_the_others_hear_of_it(at_once):
    question = make_question()
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    learner, key = make_learner(), uuid.uuid4()
    answers = [chosen(question, index) for index in range(3)]

    def send(number):
        try:
            submit_quiz(
                attempt_id=key,
                lesson=lesson,
                person=learner,
                answers=answers[number % 3],
                language="da",
                at=AT,
            )
        except LearningRefused as refusal:
            return number % 3, refusal.code
        return number % 3, "kept"

    results = set(at_once(send))

    kept = {choice for choice, said in results if said == "kept"}
    refused = {choice for choice, said in results if said == "conflict"}
    assert len(kept) == 1
    assert kept | refused == {0, 1, 2}
    assert kept.isdisjoint(refused)
    assert counted(at_once, QuizAttempt) == [1]


def test_reading_and_enrolling_at_once_is_one_reading_and_one_enrolment(at_once):
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    at_once(
        lambda number: (
            mark_read(lesson, learner, at=AT)
            if number % 2
            else enrol(lesson.course, learner, at=AT)
        )
    )

    assert counted(at_once, Enrolment, LessonProgress) == [1, 1]


def test_publishing_lessons_at_once_counts_each(at_once):
    module = make_module(make_course())

    at_once(lambda number: make_lesson(module, number))

    numbers = at_once(lambda _number: sorted(module.lessons.values_list("sequence", "number")))[0]
    assert numbers == [(place, place) for place in range(1, THREADS + 1)]


def test_eight_presses_of_one_choice_at_once_count_once(at_once):
    play = begin_case(play_id=uuid.uuid4(), case=make_case(), person=make_learner(), at=AT)

    turns = at_once(lambda _: choose(play, turn=0, step="opkald", choice="spoerg", at=AT).turn)

    assert turns == [1] * THREADS
    kept = at_once(lambda _: CasePlay.objects.values_list("path", "turn").get(pk=play.pk))
    assert kept == [([["opkald", "spoerg"]], 1)] * THREADS


def test_of_two_different_choices_at_once_one_counts_and_the_other_is_told(at_once):
    play = begin_case(play_id=uuid.uuid4(), case=make_case(), person=make_learner(), at=AT)

    def press(number: int) -> str:
        chosen = "spoerg" if number % 2 else "vent"
        try:
            choose(play, turn=0, step="opkald", choice=chosen, at=AT)
        except LearningRefused as refusal:
            return refusal.code
        return chosen

    answers = at_once(press)

    ((_step, kept),) = at_once(lambda _: CasePlay.objects.get(pk=play.pk).path)[0]
    assert sorted(answers) == sorted([kept] * 4 + ["moved_on"] * 4)


def test_a_case_begun_eight_times_at_once_is_one_play(at_once):
    case, person, key = make_case(), make_learner(), uuid.uuid4()

    begun = at_once(lambda _: begin_case(play_id=key, case=case, person=person, at=AT).pk)

    assert begun == [key] * THREADS
    assert at_once(lambda _: CasePlay.objects.count()) == [1] * THREADS


def test_one_certificate_asked_for_eight_times_at_once_is_one(at_once):
    lesson = make_lesson(make_module(make_course()))
    learner = make_learner()
    mark_read(lesson, learner, at=AT)

    def press(_number):
        return issue_certificate(
            COURSE, lesson.course_id, learner, language="da", at=AT + timedelta(hours=1)
        ).pk

    assert len(set(at_once(press))) == 1
    assert counted(at_once, Certificate, CertificateFile) == [1, 1]


# --- Notes, bookmarks and messages to the editors -------------------------------------------------


def test_eight_tabs_that_write_a_note_at_once_lose_no_text(at_once):
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    texts = {f"Tekst {number}" for number in range(THREADS)}

    at_once(
        lambda number: write_note(lesson, learner, f"Tekst {number}", version=0, at=AT) and None
    )

    [kept] = at_once(
        lambda _number: [(note.text, *note.beside) for note in Note.objects.of(learner)]
    )[0]
    assert len(kept) == THREADS
    assert set(kept) == texts


def test_one_message_sent_eight_times_at_once_is_one_message(at_once):
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    key = uuid.uuid4()

    def send(_number):
        return tell_editors(
            lesson, learner, remark_id=key, kind="wrong", text="48 timer", language="da", at=AT
        ).pk

    assert set(at_once(send)) == {key}
    assert counted(at_once, Remark) == [1]


def test_of_eight_editors_who_answer_at_once_one_answers_and_the_others_hear_of_it(at_once):
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    key = uuid.uuid4()
    tell_editors(lesson, learner, remark_id=key, kind="wrong", text="48", language="da", at=AT)
    editors = [make_learner() for _number in range(THREADS)]

    def answer(number):
        try:
            answer_remark(key, f"Svar {number}", by=editors[number], at=AT)
        except LearningRefused as refusal:
            return refusal.code
        return "sent"

    assert sorted(at_once(answer)) == ["answered"] * (THREADS - 1) + ["sent"]


def test_more_messages_than_an_hour_allows_are_refused_also_at_once(at_once):
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    def send(number, text):
        return tell_editors(
            lesson, learner, remark_id=uuid.uuid4(), kind="wrong", text=text, language="da", at=AT
        )

    for number in range(MOST_IN_AN_HOUR - 1):
        send(number, f"Nummer {number}")

    def one_more(number):
        try:
            send(number, f"Endnu en {number}")
        except LearningRefused as refusal:
            return refusal.code
        return "sent"

    assert sorted(at_once(one_more)) == ["sent"] + ["too_many"] * (THREADS - 1)


def test_a_lesson_saved_eight_times_at_once_is_saved_once(at_once):
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    at_once(lambda _number: save_for_later(lesson, learner, at=AT).pk)

    assert counted(at_once, Bookmark) == [1]
