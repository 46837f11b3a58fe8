"""Who has shown that they know a rule: by a quiz that rests on it, by a case that turns on it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q, When
from django.db.models.functions import Coalesce

from courses.models import CasePlay, CaseVersion, QuizAttempt
from people.models import Person


@dataclass(frozen=True, slots=True)
class Shown:
    """That a person has shown it first at ``since``; ``place`` is the lesson or the case."""

    person: UUID
    rule: UUID
    place: UUID
    since: datetime


def shown(
    *, person: Person | None = None, rules: Collection[UUID] | None = None
) -> Iterator[Shown]:
    """Quizzes passed and cases solved, of everybody or of one, with the rules behind. One query.

    Away from the net one learns the law as it stood when the device left. A version of a case that
    had been replaced when the play ended teaches the law of the day on which it was frozen.
    """
    passed = QuizAttempt.objects.filter(passed=True).alias(
        learnt_at=Coalesce("law_as_of", "submitted_at")
    )
    if person is not None:
        passed = passed.filter(person=person)
    newer = CaseVersion.objects.filter(
        case=OuterRef("case"),
        number__gt=OuterRef("version__number"),
        frozen_at__lte=OuterRef("ended_at"),
    )
    solved = CasePlay.objects.solved().alias(
        learnt_at=models.Case(
            When(Exists(newer), then=F("version__frozen_at")),
            default=Coalesce("law_as_of", "ended_at"),
        )
    )
    played = []
    for role in ("person", "partner"):
        theirs = Q(**{role: person}) if person else Q(**{f"{role}__isnull": False})
        played.append(
            _rows(solved.filter(theirs), role, "version__case_rules__rule", "case", rules)
        )
    answered = _rows(passed, "person", "answers__version__question_rules__rule", "lesson", rules)
    for row in answered.union(*played, all=True):
        yield Shown(*row)


def _rows(
    # Plays are put below attempts in one query: what the rows are made of is no longer told apart.
    found: Any,
    person: str,
    rule: str,
    place: str,
    rules: Collection[UUID] | None,
) -> Any:
    wanted = Q(**{f"{rule}__isnull": False}) if rules is None else Q(**{f"{rule}__in": rules})
    rows = found.filter(wanted).order_by().values_list(person, rule, place)
    return rows.annotate(since=Min("learnt_at"))
