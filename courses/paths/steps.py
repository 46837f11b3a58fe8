"""What can complete a step of a path: a small register, so that other parts plug in.

``read``, ``quiz`` and ``case`` are ours. A part that knows of something else a learner can do with
a module registers a kind in ``AppConfig.ready``; a kind that nobody provides cannot be chosen, and
a step that names one asks nothing. What is practised with a mentor comes from mentoring by way of
:mod:`competences.practice`, because courses and mentoring never meet.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competences import practice
from courses.models import (
    Case,
    CasePlay,
    Lesson,
    LessonProgress,
    Module,
    PathStep,
    QuizAttempt,
)

READ, QUIZ = PathStep.READING
CASE, PRACTICE = PathStep.PLAYING, "practice"


@dataclass(frozen=True, slots=True)
class Evidence:
    """That somebody has done it: with what happened between ``since`` and ``at``.

    ``subject`` is the module, or the topic where the kind is about a topic.
    """

    person: UUID
    subject: UUID
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class StepKind:
    """One way to complete a step.

    Args:
        key: Stands in ``PathStep.completes``.
        label: What the learner does, as an order: "Read every lesson".
        evidence: What these people have done with these subjects; a constant number of queries.
        possible: Which of these subjects it can be done with today.
        about_topic: Whether its subject is the step's topic instead of its module.
    """

    key: str
    label: "str | Promise"
    evidence: Callable[[Collection[UUID], Collection[UUID]], Iterable[Evidence]]
    possible: Callable[[Collection[UUID]], set[UUID]]
    about_topic: bool = False


_kinds: dict[str, StepKind] = {}


def register(kind: StepKind) -> None:
    """Offer ``kind``, or replace the one with its key."""
    _kinds[kind.key] = kind


def kinds() -> dict[str, StepKind]:
    """Every kind that somebody provides, by its key."""
    if practice.is_provided():
        return {**_kinds, PRACTICE: _PRACTISED}
    return dict(_kinds)


# --- Reading ---


def _read(people: Collection[UUID], modules: Collection[UUID]) -> Iterable[Evidence]:
    """Whoever has read every lesson that the module asks for."""
    rows = (
        LessonProgress.objects.ever_read()
        .filter(
            person__in=people,
            lesson__module__in=modules,
            lesson__sequence__isnull=False,
            lesson__is_optional=False,
        )
        .order_by()
        .values("person_id", subject=F("lesson__module_id"))
        .annotate(count=Count("pk"), since=Min("last_read_at"), at=Max("last_read_at"))
        .filter(count__gte=F("lesson__module__required_count"))
    )
    for row in rows:
        yield Evidence(row["person_id"], row["subject"], row["since"], row["at"])


def _readable(modules: Collection[UUID]) -> set[UUID]:
    offered = Module.objects.filter(pk__in=modules, number__isnull=False, required_count__gt=0)
    return set(offered.values_list("pk", flat=True))


# --- Quizzes ---


def _quizzes(modules: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The lessons with a quiz that each of ``modules`` asks for."""
    asking = Lesson.objects.asked_in_modules().filter(
        module__in=modules, lesson_questions__isnull=False
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for module, lesson in asking.order_by().values_list("module_id", "pk").distinct():
        found[module].add(lesson)
    return found


def _passed(people: Collection[UUID], modules: Collection[UUID]) -> Iterable[Evidence]:
    """Whoever has passed every quiz that the module asks for, each at the latest time."""
    asked = _quizzes(modules)
    passes = (
        QuizAttempt.objects.filter(person__in=people, passed=True, lesson__module__in=modules)
        .order_by()
        .values_list("person_id", "lesson__module_id", "lesson_id")
        .annotate(at=Max("submitted_at"))
    )
    yield from _all_of(asked, passes)


def _all_of(
    asked: Mapping[UUID, set[UUID]], rows: Iterable[tuple[UUID, UUID, UUID, datetime]]
) -> Iterable[Evidence]:
    """Whoever has done each part that is asked of a module; rows: person, module, part, when."""
    by_module: dict[tuple[UUID, UUID], dict[UUID, datetime]] = defaultdict(dict)
    for person, module, part, at in rows:
        if part in asked.get(module, ()):
            done = by_module[person, module]
            done[part] = max(at, done.get(part, at))
    for (person, module), moments in by_module.items():
        if len(moments) == len(asked[module]):
            yield Evidence(person, module, min(moments.values()), max(moments.values()))


# --- Cases ---


def _cases(modules: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The cases that each of ``modules`` asks for."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    asked = Case.objects.asked_in_modules().filter(module__in=modules)
    for module, case in asked.values_list("module_id", "pk"):
        found[module].add(case)
    return found


def _solved(people: Collection[UUID], modules: Collection[UUID]) -> Iterable[Evidence]:
    """Whoever has brought every case that the module asks for to an end that is not a bad one.

    Of a case that was played together, both have solved it.
    """
    rows: list[tuple[UUID, UUID, UUID, datetime]] = []
    for role in ("person", "partner"):
        played = CasePlay.objects.filter(
            **{f"{role}__in": people}, case__module__in=modules
        ).solved()
        rows += played.order_by().values_list(
            f"{role}_id", "case__module_id", "case_id", "ended_at"
        )
    yield from _all_of(_cases(modules), rows)


# --- Practice, which mentoring knows of ---


def _practised(people: Collection[UUID], topics: Collection[UUID]) -> Iterable[Evidence]:
    for person, topic, at in practice.practised(people, topics):
        yield Evidence(person, topic, at, at)


register(StepKind(READ, _("Read every lesson"), _read, _readable))
register(StepKind(CASE, _("Solve the case"), _solved, lambda modules: set(_cases(modules))))
register(StepKind(QUIZ, _("Pass the quiz"), _passed, lambda modules: set(_quizzes(modules))))
_PRACTISED = StepKind(PRACTICE, _("Practise it with a mentor"), _practised, set, True)
