"""What an editor marks as optional is asked of nobody, and recorded all the same."""

import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from courses.actions import (
    enrol,
    mark_read,
    retire_lesson,
    submit_quiz,
    sync_case,
    sync_lesson,
    sync_module,
    withdraw,
)
from courses.actions.certificates import issue_certificate
from courses.actions.completing import complete_courses
from courses.certificates.completions import COURSE
from courses.certificates.of_courses import course_completion
from courses.learning.offers import offers
from courses.learning.overview import course_overview, next_lesson, start_cards
from courses.models import Case, Course, Enrolment, Lesson, LessonProgress, Module
from tests.factories.cases import make_case, told
from tests.factories.courses import (
    AT,
    LATER,
    chosen,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


@pytest.fixture
def course():
    """One module: a required lesson, an optional one, a required one."""
    course = make_course()
    module = make_module(course)
    for number in (1, 2, 3):
        make_lesson(module, number, is_optional=number == 2)
    return Course.objects.get(pk=course.pk)


@pytest.fixture
def learner():
    return make_learner()


def lessons_of(course):
    return list(Lesson.objects.filter(course=course).offered())


def say(lesson, **fields):
    """An editor publishes the lesson anew, in Danish."""
    said = {
        "module_key": lesson.module_id,
        "position": lesson.position,
        "minutes": lesson.minutes,
        "language": "da",
        "title": lesson.title,
        "path": lesson.path,
        "is_live": True,
        "questions": [],
        "rules": [],
    }
    return sync_lesson(lesson.pk, **(said | fields))


def say_module(module, **fields):
    said = {
        "course_key": module.course_id,
        "position": module.position,
        "language": "da",
        "title": module.title,
        "path": module.path,
        "is_live": True,
    }
    return sync_module(module.pk, **(said | fields))


def enrolment_of(course, learner):
    return Enrolment.objects.active().get(course=course, person=learner)


def read(lessons, learner, *, at=AT):
    for lesson in lessons:
        mark_read(lesson, learner, at=at)


def required(course):
    return list(Lesson.objects.filter(course=course).values_list("is_required", flat=True))


# --- What is required -----------------------------------------------------------------------------


def test_an_optional_lesson_keeps_its_place_and_is_not_counted(course):
    first, second, third = lessons_of(course)

    assert [lesson.is_required for lesson in (first, second, third)] == [True, False, True]
    assert (second.sequence, second.number, first.next, third.previous) == (2, 2, second, second)
    assert (course.lesson_count, course.required_count) == (3, 2)
    assert (second.module.lesson_count, second.module.required_count) == (3, 2)


def test_of_an_optional_module_the_course_asks_nothing(course):
    extra = make_module(course, 2, is_optional=True)
    lesson, case = make_lesson(extra), make_case(extra)
    course.refresh_from_db()
    extra.refresh_from_db()

    assert (lesson.is_required, case.is_required, course.required_count) == (False, False, 2)
    assert extra.required_count == 1

    say_module(extra)

    lesson.refresh_from_db()
    case.refresh_from_db()
    course.refresh_from_db()
    assert (lesson.is_required, case.is_required, course.required_count) == (True, True, 3)


def test_the_danish_page_says_it_for_both_languages(course):
    _first, second, _third = lessons_of(course)

    say(second, language="kl", title="Atuagaq", path="/kl/x/", is_optional=False)

    second.refresh_from_db()
    assert (second.is_optional, second.is_required) == (True, False)


def test_a_case_is_optional_as_its_danish_page_says(course):
    case = make_case(Module.objects.get())
    said = {
        "module_key": case.module_id,
        "position": 9,
        "minutes": 5,
        "title": "Sag",
        "path": "/x/",
        "is_live": True,
        "told": told(),
        "at": AT,
    }

    sync_case(case.pk, language="da", is_optional=True, **said)
    sync_case(case.pk, language="kl", is_optional=False, **said)

    assert list(Case.objects.values_list("is_optional", "is_required")) == [(True, False)]


def test_only_quizzes_of_required_lessons_are_demanded(course):
    first, second, _third = lessons_of(course)
    say(first, questions=[make_question().pk, make_question().pk])
    say(second, questions=[make_question().pk], is_optional=True)

    course.refresh_from_db()
    assert course.quiz_count == 1


def test_the_database_refuses_a_required_lesson_that_is_not_offered(course):
    first = lessons_of(course)[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.filter(pk=first.pk).update(sequence=None)


# --- How far one is -------------------------------------------------------------------------------


def test_what_is_next_leaves_out_what_is_optional(course, learner):
    first, _second, third = lessons_of(course)
    mark_read(first, learner, at=AT)

    assert next_lesson(learner, course) == third
    assert course_overview(course.pk, learner).next_lesson == third


def test_all_that_is_required_completes_the_course(course, learner):
    first, _second, third = lessons_of(course)
    mark_read(first, learner, at=AT)
    assert enrolment_of(course, learner).completed_at is None

    mark_read(third, learner, at=LATER)

    assert enrolment_of(course, learner).completed_at == LATER
    overview = course_overview(course.pk, learner)
    assert (overview.read_count, overview.required_count, overview.is_done) == (2, 2, True)
    assert [row.state for row in overview.modules] == ["done"]
    assert [row.state for row in overview.lessons] == ["done", "not_begun", "done"]
    card = start_cards(learner).courses[0]
    assert (card.read_count, card.required_count, card.state) == (2, 2, "done")


def test_what_is_optional_is_recorded_and_counts_for_nothing(course, learner):
    second = lessons_of(course)[1]

    mark_read(second, learner, at=AT)

    assert LessonProgress.objects.get(lesson=second).read_at == AT
    overview = course_overview(course.pk, learner)
    assert (overview.read_count, overview.lessons[1].state) == (0, "done")
    assert course_completion(course.pk, learner).parts[0].left == 2


def test_a_module_of_optional_lessons_alone_is_done_when_all_are_read(learner):
    course = make_course()
    module = make_module(course)
    lessons = [make_lesson(module, number, is_optional=True) for number in (1, 2)]

    read(lessons[:1], learner)
    assert course_overview(course.pk, learner).modules[0].state == "in_progress"
    read(lessons, learner)

    assert course_overview(course.pk, learner).modules[0].state == "done"
    assert enrolment_of(course, learner).completed_at is None


def test_the_catalogue_counts_and_times_what_is_required(course, learner):
    mark_read(lessons_of(course)[0], learner, at=AT)

    (offer,) = offers(learner, day=AT.date(), kind="kursus")

    assert (offer.size, offer.progress, offer.minutes) == ("3 lektioner", "1 af 2 læst", 12)


# --- The certificate ------------------------------------------------------------------------------


def test_the_certificate_speaks_of_optional_lessons_only_where_they_were_read(course, learner):
    first, second, third = lessons_of(course)
    read([first, third], learner)
    without = course_completion(course.pk, learner)
    mark_read(second, learner, at=AT)

    assert (without.is_complete, without.minutes) == (True, 12)
    assert course_completion(course.pk, learner).minutes == 18
    assert "Læs alle obligatoriske lektioner" in [part.label for part in without.parts]


# --- When an editor changes it --------------------------------------------------------------------


@pytest.mark.parametrize("how", ["a new lesson", "no longer optional", "a new quiz"])
def test_who_has_completed_stays_completed_when_more_is_asked(course, learner, how):
    first, second, third = lessons_of(course)
    read([first, third], learner)
    certificate = issue_certificate(COURSE, course.pk, learner, language="da", at=AT)

    if how == "a new lesson":
        make_lesson(first.module, 4)
    elif how == "no longer optional":
        say(second, is_optional=False)
    else:
        say(first, questions=[make_question().pk])

    complete_courses(LATER)
    assert enrolment_of(course, learner).completed_at == AT
    assert course_completion(course.pk, learner).is_complete
    assert start_cards(learner).courses[0].state == "done"
    again = issue_certificate(COURSE, course.pk, learner, language="da", at=LATER)
    assert again.pk == certificate.pk


@pytest.mark.parametrize("how", ["optional", "withdrawn", "optional module", "no quiz"])
def test_who_thereby_has_done_all_is_completed(
    course, learner, how, django_capture_on_commit_callbacks
):
    first, _second, third = lessons_of(course)
    if how == "optional module":
        third = make_lesson(make_module(course, 2))
        read(lessons_of(course)[:3], learner)
    elif how == "no quiz":
        say(first, questions=[make_question().pk])
        read([first, third], learner)
    else:
        mark_read(first, learner, at=AT)
    assert enrolment_of(course, learner).completed_at is None

    with django_capture_on_commit_callbacks(execute=True):
        if how == "optional":
            say(third, is_optional=True)
        elif how == "withdrawn":
            retire_lesson(third.pk)
        elif how == "optional module":
            say_module(third.module, is_optional=True)
        else:
            say(first)

    assert enrolment_of(course, learner).completed_at == AT


def test_nobody_is_completed_by_a_course_that_is_withdrawn(
    course, learner, django_capture_on_commit_callbacks
):
    mark_read(lessons_of(course)[0], learner, at=AT)

    with django_capture_on_commit_callbacks(execute=True):
        for lesson in lessons_of(course):
            retire_lesson(lesson.pk)

    complete_courses(LATER)
    assert enrolment_of(course, learner).completed_at is None


def test_who_leaves_and_comes_back_has_completed_it_still(course, learner):
    first, second, third = lessons_of(course)
    read([first, third], learner)
    withdraw(course, learner, at=LATER)
    say(second, is_optional=False)

    enrol(course, learner, at=LATER)

    assert enrolment_of(course, learner).completed_at == AT


def test_what_was_done_while_one_had_left_counts_when_one_comes_back(course, learner):
    first, _second, third = lessons_of(course)
    mark_read(first, learner, at=AT)
    withdraw(course, learner, at=AT)
    mark_read(third, learner, at=AT)
    assert not Enrolment.objects.filter(completed_at__isnull=False).exists()

    assert enrol(course, learner, at=LATER).completed_at == LATER


def test_a_quiz_that_is_passed_last_completes_the_course(course, learner):
    first, _second, third = lessons_of(course)
    question = make_question()
    say(first, questions=[question.pk])
    read([first, third], learner)

    def answer(index, at):
        submit_quiz(attempt_id=uuid.uuid4(), lesson=first, person=learner,
                    answers=chosen(question, index), language="da", at=at)  # fmt: skip

    answer(1, AT)
    overview = course_overview(course.pk, learner)
    assert (overview.next_lesson, overview.left.quizzes, overview.is_done) == (None, 1, False)
    answer(0, LATER)

    assert enrolment_of(course, learner).completed_at == LATER


@pytest.mark.parametrize("many", [1, 40])
def test_looking_at_everybody_takes_the_same_queries(course, many, django_assert_num_queries):
    first, second, third = lessons_of(course)
    for _number in range(many):
        read([first, third], make_learner())
    Enrolment.objects.update(completed_at=None)
    say(second)  # one more is asked: nobody is done
    complete_courses(AT)
    assert not Enrolment.objects.filter(completed_at__isnull=False).exists()
    say(second, is_optional=True)

    # courses; who is done; when they read; written down
    with django_assert_num_queries(4):
        complete_courses(LATER)

    assert Enrolment.objects.filter(completed_at=AT).count() == many


# --- What was offered before anything could be optional -------------------------------------------

MIGRATION = import_module("courses.migrations.0016_count_what_is_required")


def counted(course):
    """What is required of the course, its modules, lessons and cases, as it stands written."""
    return (
        Course.objects.filter(pk=course.pk).values_list("required_count", "quiz_count").get(),
        dict(course.modules.values_list("pk", "required_count")),
        dict(course.lessons.values_list("pk", "is_required")),
        dict(course.cases.values_list("pk", "is_required")),
    )


def test_the_migration_requires_all_that_is_offered_as_the_action_does():
    course = make_course()
    first, second, withdrawn = (
        make_module(course, number, is_live=number < 3) for number in (1, 2, 3)
    )
    make_lesson(first, 1, questions=[make_question().pk, make_question().pk])
    make_lesson(first, 2, questions=[make_question().pk], is_live=False)
    make_lesson(second, 1)
    make_lesson(second, 2, questions=[make_question().pk])
    make_lesson(withdrawn, 1, questions=[make_question().pk])
    make_case(first)
    make_case(second, is_live=False)
    make_case(withdrawn)
    by_action = counted(course)
    for rows in (course.lessons, course.cases):
        rows.update(is_required=False)
    for rows in (course.modules, Course.objects.filter(pk=course.pk)):
        rows.update(required_count=0)
    Course.objects.filter(pk=course.pk).update(quiz_count=0)

    MIGRATION.require_all(apps, None)

    assert counted(course) == by_action
    assert by_action[0] == (3, 2)


def test_the_migration_leaves_a_course_without_quizzes_at_none():
    course = make_course()
    make_lesson(make_module(course))
    make_course("Uden lektioner")

    MIGRATION.require_all(apps, None)

    assert list(
        Course.objects.order_by("-required_count").values_list("required_count", "quiz_count")
    ) == [(1, 0), (0, 0)]
