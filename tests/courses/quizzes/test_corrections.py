"""A question was wrong: attempts are counted anew, with a trace, and nobody loses a pass."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from courses.actions import (
    LearningRefused,
    bring_back_question,
    correct_version,
    delete_question,
    recount,
    retire_module,
    retire_question,
    submit_quiz,
)
from courses.kinds import kind_of
from courses.models import (
    CorrectedAttempt,
    Correction,
    Question,
    QuestionVersion,
    QuizAttempt,
)
from courses.quizzes.corrected import corrected_results
from tests.factories.courses import (
    AT,
    LATER,
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


@pytest.fixture(autouse=True)
def _in_danish():
    with translation.override("da"):
        yield


@pytest.fixture
def reviewer():
    return make_learner("Godkender Demo 1")


def lesson_asking(*questions, **fields):
    """A lesson with a quiz of ``questions``."""
    keys = [one.pk for one in questions]
    return make_lesson(make_module(make_course()), questions=keys, **fields)


def answer(lesson, given, *, person=None):
    """A quiz is sent; ``given`` are the questions with what is answered."""
    return submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=person or make_learner(),
        answers={current(question).pk: one for question, one in given.items()},
        language="da",
        at=AT,
    )


def correct(question, how, reviewer, callbacks, **fields):
    """The current version is corrected, and the worker has run."""
    with callbacks(execute=True):
        return correct_version(
            current(question),
            how,
            reason="Svaret var også rigtigt.",
            by=reviewer,
            at=LATER,
            **fields,
        )


def kept(question, given):
    """``given`` as the kind keeps it."""
    return kind_of(current(question)).normalise(current(question), given)


@pytest.mark.parametrize("kind", Question.Kind.values)
def test_another_right_answer_counts_then_and_from_now_on(
    kind, reviewer, django_capture_on_commit_callbacks
):
    question = make_of_kind(kind)
    lesson = lesson_asking(question)
    before = answer(lesson, {question: wrong_answer(question)})
    right = answer(lesson, {question: right_answer(question)})

    correct(question, "also", reviewer, django_capture_on_commit_callbacks,
            accepted=kept(question, wrong_answer(question)))  # fmt: skip

    before.refresh_from_db()
    right.refresh_from_db()
    assert [(one.score, one.passed) for one in (before, right)] == [(1, True), (1, True)]
    assert before.answers.get().is_correct
    assert answer(lesson, {question: wrong_answer(question)}).score == 1
    assert answer(lesson, {question: right_answer(question)}).score == 1
    changed = CorrectedAttempt.objects.get()
    assert (changed.attempt, changed.old_score, changed.new_score) == (before, 0, 1)
    assert (changed.old_passed, changed.new_passed) == (False, True)


def test_every_answer_counts(reviewer, django_capture_on_commit_callbacks):
    question = make_question()
    attempt = answer(lesson_asking(question), {question: wrong_answer(question)})

    correct(question, "all", reviewer, django_capture_on_commit_callbacks)

    attempt.refresh_from_db()
    assert (attempt.score, attempt.total, attempt.passed) == (1, 1, True)


def test_a_question_is_left_out(reviewer, django_capture_on_commit_callbacks):
    wrong, other = make_question(), make_question()
    lesson = lesson_asking(wrong, other)
    failed = answer(lesson, {wrong: wrong_answer(wrong), other: right_answer(other)})
    half = answer(lesson, {wrong: right_answer(wrong), other: wrong_answer(other)})

    correct(wrong, "out", reviewer, django_capture_on_commit_callbacks)

    failed.refresh_from_db()
    half.refresh_from_db()
    assert (failed.score, failed.total, failed.passed) == (1, 1, True)
    assert (half.score, half.total, half.passed) == (0, 1, False)
    later = answer(lesson, {wrong: right_answer(wrong), other: right_answer(other)})
    assert (later.score, later.total) == (1, 1)


def test_where_nothing_else_was_asked_everything_counts(
    reviewer, django_capture_on_commit_callbacks
):
    question = make_question()
    attempt = answer(lesson_asking(question), {question: wrong_answer(question)})

    correct(question, "out", reviewer, django_capture_on_commit_callbacks)

    attempt.refresh_from_db()
    assert (attempt.score, attempt.total, attempt.passed) == (1, 1, True)


def test_nobody_loses_a_pass_and_that_is_said(client, reviewer, django_capture_on_commit_callbacks):
    questions = [make_question() for _number in range(5)]
    lesson = lesson_asking(*questions)
    given = {one: right_answer(one) for one in questions} | {
        questions[4]: wrong_answer(questions[4])
    }
    attempt = answer(lesson, given)
    assert attempt.passed

    correct(questions[0], "out", reviewer, django_capture_on_commit_callbacks)

    attempt.refresh_from_db()
    assert (attempt.score, attempt.total, attempt.passed) == (3, 4, True)
    assert CorrectedAttempt.objects.get().keeps_pass
    client.force_login(attempt.person.user)
    page = client.get(f"/da/laering/forsoeg/{attempt.pk}/").content.decode()
    assert "4 af 5 rigtige er nu 3 af 4" in page
    assert "Du bestod dengang, og det beholder du." in page
    assert "Svaret var også rigtigt." in page


def test_the_database_takes_no_pass(reviewer, django_capture_on_commit_callbacks):
    question = make_question()
    answer(lesson_asking(question), {question: wrong_answer(question)})
    correct(question, "all", reviewer, django_capture_on_commit_callbacks)

    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectedAttempt.objects.update(old_passed=True, new_passed=False)


def test_counting_again_changes_nothing_more(reviewer, django_capture_on_commit_callbacks):
    question = make_question()
    attempt = answer(lesson_asking(question), {question: wrong_answer(question)})
    correction = correct(question, "all", reviewer, django_capture_on_commit_callbacks)
    before = list(CorrectedAttempt.objects.values())

    assert [recount(correction, at=LATER) for _time in range(3)] == [0, 0, 0]

    assert list(CorrectedAttempt.objects.values()) == before
    attempt.refresh_from_db()
    correction.refresh_from_db()
    assert (attempt.score, correction.finished_at is not None) == (1, True)


def test_counting_goes_on_where_it_was_stopped(
    reviewer, monkeypatch, django_capture_on_commit_callbacks
):
    from courses.actions import corrections

    monkeypatch.setattr(corrections, "ATTEMPTS_AT_ONCE", 2)
    question = make_question()
    lesson = lesson_asking(question)
    for _number in range(5):
        answer(lesson, {question: wrong_answer(question)})
    correction = correct_version(current(question), "all", reason="Fejl.", by=reviewer, at=LATER)
    real, calls = corrections._recount_some, []

    def stopped(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError
        return real(*args, **kwargs)

    monkeypatch.setattr(corrections, "_recount_some", stopped)
    with pytest.raises(RuntimeError):
        recount(correction, at=LATER)
    assert QuizAttempt.objects.filter(passed=True).count() == 2

    monkeypatch.setattr(corrections, "_recount_some", real)
    assert recount(correction, at=LATER) == 3
    assert QuizAttempt.objects.filter(passed=True).count() == 5
    assert CorrectedAttempt.objects.count() == 5


@pytest.mark.parametrize("count", [1, 30])
def test_counting_takes_the_same_number_of_queries(reviewer, count, django_assert_max_num_queries):
    question = make_question()
    lesson = lesson_asking(question)
    for _number in range(count):
        answer(lesson, {question: right_answer(question)})
    correction = correct_version(current(question), "all", reason="x", by=reviewer, at=LATER)

    with django_assert_max_num_queries(10):
        recount(correction, at=LATER)


def test_it_is_kept_who_decided_what_and_why(reviewer, django_capture_on_commit_callbacks):
    question = make_question()

    correct(question, "all", reviewer, django_capture_on_commit_callbacks)

    found = Correction.objects.get()
    assert (found.version, found.how, found.reason, found.made_by, found.made_at) == (
        current(question), "all", "Svaret var også rigtigt.", reviewer, LATER,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("how", "reason", "code"),
    [("all", " ", "reason"), ("all", "x" * 501, "reason"), ("also", "x", "accepted"),
     ("sometimes", "x", "reason")],
)  # fmt: skip
def test_a_correction_needs_what_it_rests_on(reviewer, how, reason, code):
    question = make_question()

    with pytest.raises(LearningRefused) as refusal, transaction.atomic():
        correct_version(current(question), how, reason=reason, by=reviewer, at=LATER)

    assert refusal.value.code == code
    assert current(question).correction == {}
    assert not Correction.objects.exists()


def test_the_reason_holds_no_number_of_a_citizen(reviewer):
    with pytest.raises(ValidationError) as refusal:
        correct_version(
            current(make_question()), "all", reason="010190" + "-1234", by=reviewer, at=LATER
        )

    assert refusal.value.code == "cpr_like"
    assert not Correction.objects.exists()


def test_the_same_is_not_decided_twice(reviewer):
    question = make_question()
    correct_version(current(question), "all", reason="x", by=reviewer, at=LATER)

    with pytest.raises(LearningRefused) as refusal:
        correct_version(current(question), "all", reason="x", by=reviewer, at=LATER)
    assert refusal.value.code == "same"
    accepted = kept(question, right_answer(question))
    with pytest.raises(LearningRefused) as refusal:
        correct_version(
            current(question), "also", reason="x", by=reviewer, at=LATER, accepted=accepted
        )
    assert refusal.value.code == "right_already"


def test_an_answer_sent_while_it_was_corrected_is_judged_by_the_correction(reviewer, monkeypatch):
    from courses.actions import progress

    question = make_question()
    lesson = lesson_asking(question)
    mark = progress._mark

    def marks_before(*args):
        marked = mark(*args)
        QuestionVersion.objects.update(correction={"all": True})  # another process, meanwhile
        return marked

    monkeypatch.setattr(progress, "_mark", marks_before)

    attempt = answer(lesson, {question: wrong_answer(question)})

    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed, attempt.answers.get().is_correct) == (1, True, True)


# --- What learners are told ---------------------------------------------------------------------


def test_the_start_page_says_it_until_it_is_seen(
    client, reviewer, django_capture_on_commit_callbacks
):
    question = make_question()
    attempt = answer(lesson_asking(question), {question: wrong_answer(question)})
    correct(question, "all", reviewer, django_capture_on_commit_callbacks)
    client.force_login(attempt.person.user)

    assert "Et resultat er rettet" in client.get("/da/start/").content.decode()
    assert client.get(f"/da/laering/forsoeg/{attempt.pk}/set/").status_code == 405
    assert client.post(f"/da/laering/forsoeg/{attempt.pk}/set/").status_code == 302

    assert "Et resultat er rettet" not in client.get("/da/start/").content.decode()
    assert "Dit resultat er rettet" in client.get(
        f"/da/laering/forsoeg/{attempt.pk}/"
    ).content.decode()  # fmt: skip


#: What the editors say of the wrong answer to a question of each kind.
SAID_OF_WRONG = {
    **dict.fromkeys(("single", "multiple", "true_false"), "Fordi 2"),
    "matching": "Skriftligt",
    "numeric": "Det er for længe",
    "short": "Længere mod syd",
    "cloze": "Så langt er I ikke",
}


def answers_on_the_page(client, attempt):
    client.force_login(attempt.person.user)
    shown = client.get(f"/da/laering/forsoeg/{attempt.pk}/").content
    return BeautifulSoup(shown, "html.parser").select("section.answer")


def said_in(part):
    return part.get_text(" ", strip=True)


@pytest.mark.parametrize("how", ["also", "all"])
@pytest.mark.parametrize("kind", Question.Kind.values)
def test_what_counts_by_a_correction_is_right_all_over_the_result(
    client, kind, how, reviewer, django_capture_on_commit_callbacks
):
    question = make_of_kind(kind)
    given = wrong_answer(question)
    attempt = answer(lesson_asking(question), {question: given})
    [before] = answers_on_the_page(client, attempt)
    assert "Ikke rigtigt" in said_in(before)
    assert SAID_OF_WRONG.get(kind, "") in said_in(before)

    accepted = {"accepted": kept(question, given)} if how == "also" else {}
    correct(question, how, reviewer, django_capture_on_commit_callbacks, **accepted)

    [after] = answers_on_the_page(client, attempt)
    assert "Rigtigt" in said_in(after)
    assert "Ikke rigtigt" not in said_in(after)
    assert "Rigtigt svar:" not in said_in(after)
    own = [line for line in after.select("li") if "Dit svar" in said_in(line)]
    assert own
    assert all("Rigtigt" in said_in(line) for line in own)
    if kind in SAID_OF_WRONG:
        assert SAID_OF_WRONG[kind] not in said_in(after)


def test_only_the_part_that_was_corrected_becomes_right(
    client, reviewer, django_capture_on_commit_callbacks
):
    question = make_of_kind("cloze")
    wrong = wrong_answer(question)
    attempt = answer(lesson_asking(question), {question: wrong})

    also = kept(question, right_answer(question) | {"1": wrong["1"]})
    correct(question, "also", reviewer, django_capture_on_commit_callbacks, accepted=also)

    [shown] = answers_on_the_page(client, attempt)
    first, second = (said_in(line) for line in shown.select("li"))
    assert "Ikke rigtigt" not in first
    assert "Ikke rigtigt" in second
    assert "Så langt er I ikke" in second
    assert "1 af 2 dele er rigtige" in said_in(shown)


def test_whoever_chose_what_stays_wrong_reads_both_right_answers(
    client, reviewer, django_capture_on_commit_callbacks
):
    question = make_question()
    ids = [row["id"] for row in current(question).content["choices"]]
    attempt = answer(lesson_asking(question), {question: {ids[2]}})

    correct(question, "also", reviewer, django_capture_on_commit_callbacks, accepted=[ids[1]])

    [shown] = answers_on_the_page(client, attempt)
    lines = {said_in(line)[:6]: said_in(line) for line in shown.select("li")}
    assert "Ikke rigtigt" in said_in(shown)
    assert ["Rigtigt svar" in lines[f"Svar {number}"] for number in (1, 2, 3)] == [
        True, True, False,
    ]  # fmt: skip
    assert [f"Fordi {number}" in lines[f"Svar {number}"] for number in (1, 2, 3)] == [
        True, False, True,
    ]  # fmt: skip


def test_of_several_answers_the_set_that_was_chosen_is_the_right_one(
    client, reviewer, django_capture_on_commit_callbacks
):
    question = make_question(kind="multiple", right=(True, True, False))
    ids = [row["id"] for row in current(question).content["choices"]]
    attempt = answer(lesson_asking(question), {question: {ids[0], ids[2]}})

    correct(question, "also", reviewer, django_capture_on_commit_callbacks,
            accepted=sorted([ids[0], ids[2]]))  # fmt: skip

    [shown] = answers_on_the_page(client, attempt)
    lines = {said_in(line)[:6]: said_in(line) for line in shown.select("li")}
    assert "Ikke rigtigt" not in said_in(shown)
    assert ["Rigtigt svar" in lines[f"Svar {number}"] for number in (1, 2, 3)] == [
        True, False, True,
    ]  # fmt: skip
    assert [f"Fordi {number}" in lines[f"Svar {number}"] for number in (1, 2, 3)] == [
        True, False, False,
    ]  # fmt: skip


def test_whose_result_stays_is_told_nothing(reviewer, django_capture_on_commit_callbacks):
    question = make_question()
    attempt = answer(lesson_asking(question), {question: right_answer(question)})

    correct(question, "all", reviewer, django_capture_on_commit_callbacks)

    assert corrected_results(attempt.person) == []


def test_nobody_sees_or_marks_the_corrections_of_others(
    client, reviewer, django_capture_on_commit_callbacks
):
    question = make_question()
    attempt = answer(lesson_asking(question), {question: wrong_answer(question)})
    correct(question, "all", reviewer, django_capture_on_commit_callbacks)
    other = make_learner()
    client.force_login(other.user)

    assert corrected_results(other) == []
    assert client.post(f"/da/laering/forsoeg/{attempt.pk}/set/").status_code == 404
    assert CorrectedAttempt.objects.get().seen_at is None


# --- Out of use, out of the bank ----------------------------------------------------------------


def test_a_question_is_retired_and_brought_back():
    question = make_question()

    retire_question(question, at=AT)
    retire_question(question, at=LATER)
    question.refresh_from_db()
    assert question.retired_at == AT
    assert not Question.objects.in_use().exists()

    bring_back_question(question)
    assert Question.objects.in_use().get() == question


def test_a_question_of_a_published_lesson_is_not_retired_while_its_module_is_away():
    question = make_question()
    module = make_module(make_course())
    make_lesson(module, questions=[question.pk])
    retire_module(module.pk)

    with pytest.raises(LearningRefused) as refusal:
        retire_question(question, at=AT)

    assert refusal.value.code == "asked"


def test_a_question_that_lessons_ask_is_neither_retired_nor_deleted():
    question = make_question()
    lesson_asking(question)

    for action in (lambda: retire_question(question, at=AT), lambda: delete_question(question)):
        with pytest.raises(LearningRefused) as refusal:
            action()
        assert refusal.value.code == "asked"
    assert Question.objects.in_use().exists()


def test_a_question_with_answers_is_retired_instead_of_deleted():
    question = make_question()
    lesson = lesson_asking(question)
    answer(lesson, {question: right_answer(question)})
    lesson.lesson_questions.all().delete()

    with pytest.raises(LearningRefused) as refusal:
        delete_question(question)

    assert refusal.value.code == "answered"
    assert "Tag det ud af brug i stedet" in refusal.value.messages[0]
    retire_question(question, at=AT)
    assert QuizAttempt.objects.get().answers.get().version.question == question


def test_a_question_that_nobody_met_is_deleted():
    question = make_question()

    delete_question(question)

    assert not Question.objects.exists()
    assert not QuestionVersion.objects.exists()
