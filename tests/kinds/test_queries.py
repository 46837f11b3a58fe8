"""As many queries for one as for many, where no other test says so already."""

import uuid

import pytest
from django.utils import timezone

from courses.actions import enrol, mark_read
from courses.models import Course, Lesson, LessonProgress
from people.models import Person
from tests.factories.courses import make_learner
from tests.factories.pages import make_catalogue, make_lesson_page

pytestmark = pytest.mark.usefixtures("base")


@pytest.fixture
def learner():
    return make_learner("Sagsbehandler Demo 1")


@pytest.fixture
def count(client, learner, django_assert_max_num_queries):
    """How many queries a page takes the second time."""
    client.force_login(learner.user)

    def ask(address, most):
        client.get(address)
        with django_assert_max_num_queries(most) as taken:
            assert client.get(address).status_code == 200
        return len(taken)

    return ask


def add_lessons(record, how_many):
    Lesson.objects.bulk_create(
        Lesson(
            id=uuid.uuid4(),
            module=record.module,
            course=record.course,
            titles={"da": f"Lektion {number}"},
            paths={"da": f"/da/kurser/{number}/"},
            is_live=True,
            position=number,
            sequence=number,
            number=number,
            is_required=True,
            minutes=5,
        )
        for number in range(2, how_many + 2)
    )


def test_start_page_of_a_learner_takes_the_same_for_few_and_for_many(count, learner):
    record = Lesson.objects.get(pk=make_lesson_page().translation_key)
    at = timezone.now()
    enrol(record.course, learner, at=at)
    mark_read(record, learner, at=at)
    add_lessons(record, 9)
    for_few = count("/da/start/", 20)

    Lesson.objects.exclude(pk=record.pk).delete()
    add_lessons(record, 999)
    others = Person.objects.bulk_create(Person(name=f"P{number}") for number in range(10_000))
    LessonProgress.objects.bulk_create(
        LessonProgress(lesson=record, person=person, opened_at=at, read_at=at, last_at=at)
        for person in others
    )

    assert count("/da/start/", 20) == for_few


def test_catalogue_takes_the_same_for_one_course_and_for_many(count, learner):
    record = Lesson.objects.get(pk=make_lesson_page().translation_key)
    enrol(record.course, learner, at=timezone.now())
    address = make_catalogue().url
    for_one = count(address, 9)

    Course.objects.bulk_create(
        Course(
            id=uuid.uuid4(),
            titles={"da": f"Kursus {number}"},
            paths={"da": f"/da/kurser/kursus-{number}/"},
            is_live=True,
            position=number,
        )
        for number in range(2, 40)
    )

    assert count(address, 9) == for_one
