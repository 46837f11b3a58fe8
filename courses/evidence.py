"""What courses knows of competences: what was read, shown in a quiz, solved in a case."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from competences.evidence import Evidence, EvidenceKind, register
from core.prepared import Prepared
from courses.models import Answer, CasePlay, LessonProgress, QuizAttempt
from people.models import Person

READ, QUIZ, CASE = "read", "quiz", "case"


def _latest(rows: QuerySet[Any], competence: str, moment: str, what: str) -> QuerySet[Any]:
    """``rows`` counted by competence: when last, and how many different ``what``."""
    named = rows.filter(**{f"{competence}__isnull": False}).order_by()
    return named.values_list(competence).annotate(
        last=Max(moment), count=Count(what, distinct=True)
    )


def read(person: Person, competences: Collection[UUID]) -> Iterator[Evidence]:
    """Lessons that the person has read to their end, in whatever round. One query."""
    return _of(_read.tuples(person=person.pk), competences)


def passed(person: Person, competences: Collection[UUID]) -> Iterator[Evidence]:
    """Quizzes passed: they show what the lesson teaches and was answered right. Two queries."""
    merged: dict[UUID, Evidence] = {}
    rows = [*_passed.tuples(person=person.pk), *_asked.tuples(person=person.pk)]
    for one in _of(rows, competences):
        known = merged.get(one.competence)
        merged[one.competence] = (
            one
            if known is None
            else Evidence(one.competence, max(one.at, known.at), max(one.count, known.count))
        )
    yield from merged.values()


def solved(person: Person, competences: Collection[UUID]) -> Iterator[Evidence]:
    """Cases brought to an end that is not a bad one. One query."""
    return _of(_solved.tuples(person=person.pk), competences)


def _right() -> QuerySet[Answer]:
    """What was answered right in a quiz that was passed; a question left out shows nothing."""
    return Answer.objects.filter(attempt__passed=True, is_correct=True, counts=True)


def _of(rows: Iterable[tuple[UUID, Any, int]], competences: Collection[UUID]) -> Iterator[Evidence]:
    wanted = set(competences)
    return (Evidence(*row) for row in rows if row[0] in wanted)


# Behind the map of every learner, so the SQL is written once (core.prepared).


@Prepared
def _read(person: UUID) -> QuerySet[Any]:
    own = LessonProgress.objects.ever_read().filter(person=person)
    return _latest(own, "lesson__competences", "last_read_at", "lesson")


@Prepared
def _passed(person: UUID) -> QuerySet[Any]:
    own = QuizAttempt.objects.filter(person=person, passed=True)
    return _latest(own, "lesson__competences", "submitted_at", "lesson")


@Prepared
def _asked(person: UUID) -> QuerySet[Any]:
    own = _right().filter(attempt__person=person)
    return _latest(
        own, "version__question__competences", "attempt__submitted_at", "attempt__lesson"
    )


@Prepared
def _solved(person: UUID) -> QuerySet[Any]:
    return _latest(CasePlay.objects.of(person).solved(), "case__competences", "ended_at", "case")


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
    own = LessonProgress.objects.ever_read().filter(
        person__in=people.values("pk"), lesson__competences__in=competences
    )
    return _how_many(own.values(competence=F("lesson__competences"), who=F("person")))


def passed_among(people: QuerySet[Person], competences: Collection[UUID]) -> dict[UUID, int]:
    """How many have passed a quiz that shows each, by its lesson or a right answer. One query."""
    within = people.values("pk")
    passed = QuizAttempt.objects.filter(
        person__in=within, passed=True, lesson__competences__in=competences
    )
    right = _right().filter(
        attempt__person__in=within, version__question__competences__in=competences
    )
    return _how_many(
        passed.values(competence=F("lesson__competences"), who=F("person")),
        right.values(competence=F("version__question__competences"), who=F("attempt__person")),
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


def offer() -> None:
    """Show them on the map of competences; called from ``AppConfig.ready``."""
    register(EvidenceKind(READ, _("Read"), 10, read, read_among))
    register(EvidenceKind(QUIZ, _("Shown in a quiz"), 20, passed, passed_among))
    register(EvidenceKind(CASE, _("Shown in a case"), 30, solved, solved_among))
