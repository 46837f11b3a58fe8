"""What a course demands before it is completed, and how much of it somebody has done.

Counted here for all: the page of a course, its certificate, and the action that writes down who
has completed it. What is optional is asked of nobody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from competences import practice
from competences.evidence import practised_by
from competences.models import CompetenceText
from core.bilingual import Text
from core.periods import local_day
from courses.models import (
    Case,
    CasePlay,
    Course,
    Enrolment,
    Lesson,
    LessonProgress,
    LessonQuestion,
    QuizAttempt,
)
from courses.models.case import CasePlayQuerySet
from courses.models.progress import EnrolmentQuerySet

#: A value, or the column of an outer query that holds it.
Key = UUID | OuterRef


@dataclass(frozen=True, slots=True)
class Left:
    """How much of what a course demands is left to do; ``practice`` names what to practise."""

    lessons: int
    quizzes: int
    cases: int
    practice: Sequence[Text] = ()

    @classmethod
    def nothing(cls) -> "Left":
        """Nothing is left."""
        return cls(lessons=0, quizzes=0, cases=0)

    @classmethod
    def of(cls, course: Any, person: UUID) -> "Left":
        """What is left of ``course``, a row with :func:`counts` of ``person`` and ``counts_from``.

        No query, or four where the course demands practice.
        """
        return cls(
            lessons=max(0, course.required_count - course.read_count),
            quizzes=max(0, course.quiz_count - course.passed_count),
            cases=max(0, course.case_count - course.solved_count),
            practice=_to_practise(course, person) if course.demands_practice else (),
        )

    @property
    def is_more(self) -> bool:
        """Whether something else than reading is left."""
        return bool(self.quizzes or self.cases or self.practice)


def counts(person: Key, course: Key) -> Mapping[str, Coalesce]:
    """Annotations: how much of what ``course`` demands ``person`` has done in their round."""
    return {
        "read_count": read_count(person, course),
        "passed_count": number_of(passed(course).filter(person=person), "lesson"),
        "solved_count": number_of(solved(course, _within(person)).of(person), "case"),
    }


def read_count(person: Key, course: Key) -> Coalesce:
    """How many of the required lessons of ``course`` ``person`` has read."""
    return number_of(read(course).filter(person=person), "pk")


def read(course: Key) -> QuerySet[LessonProgress]:
    """That somebody has read a required lesson of ``course``, in their present round."""
    return LessonProgress.objects.read_in_round().filter(
        lesson__course=course, lesson__is_required=True
    )


def passed(course: Key) -> QuerySet[QuizAttempt]:
    """That somebody passed a quiz that ``course`` demands, in their present round."""
    asks = LessonQuestion.objects.filter(lesson=OuterRef("lesson"))
    later = _later_rounds("lesson__course", "submitted_at").filter(person=OuterRef("person"))
    return QuizAttempt.objects.filter(
        Exists(asks), ~Exists(later), passed=True, lesson__course=course, lesson__is_required=True
    )


def solved(course: Key, person: Key) -> CasePlayQuerySet:
    """That a case that is not optional in ``course`` was solved, in the round of ``person``.

    Args:
        person: As a query within the plays names them: one of the two who may have played it.
    """
    later = _later_rounds("case__course", "ended_at").filter(person=person)
    solved_ones = CasePlay.objects.solved().filter(~Exists(later))
    return solved_ones.filter(case__course=course, case__is_required=True)


def _later_rounds(course: str, moment: str) -> EnrolmentQuerySet:
    """Rounds that began after what the outer row tells: it does not count for them."""
    return Enrolment.objects.active().filter(
        course=OuterRef(course), counts_from__gt=OuterRef(moment)
    )


def _within(key: Key) -> Key:
    """The same ``key``, as a query one step further inside names it."""
    return OuterRef(key) if isinstance(key, OuterRef) else key


# --- Practice, which is asked of those who know of it ---------------------------------------------


def to_be_practised(course: Course) -> list[CompetenceText]:
    """What the required lessons and cases of ``course`` teach, as it is worded today. Two queries.

    What no framework in force names can be shown by nobody, and is asked of nobody.
    """
    if not practice.is_provided():
        return []
    taught, shown = (
        model.competences.through._default_manager.filter(
            **{f"{name}__course": course, f"{name}__is_required": True}
        ).values("competence")
        for model, name in ((Lesson, "lesson"), (Case, "case"))
    )
    texts = CompetenceText.objects.in_force(on=local_day(timezone.now()))
    return list(
        texts.filter(Q(competence__in=taught) | Q(competence__in=shown)).prefetch_related("topics")
    )


def practised(
    texts: Collection[CompetenceText], people: Collection[UUID]
) -> Mapping[UUID, Mapping[UUID, datetime]]:
    """By person, when each competence was last practised in a confirmed session."""
    found: dict[UUID, dict[UUID, datetime]] = {person: {} for person in people}
    for person, competence, at in practised_by(people, texts):
        known = found[person].get(competence, at)
        found[person][competence] = max(known, at)
    return found


def since(moment: datetime | None, found: Mapping[UUID, datetime]) -> dict[UUID, datetime]:
    """What of ``found`` was done in a round that counts from ``moment``."""
    return {key: at for key, at in found.items() if moment is None or at >= moment}


def _to_practise(course: Any, person: UUID) -> list[Text]:
    """The competences of ``course`` that ``person`` has not practised in their round."""
    texts = to_be_practised(course)
    own = since(course.counts_from, practised(texts, [person])[person])
    return [text.title for text in texts if text.competence_id not in own]


#: A row with :func:`counts` of which nothing is left but perhaps practice; ``course__`` leads to
#: its course.
DONE = Q(
    course__required_count__gt=0,
    read_count__gte=F("course__required_count"),
    passed_count__gte=F("course__quiz_count"),
    solved_count__gte=F("course__case_count"),
)


def number_of(rows: QuerySet[Any], what: str) -> Coalesce:
    """How many different ``what`` there are in ``rows``, as part of an outer query."""
    counted = rows.order_by().annotate(all=Value(1)).values("all")
    counted = counted.annotate(count=Count(what, distinct=what != "pk"))
    return Coalesce(Subquery(counted.values("count")), 0, output_field=IntegerField())
