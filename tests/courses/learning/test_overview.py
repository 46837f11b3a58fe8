"""What pages show of courses, in as many queries for one lesson as for a thousand."""

from datetime import timedelta

import pytest

from courses.actions import enrol, mark_read, open_lesson, retire_lesson, withdraw
from courses.learning.overview import course_overview, lesson_state, next_lesson, start_cards
from courses.models import Course, Enrolment, Lesson, LessonProgress
from people.models import Person
from tests.factories.courses import (
    AT,
    LATER,
    make_big_course,
    make_course,
    make_learner,
    make_lesson,
    make_module,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

#: (modules, lessons each): 10 lessons and 1,000.
SIZES = [(2, 5), (40, 25)]


def lessons_of(course):
    """Every lesson of ``course``, as read."""
    return list(Lesson.objects.filter(course=course).offered())


# --- One lesson ---------------------------------------------------------------------------------


def test_a_lesson_knows_its_place_and_its_reader():
    course = make_big_course(modules=2, lessons_each=2)
    _first, second, third, _fourth = lessons_of(course)
    learner = make_learner()
    mark_read(second, learner, at=AT)

    state = lesson_state(second.pk, learner)

    assert (state.module.number, state.lesson.number, state.module.lesson_count) == (1, 2, 2)
    assert (state.next, state.next.path) == (third, third.path)
    assert (state.read_at, state.is_read, state.is_enrolled) == (AT, True, True)


def test_the_progress_of_others_is_not_mine():
    lesson = make_lesson(make_module(make_course()))
    mark_read(lesson, make_learner(), at=AT)

    for person in (make_learner(), None):
        state = lesson_state(lesson.pk, person)
        assert (state.opened_at, state.read_at, state.is_enrolled) == (None, None, False)


def test_a_page_without_a_record_has_no_state():
    assert lesson_state(make_learner().pk, None) is None


def test_the_stamp_changes_with_what_the_page_shows_and_only_then():
    module = make_module(make_course())
    lesson = make_lesson(module, 1)
    learner, other = make_learner(), make_learner()

    def stamp():
        return lesson_state(lesson.pk, learner).stamp

    stamps = [stamp()]
    mark_read(lesson, other, at=AT)
    assert stamp() == stamps[-1]
    open_lesson(lesson, learner, at=AT)
    assert stamp() == stamps[-1]
    mark_read(lesson, learner, at=LATER)
    stamps.append(stamp())
    mark_read(lesson, learner, at=LATER + timedelta(days=1))
    withdraw(lesson.course, learner, at=LATER + timedelta(days=1))
    assert stamp() == stamps[-1]
    following = make_lesson(module, 2)
    stamps.append(stamp())
    make_lesson(module, 2, key=following.pk, title="Nyt navn")
    stamps.append(stamp())
    make_lesson(module, 1, key=lesson.pk)
    stamps.append(stamp())
    assert len(set(stamps)) == len(stamps)


@pytest.mark.parametrize(("modules", "lessons"), SIZES)
def test_a_lesson_takes_one_query(modules, lessons, django_assert_num_queries):
    course = make_big_course(modules=modules, lessons_each=lessons)
    lesson, learner = lessons_of(course)[1], make_learner()

    with django_assert_num_queries(1):
        state = lesson_state(lesson.pk, learner)
        assert (state.next.path, state.previous.path, state.course.path) != ("", "", "")
        assert state.stamp


# --- One course ---------------------------------------------------------------------------------


def test_a_course_opens_the_module_to_go_on_with():
    course = make_big_course(modules=3, lessons_each=2)
    learner = make_learner()
    for lesson in lessons_of(course)[:3]:
        mark_read(lesson, learner, at=AT)

    overview = course_overview(course.pk, learner)

    assert overview.next_lesson == lessons_of(course)[3]
    assert [(row.read_count, row.state, row.is_open) for row in overview.modules] == [
        (2, "done", False),
        (1, "in_progress", True),
        (0, "not_begun", False),
    ]
    assert [row.state for row in overview.lessons] == ["done", "not_begun"]
    assert (overview.read_count, overview.lesson_count, overview.is_enrolled) == (3, 6, True)


def test_a_visitor_sees_the_first_module_and_no_progress():
    course = make_big_course(modules=2, lessons_each=2)
    mark_read(lessons_of(course)[0], make_learner(), at=AT)

    overview = course_overview(course.pk, None)

    assert [row.is_open for row in overview.modules] == [True, False]
    assert (overview.read_count, overview.next_lesson, overview.is_enrolled) == (0, None, False)


def test_the_asked_module_is_opened_and_what_is_next_stays():
    course = make_big_course(modules=3, lessons_each=2)
    last = course.modules.get(number=3)

    overview = course_overview(course.pk, make_learner(), module=last.pk)

    assert overview.opened == last
    assert [row.lesson.module for row in overview.lessons] == [last, last]
    assert overview.next_lesson == lessons_of(course)[0]


def test_a_foreign_module_is_not_opened():
    course, other = make_big_course(modules=1, lessons_each=1), make_course()
    foreign = make_module(other)

    assert course_overview(course.pk, None, module=foreign.pk).opened.course == course


@pytest.mark.parametrize(
    ("page", "first", "last"), [(None, 1, 25), (1, 1, 25), (3, 51, 60), (99, 51, 60), (-1, 1, 25)]
)
def test_long_modules_come_in_pages(page, first, last):
    course = make_big_course(modules=1, lessons_each=60)

    overview = course_overview(course.pk, make_learner(), page=page)

    numbers = [row.lesson.number for row in overview.lessons]
    assert (numbers[0], numbers[-1], overview.page_count) == (first, last, 3)


def test_a_long_module_opens_at_the_page_to_go_on_with():
    course = make_big_course(modules=1, lessons_each=60)
    learner = make_learner()
    open_lesson(lessons_of(course)[29], learner, at=AT)

    overview = course_overview(course.pk, learner)

    assert (overview.page, overview.next_lesson.number) == (2, 30)


def test_many_modules_come_as_the_stretch_around_the_opened_one():
    course = make_big_course(modules=40, lessons_each=1)
    middle = course.modules.get(number=30)

    overview = course_overview(course.pk, None, module=middle.pk)

    numbers = [row.module.number for row in overview.modules]
    assert (numbers[0], numbers[-1], len(numbers), overview.module_count) == (16, 40, 25, 40)


def test_a_course_without_modules_is_empty():
    overview = course_overview(make_course().pk, make_learner())

    assert (overview.modules, overview.lessons, overview.opened) == ([], [], None)
    assert not overview.is_done


def test_a_course_without_a_record_has_no_overview():
    assert course_overview(make_learner().pk, None) is None


@pytest.mark.parametrize(("modules", "lessons"), SIZES)
def test_a_course_takes_three_queries(modules, lessons, django_assert_num_queries):
    course = make_big_course(modules=modules, lessons_each=lessons)
    learner = make_learner()
    everything_read_but_the_last(course, learner)

    with django_assert_num_queries(3):
        overview = course_overview(course.pk, learner)

    assert overview.read_count == modules * lessons - 1
    assert len(overview.lessons) == lessons


# --- What is next -------------------------------------------------------------------------------


def everything_read_but_the_last(course, learner):
    """``learner`` has read every lesson but the last."""
    enrol(course, learner, at=AT)
    LessonProgress.objects.bulk_create(
        LessonProgress(lesson=lesson, person=learner, opened_at=AT, read_at=AT, last_at=AT)
        for lesson in lessons_of(course)[:-1]
    )


def test_a_new_learner_begins_at_the_beginning():
    course = make_big_course(modules=2, lessons_each=2)

    assert next_lesson(make_learner(), course) == lessons_of(course)[0]


def test_one_goes_on_in_the_lesson_one_was_in():
    course = make_big_course(modules=2, lessons_each=2)
    learner = make_learner()
    mark_read(lessons_of(course)[0], learner, at=AT)
    open_lesson(lessons_of(course)[2], learner, at=LATER)

    assert next_lesson(learner, course) == lessons_of(course)[2]


def test_after_a_lesson_comes_the_next_unread_one():
    course = make_big_course(modules=1, lessons_each=4)
    learner = make_learner()
    first, second, third, fourth = lessons_of(course)
    mark_read(third, learner, at=AT)
    mark_read(second, learner, at=LATER)
    assert next_lesson(learner, course) == fourth

    mark_read(fourth, learner, at=LATER + timedelta(minutes=1))
    assert next_lesson(learner, course) == first


def test_when_all_is_read_nothing_is_next():
    course = make_big_course(modules=1, lessons_each=1)
    learner = make_learner()
    mark_read(lessons_of(course)[0], learner, at=AT)

    assert next_lesson(learner, course) is None
    assert start_cards(learner).resume is None
    assert start_cards(learner).courses[0].state == "done"


def test_a_retired_lesson_is_never_next():
    course = make_big_course(modules=1, lessons_each=2)
    first, second = lessons_of(course)
    learner = make_learner()
    open_lesson(first, learner, at=AT)

    retire_lesson(first.pk)

    assert next_lesson(learner, course) == second


def test_start_shows_the_course_one_was_in_last_and_goes_on_there():
    first, second, third = (make_big_course(modules=1, lessons_each=2) for _number in range(3))
    learner = make_learner()
    for course in (first, second, third):
        enrol(course, learner, at=AT)
    mark_read(lessons_of(second)[0], learner, at=AT)
    mark_read(lessons_of(first)[0], learner, at=LATER)

    cards = start_cards(learner)

    assert [card.course for card in cards.courses] == [first, second, third]
    assert [card.read_count for card in cards.courses] == [1, 1, 0]
    assert cards.resume == lessons_of(first)[1]


def test_start_goes_on_in_an_unfinished_course_when_the_last_is_done():
    done, begun = (make_big_course(modules=1, lessons_each=1) for _number in range(2))
    learner = make_learner()
    enrol(begun, learner, at=AT)
    mark_read(lessons_of(done)[0], learner, at=AT)

    assert start_cards(learner).resume == lessons_of(begun)[0]


def test_a_course_one_has_left_is_not_shown():
    course = make_big_course(modules=1, lessons_each=1)
    learner = make_learner()
    enrol(course, learner, at=AT)
    withdraw(course, learner, at=AT)

    cards = start_cards(learner)

    assert (cards.courses, cards.resume) == ([], None)


@pytest.mark.parametrize(("modules", "lessons"), SIZES)
def test_start_takes_two_queries(modules, lessons, django_assert_num_queries):
    course = make_big_course(modules=modules, lessons_each=lessons)
    learner = make_learner()
    everything_read_but_the_last(course, learner)

    with django_assert_num_queries(2):
        cards = start_cards(learner)

    assert cards.resume == lessons_of(course)[-1]


def test_many_learners_change_neither_the_answers_nor_their_number(django_assert_num_queries):
    course = make_big_course(modules=2, lessons_each=5)
    first = lessons_of(course)[0]
    learner = make_learner()
    mark_read(first, learner, at=AT)
    others = Person.objects.bulk_create(Person(name=f"Demo {n}") for n in range(10_000))
    Enrolment.objects.bulk_create(
        Enrolment(course=course, person=person, enrolled_at=AT) for person in others
    )
    LessonProgress.objects.bulk_create(
        LessonProgress(lesson=first, person=person, opened_at=AT, last_at=AT) for person in others
    )

    start_cards(learner)  # Django asks the database once per process what it can do
    with django_assert_num_queries(1 + 3 + 2):
        state = lesson_state(first.pk, learner)
        overview = course_overview(course.pk, learner)
        cards = start_cards(learner)

    assert (state.read_at, overview.read_count, cards.courses[0].read_count) == (AT, 1, 1)


def test_courses_are_offered_in_the_order_of_the_catalogue():
    second = make_course(position=2)
    first = make_course(position=1)
    make_course(is_live=False)

    assert list(Course.objects.offered()) == [first, second]
