"""The same thing sent at the same time counts once, on both databases."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from courses.actions import (
    LearningRefused,
    begin_case,
    choose,
    enrol,
    mark_read,
    open_lesson,
    retake,
    retake_path,
    submit_quiz,
    take_path,
)
from courses.actions.certificates import issue_certificate
from courses.actions.own import save_for_later, write_note
from courses.actions.remarks import MOST_IN_AN_HOUR, answer_remark, tell_editors
from courses.certificates.completions import COURSE
from courses.models import (
    Assignment,
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
from tests.at_once import at_once, counted
from tests.factories.cases import make_case, make_mentor_and_colleague
from tests.factories.courses import (
    AT,
    chosen,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_path,
    make_question,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
together = partial(at_once, THREADS)


def test_one_attempt_sent_eight_times_at_once_is_one_attempt():
    question = make_question()
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    learner, key, answers = make_learner(), uuid.uuid4(), chosen(question, 0)

    def send(_number):
        attempt = submit_quiz(
            attempt_id=key, lesson=lesson, person=learner, answers=answers, language="da", at=AT
        )
        return attempt.pk, attempt.score

    assert set(together(send)) == {(key, 1)}
    assert counted(QuizAttempt, Enrolment, LessonProgress) == [1, 1, 1]


def test_of_different_answers_under_one_id_one_is_kept_and_the_others_hear_of_it():
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

    results = set(together(send))

    kept = {choice for choice, said in results if said == "kept"}
    refused = {choice for choice, said in results if said == "conflict"}
    assert len(kept) == 1
    assert kept | refused == {0, 1, 2}
    assert kept.isdisjoint(refused)
    assert counted(QuizAttempt) == [1]


def test_reading_and_enrolling_at_once_is_one_reading_and_one_enrolment():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    together(
        lambda number: (
            mark_read(lesson, learner, at=AT)
            if number % 2
            else enrol(lesson.course, learner, at=AT)
        )
    )

    assert counted(Enrolment, LessonProgress) == [1, 1]


def test_opening_reading_and_enrolling_in_any_order_nobody_waits_for_ever():
    lessons = [make_lesson(make_module(make_course())) for _number in range(10)]
    learner = make_learner()

    for lesson in lessons:
        steps = (
            partial(mark_read, lesson, learner, at=AT),
            partial(enrol, lesson.course, learner, at=AT),
            partial(open_lesson, lesson, learner, at=AT),
        )
        together(lambda number, steps=steps: steps[number % 3]() and None)

    assert counted(Enrolment, LessonProgress) == [len(lessons)] * 2
    completed = together(lambda _number: Enrolment.objects.filter(completed_at=AT).count())
    assert completed == [len(lessons)] * THREADS


def test_a_course_and_its_path_taken_again_while_another_device_reads_are_one_round_each():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    path = make_path(lesson.module)
    take_path(path, learner, at=AT)
    for number in range(1, 6):
        at = AT + timedelta(days=number)
        mark_read(lesson, learner, at=at)
        later = at + timedelta(hours=1)
        steps = (
            partial(retake, lesson.course, learner, at=later),
            partial(retake_path, path, learner, at=later),
            partial(open_lesson, lesson, learner, at=later),
            partial(mark_read, lesson, learner, at=at),  # sent late, of the round before
        )
        together(lambda number, steps=steps: steps[number % 4]() and None)

    course_rounds, path_rounds = together(
        lambda _number: [
            list(model.objects.order_by("round").values_list("round", flat=True))
            for model in (Enrolment, Assignment)
        ]
    )[0]
    assert course_rounds == path_rounds == [1, 2, 3, 4, 5, 6]


def test_publishing_lessons_at_once_counts_each():
    module = make_module(make_course())

    together(lambda number: make_lesson(module, number))

    numbers = together(lambda _number: sorted(module.lessons.values_list("sequence", "number")))[0]
    assert numbers == [(place, place) for place in range(1, THREADS + 1)]


def test_eight_presses_of_one_choice_at_once_count_once():
    play = begin_case(play_id=uuid.uuid4(), case=make_case(), person=make_learner(), at=AT)

    turns = together(lambda _: choose(play, turn=0, step="opkald", choice="spoerg", at=AT).turn)

    assert turns == [1] * THREADS
    kept = together(lambda _: CasePlay.objects.values_list("path", "turn").get(pk=play.pk))
    assert kept == [([["opkald", "spoerg"]], 1)] * THREADS


def test_two_who_play_two_cases_together_press_at_once():
    mentor, colleague = make_mentor_and_colleague()
    module = make_module(make_course())
    path = make_path(module)
    for person in (mentor, colleague):
        take_path(path, person, at=AT)
    for _number in range(5):
        plays = [
            begin_case(
                play_id=uuid.uuid4(), case=make_case(module), person=one, partner=other, at=AT
            )
            for one, other in ((mentor, colleague), (colleague, mentor))
        ]

        def press(number, plays=plays):
            return choose(plays[number % 2], turn=0, step="opkald", choice="spoerg", at=AT).turn

        assert together(press) == [1] * THREADS


def test_of_two_different_choices_at_once_one_counts_and_the_other_is_told():
    play = begin_case(play_id=uuid.uuid4(), case=make_case(), person=make_learner(), at=AT)

    def press(number: int) -> str:
        chosen = "spoerg" if number % 2 else "vent"
        try:
            choose(play, turn=0, step="opkald", choice=chosen, at=AT)
        except LearningRefused as refusal:
            return refusal.code
        return chosen

    answers = together(press)

    ((_step, kept),) = together(lambda _: CasePlay.objects.get(pk=play.pk).path)[0]
    assert sorted(answers) == sorted([kept] * 4 + ["moved_on"] * 4)


def test_a_case_begun_eight_times_at_once_is_one_play():
    case, person, key = make_case(), make_learner(), uuid.uuid4()

    begun = together(lambda _: begin_case(play_id=key, case=case, person=person, at=AT).pk)

    assert begun == [key] * THREADS
    assert together(lambda _: CasePlay.objects.count()) == [1] * THREADS


def test_one_certificate_asked_for_eight_times_at_once_is_one():
    lesson = make_lesson(make_module(make_course()))
    learner = make_learner()
    mark_read(lesson, learner, at=AT)

    def press(_number):
        return issue_certificate(
            COURSE, lesson.course_id, learner, language="da", at=AT + timedelta(hours=1)
        ).pk

    assert len(set(together(press))) == 1
    assert counted(Certificate, CertificateFile) == [1, 1]


# --- Notes, bookmarks and messages to the editors -------------------------------------------------


def test_eight_tabs_that_write_a_note_at_once_lose_no_text():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    texts = {f"Tekst {number}" for number in range(THREADS)}

    together(
        lambda number: write_note(lesson, learner, f"Tekst {number}", version=0, at=AT) and None
    )

    [kept] = together(
        lambda _number: [(note.text, *note.beside) for note in Note.objects.of(learner)]
    )[0]
    assert len(kept) == THREADS
    assert set(kept) == texts


def test_one_message_sent_eight_times_at_once_is_one_message():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    key = uuid.uuid4()

    def send(_number):
        return tell_editors(
            lesson, learner, remark_id=key, kind="wrong", text="48 timer", language="da", at=AT
        ).pk

    assert set(together(send)) == {key}
    assert counted(Remark) == [1]


def test_of_eight_editors_who_answer_at_once_one_answers_and_the_others_hear_of_it():
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

    assert sorted(together(answer)) == ["answered"] * (THREADS - 1) + ["sent"]


def test_more_messages_than_an_hour_allows_are_refused_also_at_once():
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

    assert sorted(together(one_more)) == ["sent"] + ["too_many"] * (THREADS - 1)


def test_a_lesson_saved_eight_times_at_once_is_saved_once():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    together(lambda _number: save_for_later(lesson, learner, at=AT).pk)

    assert counted(Bookmark) == [1]
