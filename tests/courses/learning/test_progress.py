"""Enrol, open, read, leave: each may come twice and counts once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.actions import LearningRefused, enrol, mark_read, open_lesson, withdraw
from courses.models import Course, Enrolment, LessonProgress
from tests.factories.courses import AT, LATER, make_course, make_learner, make_lesson, make_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def test_enrolling_twice_is_being_enrolled_once():
    course, learner = make_course(), make_learner()

    first = enrol(course, learner, at=AT)
    second = enrol(course, learner, at=LATER)

    assert first == second
    assert first.enrolled_at == AT
    assert list(Enrolment.objects.all()) == [first]


def test_enrol_refuses_a_course_that_is_not_offered():
    course = make_course(is_live=False)

    with pytest.raises(LearningRefused) as refusal:
        enrol(course, make_learner(), at=AT)

    assert refusal.value.code == "closed"
    assert not Enrolment.objects.exists()


def test_leaving_keeps_progress_and_enrolling_again_finds_it():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    enrol(lesson.course, learner, at=AT)
    mark_read(lesson, learner, at=AT)

    assert withdraw(lesson.course, learner, at=LATER)
    assert not withdraw(lesson.course, learner, at=LATER)
    enrol(lesson.course, learner, at=LATER)

    assert Enrolment.objects.count() == 2
    assert Enrolment.objects.active().get().enrolled_at == LATER
    assert LessonProgress.objects.get().read_at == AT


def test_leaving_takes_nobody_else_along():
    course, learner, other = make_course(), make_learner(), make_learner()
    enrol(course, learner, at=AT)
    stays = enrol(course, other, at=AT)

    withdraw(course, learner, at=LATER)

    assert list(Enrolment.objects.active()) == [stays]


def test_two_active_enrolments_are_refused_by_the_database():
    course, learner = make_course(), make_learner()
    enrol(course, learner, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(course=course, person=learner, enrolled_at=LATER)


def test_an_enrolment_that_ends_before_it_starts_is_refused_by_the_database():
    enrolment = enrol(make_course(), make_learner(), at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.update(withdrawn_at=AT - timedelta(seconds=1))

    enrolment.refresh_from_db()
    assert enrolment.withdrawn_at is None


def test_opening_again_moves_only_the_last_visit():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    open_lesson(lesson, learner, at=AT)
    progress = open_lesson(lesson, learner, at=LATER)

    assert (progress.opened_at, progress.last_at, progress.read_at) == (AT, LATER, None)


def test_a_late_request_of_an_earlier_moment_moves_nothing_back():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    open_lesson(lesson, learner, at=LATER)
    progress = mark_read(lesson, learner, at=AT)

    assert (progress.opened_at, progress.read_at, progress.last_at) == (LATER, LATER, LATER)


@pytest.mark.parametrize("times", [1, 2, 20])
def test_a_lesson_is_read_once_however_often_it_is_sent(times):
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    for number in range(times):
        progress = mark_read(lesson, learner, at=AT + timedelta(seconds=number))

    assert progress.read_at == AT
    assert LessonProgress.objects.count() == Enrolment.objects.count() == 1


def test_opening_a_lesson_enrols_nobody():
    open_lesson(make_lesson(make_module(make_course())), make_learner(), at=AT)

    assert not Enrolment.objects.exists()


def test_whoever_reads_to_the_end_is_enrolled():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()

    mark_read(lesson, learner, at=AT)

    assert Enrolment.objects.active().get().course == lesson.course


def test_whoever_has_left_stays_out_until_they_enrol_again():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    enrol(lesson.course, learner, at=AT)
    withdraw(lesson.course, learner, at=AT)

    mark_read(lesson, learner, at=LATER)

    assert not Enrolment.objects.active().exists()
    assert LessonProgress.objects.get().read_at == LATER


def test_a_lesson_unpublished_while_somebody_reads_it_is_still_marked_read():
    lesson, learner = make_lesson(make_module(make_course())), make_learner()
    Course.objects.update(is_live=False, paths={})
    lesson.refresh_from_db()

    assert mark_read(lesson, learner, at=AT).read_at == AT
