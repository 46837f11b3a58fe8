"""The pages of learning: whose they are, what they take, what they say no to."""

import uuid
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from courses import access
from courses.actions import enrol, freeze_question, submit_quiz, withdraw
from courses.models import Enrolment, LessonProgress, QuizAttempt
from people.models import User
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
from tests.factories.law import decide_on, new_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def lesson():
    """A lesson that asks two questions, the second with several right answers."""
    questions = [make_question(rule=make_rule()), make_question(kind="multiple", right=[1, 1, 0])]
    return make_lesson(make_module(make_course()), questions=[one.pk for one in questions])


def url(name, *args):
    """The Danish address of a view of courses."""
    with translation.override("da"):
        return reverse(f"courses:{name}", args=args)


def sent(lesson, *answers, attempt=None):
    """What a browser sends: per question the indexes of what was chosen."""
    asked = lesson.questions.order_by("lesson_questions__position")
    data = {"attempt": str(attempt or uuid.uuid4())}
    for question, indexes in zip(asked, answers, strict=False):
        for version, choices in chosen(question, *indexes).items():
            data[f"answer-{version}"] = [str(choice) for choice in choices]
    return data


def attempt_of(person, lesson, *answers):
    """A quiz that ``person`` has sent."""
    asked = lesson.questions.order_by("lesson_questions__position")
    given = {}
    for question, indexes in zip(asked, answers, strict=True):
        given |= chosen(question, *indexes)
    return submit_quiz(
        attempt_id=uuid.uuid4(), lesson=lesson, person=person, answers=given, language="da", at=AT
    )


# --- Who may ------------------------------------------------------------------------------------

GETS = ["learning", "withdraw", "quiz", "result"]
POSTS = ["enrol", "withdraw", "opened", "read", "quiz"]


def targets(person, lesson):
    """The addresses of every view, for things of ``person``."""
    enrol(lesson.course, person, at=AT)
    return {
        "learning": url("learning"),
        "enrol": url("enrol", lesson.course_id),
        "withdraw": url("withdraw", lesson.course_id),
        "opened": url("opened", lesson.pk),
        "read": url("read", lesson.pk),
        "quiz": url("quiz", lesson.pk),
        "result": url("result", attempt_of(person, lesson, [0], [0, 1]).pk),
    }


@pytest.mark.parametrize("name", GETS)
def test_a_visitor_is_led_to_the_sign_in(client, lesson, name):
    address = targets(make_learner(), lesson)[name]

    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", POSTS)
def test_a_visitor_changes_nothing(client, lesson, name):
    address = targets(make_learner(), lesson)[name]
    before = [model.objects.count() for model in (Enrolment, LessonProgress, QuizAttempt)]

    assert client.post(address).status_code == 302
    assert client.post(address, **JSON).status_code == 401

    after = [model.objects.count() for model in (Enrolment, LessonProgress, QuizAttempt)]
    assert before == after


@pytest.mark.parametrize("name", GETS)
def test_the_learner_opens_their_own(client, learner, lesson, name):
    assert client.get(targets(learner, lesson)[name]).status_code == 200


@pytest.mark.parametrize("name", ["withdraw", "result"])
def test_what_is_somebody_elses_is_not_found(client, learner, lesson, name):
    address = targets(make_learner(), lesson)[name]

    assert client.get(address).status_code == 404


def test_not_even_a_superuser_reads_the_answers_of_others(client, lesson):
    admin = make_learner()
    User.objects.filter(pk=admin.user_id).update(is_superuser=True)
    client.force_login(User.objects.get(pk=admin.user_id))

    assert client.get(targets(make_learner(), lesson)["result"]).status_code == 404


def test_an_account_that_is_nobodys_is_refused(client, lesson):
    client.force_login(User.objects.create(email="nobody@example.org"))

    assert client.get(url("learning")).status_code == 403
    assert client.post(url("read", lesson.pk)).status_code == 403


@pytest.mark.parametrize("name", ["enrol", "opened", "read"])
def test_nothing_is_written_on_get(client, learner, lesson, name):
    address = {"enrol": url("enrol", lesson.course_id)}.get(name) or url(name, lesson.pk)

    assert client.get(address).status_code == 405
    assert not LessonProgress.objects.exists()


@pytest.mark.parametrize("name", ["enrol", "withdraw", "opened", "read", "quiz", "result"])
def test_what_does_not_exist_is_not_found(client, learner, name):
    method = client.get if name in {"quiz", "result"} else client.post

    assert method(url(name, uuid.uuid4())).status_code == 404


def test_a_lesson_that_its_page_hides_is_hidden_here_too(client, learner, lesson, monkeypatch):
    monkeypatch.setattr(access, "_gates", [lambda request, found: found.pk != lesson.pk])

    assert client.get(url("quiz", lesson.pk)).status_code == 404
    assert client.post(url("quiz", lesson.pk), sent(lesson, [0], [0, 1])).status_code == 404
    assert client.post(url("read", lesson.pk)).status_code == 404
    assert not QuizAttempt.objects.exists()


def test_pages_for_one_person_are_kept_by_no_cache(client, learner, lesson):
    for address in (url("learning"), targets(learner, lesson)["result"]):
        assert "no-store" in client.get(address)["Cache-Control"]


# --- Enrol, read, leave -------------------------------------------------------------------------


def test_enrol_leads_to_the_course(client, learner):
    course = make_course()

    response = client.post(url("enrol", course.pk))

    assert response["Location"] == course.path
    assert Enrolment.objects.active().get().person == learner


def test_enrolling_on_a_closed_course_says_why(client, learner):
    course = make_course(is_live=False)

    response = client.post(url("enrol", course.pk), follow=True)

    assert "Kurset udbydes ikke mere." in response.content.decode()
    assert not Enrolment.objects.exists()


def test_leaving_is_asked_and_can_be_undone(client, learner):
    course = make_course("Underretninger")
    enrol(course, learner, at=AT)

    assert "Underretninger" in client.get(url("withdraw", course.pk)).content.decode()
    assert Enrolment.objects.active().exists()

    left = client.post(url("withdraw", course.pk), follow=True)
    assert not Enrolment.objects.active().exists()
    assert url("enrol", course.pk) in left.content.decode()

    client.post(url("enrol", course.pk))
    assert Enrolment.objects.active().exists()


def test_leaving_twice_is_leaving_once(client, learner):
    course = make_course()
    enrol(course, learner, at=AT)

    assert client.post(url("withdraw", course.pk)).status_code == 302
    assert client.post(url("withdraw", course.pk)).status_code == 302


def test_undo_is_offered_only_to_who_has_left(client, learner):
    course = make_course()
    foreign = enrol(course, make_learner(), at=AT)
    withdraw(foreign.course, foreign.person, at=LATER)

    page = client.get(url("learning"), {"left": str(course.pk)}).content.decode()

    assert "undo" not in page
    assert client.get(url("learning"), {"left": "\x00' OR"}).status_code == 200


def test_reading_answers_a_script_with_204_and_a_form_with_the_lesson(client, learner, lesson):
    assert client.post(url("read", lesson.pk), **JSON).status_code == 204
    assert client.post(url("read", lesson.pk))["Location"] == lesson.path
    assert LessonProgress.objects.get().read_at is not None


def test_opening_is_remembered_and_marks_nothing_read(client, learner, lesson):
    assert client.post(url("opened", lesson.pk), **JSON).status_code == 204

    assert LessonProgress.objects.get().read_at is None


# --- The quiz -----------------------------------------------------------------------------------


def test_a_complete_quiz_leads_to_its_result(client, learner, lesson):
    key = uuid.uuid4()

    response = client.post(url("quiz", lesson.pk), sent(lesson, [0], [0, 1], attempt=key))

    assert response["Location"] == url("result", key)
    assert QuizAttempt.objects.get().passed


def test_sending_twice_leads_to_one_result(client, learner, lesson):
    data = sent(lesson, [0], [0])

    places = {client.post(url("quiz", lesson.pk), data)["Location"] for _time in range(2)}

    assert len(places) == QuizAttempt.objects.count() == 1


def test_a_missing_answer_is_named_and_the_others_stay(client, learner, lesson):
    data = sent(lesson, [1])

    response = client.post(url("quiz", lesson.pk), data)
    page = response.content.decode()

    asked = lesson.questions.order_by("lesson_questions__position")[1]
    assert response.status_code == 422
    assert f'href="#id_answer-{current(asked).pk}_0"' in page
    assert "Vælg et svar på spørgsmål 2." in page
    assert page.count("checked") == 1
    assert data["attempt"] in page
    assert "<title>Fejl:" in page.replace("\n", "")
    assert not QuizAttempt.objects.exists()


def test_a_changed_quiz_after_sending_is_kept_as_a_new_attempt(client, learner, lesson):
    data = sent(lesson, [1], [0])
    client.post(url("quiz", lesson.pk), data)

    response = client.post(
        url("quiz", lesson.pk), sent(lesson, [0], [0, 1], attempt=data["attempt"])
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert data["attempt"] not in page
    assert page.count("checked") == 3

    again = page.split('name="attempt" value="')[1].split('"')[0]
    client.post(url("quiz", lesson.pk), sent(lesson, [0], [0, 1], attempt=again))
    assert list(QuizAttempt.objects.order_by("score").values_list("score", flat=True)) == [0, 2]


def test_a_question_that_changed_in_the_meantime_is_shown_as_it_was(client, learner, lesson):
    question = lesson.questions.order_by("lesson_questions__position")[0]
    data = sent(lesson, [0])
    question.text_da = "Et nyt spørgsmål"
    question.save()
    freeze_question(question, at=LATER)

    page = client.post(url("quiz", lesson.pk), data).content.decode()

    assert "Et nyt spørgsmål" not in page


def test_a_lesson_without_a_quiz_has_no_quiz_page(client, learner):
    lesson = make_lesson(make_module(make_course()))

    assert client.get(url("quiz", lesson.pk)).status_code == 404
    assert client.post(url("quiz", lesson.pk), {}).status_code == 404


def test_a_quiz_of_a_lesson_unpublished_meanwhile_is_still_taken(client, learner, lesson):
    data = sent(lesson, [0], [0, 1])
    make_lesson(
        lesson.module,
        key=lesson.pk,
        is_live=False,
        questions=list(lesson.questions.values_list("pk", flat=True)),
    )

    assert client.get(url("quiz", lesson.pk)).status_code == 404
    assert client.post(url("quiz", lesson.pk), data).status_code == 302
    assert client.get(url("result", QuizAttempt.objects.get().pk)).status_code == 200


HOSTILE = [
    "\x00",
    "\u202e\u200b",
    "😀",
    "=1+1",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7 }}",
    "../../etc/passwd",
    "\ud800",
    "9" * 100_000,
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_is_refused_without_an_error(client, learner, lesson, text):
    text = text.encode("utf-8", "replace").decode()
    data = sent(lesson, [0], [0, 1])
    for field in list(data):
        response = client.post(url("quiz", lesson.pk), data | {field: text})
        assert response.status_code in {302, 422}
        assert "<script>alert" not in response.content.decode()
    strange = data | {f"answer-{text}": "x", text or "x": "x"}
    assert client.post(url("quiz", lesson.pk), strange).status_code in {302, 400, 422}
    assert client.get(url("learning"), {"left": text}).status_code == 200


@pytest.mark.parametrize("size", [1, 10])
def test_a_quiz_takes_the_same_number_of_queries(client, learner, size, django_assert_num_queries):
    questions = [make_question(rule=make_rule()) for _number in range(size)]
    lesson = make_lesson(make_module(make_course()), questions=[one.pk for one in questions])
    attempt = attempt_of(learner, lesson, *([[0]] * size))

    with django_assert_num_queries(4):  # account, person, lesson, questions
        client.get(url("quiz", lesson.pk))
    with django_assert_num_queries(5):  # account, person, attempt, answers, attempts
        client.get(url("result", attempt.pk))


# --- The result ---------------------------------------------------------------------------------


def test_the_result_shows_what_was_chosen_what_is_right_and_the_rule(client, learner, lesson):
    attempt = attempt_of(learner, lesson, [1], [0, 1])

    page = unescape(client.get(url("result", attempt.pk)).content.decode())

    assert "1 af 2 rigtige" in page
    assert "Fordi 2" in page  # what was chosen
    assert "Fordi 1" in page  # what is right
    assert "§ 19, stk. 1" in page
    assert "https://www.ombudsmand.gl" in page
    assert "24 timer" in page


def test_an_unverified_rule_is_not_shown_as_one(client, learner, lesson):
    attempt = attempt_of(learner, lesson, [1], [0, 1])
    question = lesson.questions.order_by("lesson_questions__position")[0]
    rule = question.rule
    rule.state = "unverified"
    rule.save()

    page = client.get(url("result", attempt.pk)).content.decode()

    assert rule.statement_da not in page


def test_earlier_attempts_are_listed(client, learner, lesson):
    first = attempt_of(learner, lesson, [1], [0])
    second = attempt_of(learner, lesson, [0], [0, 1])
    foreign = attempt_of(make_learner(), lesson, [0], [0, 1])

    page = client.get(url("result", second.pk)).content.decode()

    assert url("result", first.pk) in page
    assert url("result", foreign.pk) not in page


# --- My learning --------------------------------------------------------------------------------


def test_without_a_course_one_is_offered(client, learner):
    course = make_course("Underretninger")

    page = client.get(url("learning")).content.decode()

    assert "Du har ingen kurser endnu." in page
    assert url("enrol", course.pk) in page


def test_my_learning_goes_on_where_i_was(client, learner, lesson):
    client.post(url("opened", lesson.pk))
    enrol(lesson.course, learner, at=AT)

    page = unescape(client.get(url("learning")).content.decode())

    assert f"Fortsæt: {lesson.title}" in page
    assert "0 af 1 lektioner" in page


@pytest.mark.parametrize("count", [1, 10])
def test_my_learning_takes_the_same_number_of_queries(
    client, learner, count, django_assert_num_queries
):
    for _number in range(count):
        lesson = make_lesson(make_module(make_course()))
        enrol(lesson.course, learner, at=AT)

    # account, person, paths, courses, next lesson, plays, what is saved for later
    with django_assert_num_queries(7):
        client.get(url("learning"))


# --- Rules that hold no longer --------------------------------------------------------------------


def test_a_result_says_of_a_rule_that_holds_no_longer_since_when(client, learner):
    gone, feedback_gone = make_rule(), make_rule(paragraph="§ 20")
    question = make_question(
        rule=gone,
        rows=[
            {"text_da": "Nej", "is_correct": True, "feedback_da": "Fordi", "rule": feedback_gone},
            {"text_da": "Ja"},
        ],
    )
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    attempt = attempt_of(learner, lesson, [0])
    new_version(gone.act)
    decide_on(gone, "gone")
    decide_on(feedback_gone, "gone")

    html = client.get(url("result", attempt.pk)).content.decode()

    assert "Reglen gælder ikke længere siden 6. september 2027." in html
    assert gone.statement_da not in html
    assert "(gælder ikke længere siden 6. september 2027)" in html


def test_a_result_shows_nothing_of_a_rule_that_nobody_has_checked(client, learner):
    unchecked = make_rule()
    question = make_question(rule=unchecked)
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    attempt = attempt_of(learner, lesson, [0])
    type(unchecked).objects.filter(pk=unchecked.pk).update(state="unverified")

    html = client.get(url("result", attempt.pk)).content.decode()

    assert unchecked.statement_da not in html
    assert unchecked.paragraph not in html
