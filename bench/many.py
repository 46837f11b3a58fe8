"""So many people on one learning path, with all that reports count; made in bulk.

The first ten thousand are written row by row in large pieces. More are made by PostgreSQL itself
out of those: ninety thousand with all that is theirs take it some seconds.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models

from courses.kinds import kind_of
from courses.models import (
    Answer,
    Assignment,
    LearningPath,
    Lesson,
    LessonProgress,
    Module,
    QuestionVersion,
    QuizAttempt,
    StepDone,
)
from people.models import Person, Place, Role

SINCE = date(2020, 1, 1)
AT_ONCE = 1000
#: From here on the database multiplies what is there.
BY_HAND = 10_000
WALKER = "Opdigtet Vandrer"


def add_walkers(
    path: LearningPath, modules: list[Module], town: Place, count: int, *, at: datetime
) -> None:
    """Bring those who walk ``path`` to ``count``, half of it done, each with a quiz and lessons."""
    there = Person.objects.filter(name__startswith=WALKER).count()
    by_hand = min(count, BY_HAND) if connection.vendor == "postgresql" else count
    for begin in range(there, by_hand, AT_ONCE):
        _by_hand(path, modules, town, range(begin, min(begin + AT_ONCE, by_hand)), at=at)
    if count > by_hand:
        assert count % by_hand == 0, "a multiple of those that are there"
        _multiply(count // by_hand - 1)
    with connection.cursor() as cursor:
        # What PostgreSQL does by itself a minute later; until then it plans for small tables.
        cursor.execute("ANALYZE")


def _by_hand(
    path: LearningPath, modules: list[Module], town: Place, numbers: range, *, at: datetime
) -> None:
    people = Person.objects.bulk_create(Person(name=f"{WALKER} {number:06}") for number in numbers)
    Role.objects.bulk_create(
        Role(person=person, key="caseworker", scope="town", place=town, starts_on=SINCE)
        for person in people
    )
    walked = Assignment.objects.bulk_create(
        Assignment(
            path=path,
            person=person,
            origin="rule",
            assigned_at=at - timedelta(days=30),
            due_on=at.date() + timedelta(days=number % 20 - 10),
            last_at=at - timedelta(days=number % 30),
            completed_at=at - timedelta(days=number % 30) if number % 4 == 0 else None,
            step_count=len(modules),
            done_count=len(modules) if number % 4 == 0 else len(modules) // 2,
        )
        for number, person in zip(numbers, people, strict=True)
    )
    StepDone.objects.bulk_create(
        [
            StepDone(assignment=one, module=module, completes="read", done_at=at)
            for one in walked
            for module in modules
        ],
        batch_size=10_000,
    )
    _learnt(people, numbers, at=at)


def _learnt(people: list[Person], numbers: range, *, at: datetime) -> None:
    """Five lessons that teach something were read, and the quiz of one of them was taken."""
    teaching = Lesson.objects.offered().filter(competences__isnull=False).distinct()[:5]
    LessonProgress.objects.bulk_create(
        [
            LessonProgress(lesson=lesson, person=person, opened_at=at, read_at=at, last_at=at)
            for lesson in teaching
            for person in people
        ],
        batch_size=5000,
    )
    lesson = Lesson.objects.offered().filter(lesson_questions__isnull=False)[0]
    versions = list(QuestionVersion.objects.filter(is_current=True, question__lessons=lesson))
    attempts = QuizAttempt.objects.bulk_create(
        QuizAttempt(
            id=uuid.uuid4(),
            lesson=lesson,
            person=person,
            language="da",
            content_hash="bench",
            submitted_at=at,
            score=number % (len(versions) + 1),
            total=len(versions),
            passed=number % 3 > 0,
        )
        for number, person in zip(numbers, people, strict=True)
    )
    right = {version.pk: sorted(kind_of(version).solution(version)) for version in versions}
    Answer.objects.bulk_create(
        [
            Answer(
                attempt=attempt,
                version=version,
                position=place,
                chosen=right[version.pk],
                is_correct=place < attempt.score,
            )
            for attempt in attempts
            for place, version in enumerate(versions)
        ],
        batch_size=5000,
    )


def _multiply(times: int) -> None:
    """Every walker so many times more, with all that is theirs; PostgreSQL's own work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE twin_person AS SELECT id AS old, gen_random_uuid() AS new, copy "
            f"FROM people_person CROSS JOIN generate_series(1, {times}) AS copy "
            f"WHERE name LIKE '{WALKER}%%'",
            [],
        )
        cursor.execute(
            "CREATE TEMP TABLE twin_quizattempt AS SELECT id AS old, gen_random_uuid() AS new, copy"
            " FROM courses_quizattempt JOIN twin_person ON twin_person.old = person_id"
        )
        for table in ("twin_person", "twin_quizattempt"):
            cursor.execute(f"CREATE INDEX ON {table} (old, copy)")
            cursor.execute(f"ANALYZE {table}")
        _copy(cursor, Person, {"id": "twin_person"})
        for model in (Role, Assignment, LessonProgress):
            _copy(cursor, model, {"person_id": "twin_person"})
        _copy(cursor, QuizAttempt, {"id": "twin_quizattempt", "person_id": "twin_person"})
        _copy(cursor, Answer, {"attempt_id": "twin_quizattempt"})


def _copy(cursor: Any, model: type[models.Model], twins: Mapping[str, str]) -> None:
    """Each row of ``model`` once more for every twin of what its columns ``twins`` name."""
    table, columns, values = model._meta.db_table, [], []
    for field in model._meta.concrete_fields:
        column = field.column
        if column in twins:
            columns.append(column)
            values.append(f"{twins[column]}.new")
        elif not field.primary_key:
            columns.append(column)
            values.append(f"{table}.{column}")
        elif isinstance(field, models.UUIDField):
            columns.append(column)
            values.append("gen_random_uuid()")
    (first, of), *others = twins.items()
    joins = f"JOIN {of} ON {of}.old = {table}.{first}" + "".join(
        f" JOIN {other} ON {other}.old = {table}.{column} AND {other}.copy = {of}.copy"
        for column, other in others
    )
    into, chosen = ", ".join(columns), ", ".join(values)
    cursor.execute(f"INSERT INTO {table} ({into}) SELECT {chosen} FROM {table} {joins}")
