"""What a course demands before it is completed, and how much of it somebody has done.

Counted here for all: the page of a course, its certificate, and the action that writes down who
has completed it. What is optional is asked of nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from courses.models import Course, LessonProgress, LessonQuestion, QuizAttempt

#: A value, or the column of an outer query that holds it.
Key = UUID | OuterRef


@dataclass(frozen=True, slots=True)
class Left:
    """How much of what a course demands is left to do."""

    lessons: int
    quizzes: int

    @classmethod
    def nothing(cls) -> "Left":
        """Nothing is left."""
        return cls(lessons=0, quizzes=0)

    @classmethod
    def of(cls, course: Course, counted: Any) -> "Left":
        """What is left of ``course``; ``counted`` is a row with :func:`counts`."""
        return cls(
            lessons=max(0, course.required_count - counted.read_count),
            quizzes=max(0, course.quiz_count - counted.passed_count),
        )


def counts(person: Key, course: Key) -> Mapping[str, Coalesce]:
    """Annotations: how much of what ``course`` demands ``person`` has done."""
    return {
        "read_count": read_count(person, course),
        "passed_count": number_of(passed(course).filter(person=person), "lesson"),
    }


def read_count(person: Key, course: Key) -> Coalesce:
    """How many of the required lessons of ``course`` ``person`` has read."""
    return number_of(read(course).filter(person=person), "pk")


def read(course: Key) -> QuerySet[LessonProgress]:
    """That somebody has read a required lesson of ``course``."""
    return LessonProgress.objects.filter(
        read_at__isnull=False, lesson__course=course, lesson__is_required=True
    )


def passed(course: Key) -> QuerySet[QuizAttempt]:
    """That somebody passed a quiz that ``course`` demands."""
    asks = LessonQuestion.objects.filter(lesson=OuterRef("lesson"))
    return QuizAttempt.objects.filter(
        Exists(asks), passed=True, lesson__course=course, lesson__is_required=True
    )


#: A row with :func:`counts` of which nothing is left; ``course__`` leads to its course.
DONE = Q(
    course__required_count__gt=0,
    read_count__gte=F("course__required_count"),
    passed_count__gte=F("course__quiz_count"),
)


def number_of(rows: QuerySet[Any], what: str) -> Coalesce:
    """How many different ``what`` there are in ``rows``, as part of an outer query."""
    counted = rows.order_by().annotate(all=Value(1)).values("all")
    counted = counted.annotate(count=Count(what, distinct=what != "pk"))
    return Coalesce(Subquery(counted.values("count")), 0, output_field=IntegerField())
