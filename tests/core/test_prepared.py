"""A prepared queryset asks what its queryset asks, with other values each time."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.db.models import Count, DateField, Max, Value
from django.db.models.functions import Cast

from core.prepared import Prepared
from courses.models import Course, Lesson
from people.models import Role
from tests.factories.courses import make_big_course
from tests.factories.people import make_person, make_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def lessons(course: uuid.UUID, first: int, last: int):
    """A stretch of the lessons of a course, with their module."""
    stretch = Lesson.objects.filter(course=course, sequence__gte=first, sequence__lte=last)
    return stretch.select_related("module").order_by("sequence")


def test_it_gives_the_same_rows_for_each_set_of_values(django_assert_num_queries):
    prepared = Prepared(lessons)
    courses = [make_big_course(modules=2, lessons_each=3) for _number in range(2)]

    for course in courses:
        for first, last in [(1, 2), (3, 6), (7, 9)]:
            expected = list(lessons(course.pk, first, last))
            with django_assert_num_queries(1):
                found = prepared(course=course.pk, first=first, last=last)
                titles = [(row.title, row.module.title, row.paths) for row in found]
            assert found == expected
            assert titles == [(row.title, row.module.title, row.paths) for row in expected]


def test_first_is_the_first_row_or_none():
    prepared = Prepared(lessons)
    course = make_big_course(modules=1, lessons_each=2)

    assert prepared.first(course=course.pk, first=2, last=9).sequence == 2
    assert prepared.first(course=uuid.uuid4(), first=1, last=9) is None


def test_annotations_and_deferred_fields_are_kept(django_assert_num_queries):
    prepared = Prepared(lambda key: Course.objects.filter(pk=key).defer("titles"))
    course = make_big_course(modules=1, lessons_each=1)

    found = prepared.first(key=course.pk)

    assert found.get_deferred_fields() == {"titles"}
    with django_assert_num_queries(1):
        assert found.titles == course.titles


def test_counted_rows_come_as_tuples_with_what_the_fields_make_of_them(django_assert_num_queries):
    def by_module(course: uuid.UUID):
        rows = Lesson.objects.filter(course=course).order_by("module__position")
        return rows.values_list("module").annotate(count=Count("pk"), last=Max("minutes"))

    prepared = Prepared(by_module)
    courses = [make_big_course(modules=number, lessons_each=3) for number in (1, 2)]

    for course in courses:
        expected = list(by_module(course.pk))
        with django_assert_num_queries(1):
            assert prepared.tuples(course=course.pk) == expected
        assert {type(module) for module, _count, _last in expected} == {uuid.UUID}
    assert prepared.tuples(course=uuid.uuid4()) == []


def test_a_value_that_the_query_does_not_use_is_a_mistake():
    prepared = Prepared(lambda key, other: Course.objects.filter(pk=key))

    with pytest.raises(TypeError, match="other"):
        prepared(key=uuid.uuid4(), other=uuid.uuid4())


def test_the_sql_is_written_once():
    built = []

    def build(key: uuid.UUID):
        built.append(key)
        return Course.objects.filter(pk=key)

    prepared = Prepared(build)
    for _time in range(3):
        prepared(key=uuid.uuid4())

    assert len(built) == 1


def test_days_moments_and_texts_are_values_too():
    def build(key: str, after: datetime):
        return Session.objects.filter(session_key=key, expire_date__gt=after)

    def roles(since: date):
        return Role.objects.filter(starts_on=since)

    at = datetime(2027, 6, 15, 12, tzinfo=UTC)
    Session.objects.create(session_key="kendt", session_data="", expire_date=at)
    make_person(make_role("caseworker", starts_on=date(2027, 1, 2)))
    sessions, begun = Prepared(build), Prepared(roles)

    for _time in range(6):  # PostgreSQL keeps the plan from the fourth time on
        assert sessions.first(key="kendt", after=at - timedelta(seconds=1)) is not None
        assert sessions.first(key="kendt", after=at) is None
        assert sessions.first(key="ukendt' OR 1=1 --", after=at - timedelta(days=1)) is None
        assert len(begun(since=date(2027, 1, 2))) == 1
        assert begun(since=date(2027, 1, 3)) == []


def test_a_failed_query_leaves_the_connection_as_it_was():
    def build(key: int):
        return Role.objects.filter(municipality__starts_on=Cast(Value(key), DateField()))

    before = getattr(connection.connection, "cursor_factory", None)
    if connection.vendor == "postgresql":  # SQLite casts anything
        with pytest.raises(ProgrammingError), transaction.atomic():
            Prepared(build)(key=1)

    assert getattr(connection.connection, "cursor_factory", None) == before
