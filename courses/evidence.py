"""What courses knows of competences: what was read, shown in a quiz, solved in a case."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from competences.evidence import Evidence, EvidenceKind, register
from courses.models import CasePlay, LessonProgress, QuizAttempt
from people.models import Person

READ, QUIZ, CASE = "read", "quiz", "case"


def _latest(rows: QuerySet[Any], competence: str, moment: str, what: str) -> Iterator[Evidence]:
    """``rows`` counted by competence: how many different ``what``, and when last."""
    found = (
        rows.order_by()
        .values_list(competence)
        .annotate(last=Max(moment), count=Count(what, distinct=True))
    )
    for key, last, count in found:
        yield Evidence(key, last, count)


def read(person: Person, competences: Collection[UUID]) -> Iterator[Evidence]:
    """Lessons that the person has read to their end. One query."""
    own = LessonProgress.objects.filter(
        person=person, read_at__isnull=False, lesson__competences__in=competences
    )
    yield from _latest(own, "lesson__competences", "read_at", "lesson")


def _how_many(*found: QuerySet[Any]) -> dict[UUID, int]:
    """How many different people stand beside each competence in any of ``found``. One query.

    Each of ``found`` has two columns, ``competence`` and ``who``. The database puts them together,
    so that nobody counts twice and no list of people comes here.
    """
    first, *others = (rows.order_by() for rows in found)
    sql, params = (
        first.union(*others).query.sql_with_params()
        if others
        else (first.distinct().query.sql_with_params())
    )
    counted = f"SELECT competence, COUNT(*) FROM ({sql}) AS pairs GROUP BY competence"  # noqa: S608  of our own queries
    with connection.cursor() as cursor:
        cursor.execute(counted, params)
        return {UUID(str(competence)): count for competence, count in cursor.fetchall()}


def read_among(people: QuerySet[Person], competences: Collection[UUID]) -> dict[UUID, int]:
    """How many have read a lesson about each. One query."""
    own = LessonProgress.objects.filter(
        person__in=people.values("pk"),
        read_at__isnull=False,
        lesson__competences__in=competences,
    )
    return _how_many(own.values(competence=F("lesson__competences"), who=F("person")))


def passed_among(people: QuerySet[Person], competences: Collection[UUID]) -> dict[UUID, int]:
    """How many have passed a quiz that shows each, by its lesson or by a question. One query."""
    own = QuizAttempt.objects.filter(person__in=people.values("pk"), passed=True)
    return _how_many(
        *(
            own.filter(**{f"{path}__in": competences}).values(competence=F(path), who=F("person"))
            for path in ("lesson__competences", "answers__version__question__competences")
        )
    )


def solved_among(people: QuerySet[Person], competences: Collection[UUID]) -> dict[UUID, int]:
    """How many have solved a case about each, alone or together. One query."""
    own = CasePlay.objects.solved().filter(case__competences__in=competences)
    return _how_many(
        *(
            own.filter(**{f"{role}__in": people.values("pk")}).values(
                competence=F("case__competences"), who=F(role)
            )
            for role in ("person", "partner")
        )
    )


def passed(person: Person, competences: Collection[UUID]) -> Iterator[Evidence]:
    """Quizzes passed: they show what the lesson teaches and its questions ask. Two queries."""
    own = QuizAttempt.objects.filter(person=person, passed=True)
    by_lesson = own.filter(lesson__competences__in=competences)
    by_question = own.filter(answers__version__question__competences__in=competences)
    merged: dict[UUID, Evidence] = {}
    for one in (
        *_latest(by_lesson, "lesson__competences", "submitted_at", "lesson"),
        *_latest(by_question, "answers__version__question__competences", "submitted_at", "lesson"),
    ):
        known = merged.get(one.competence)
        merged[one.competence] = (
            one
            if known is None
            else Evidence(one.competence, max(one.at, known.at), max(one.count, known.count))
        )
    yield from merged.values()


def solved(person: Person, competences: Collection[UUID]) -> Iterator[Evidence]:
    """Cases brought to an end that is not a bad one. One query."""
    own = CasePlay.objects.of(person).solved()
    own = own.filter(case__competences__in=competences)
    yield from _latest(own, "case__competences", "ended_at", "case")


def offer() -> None:
    """Show them on the map of competences; called from ``AppConfig.ready``."""
    register(EvidenceKind(READ, _("Read"), 10, read, read_among))
    register(EvidenceKind(QUIZ, _("Shown in a quiz"), 20, passed, passed_among))
    register(EvidenceKind(CASE, _("Shown in a case"), 30, solved, solved_among))
