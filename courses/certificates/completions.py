"""What one can get a certificate for: a small register of things that can be completed.

Courses are ours; another part (a learning path, a seminar) registers its own kind and says when a
person has completed it and what a certificate of it says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core.bilingual import Text
from core.periods import local_day
from courses.learning.law import changes_for
from courses.models import (
    Case,
    Course,
    Lesson,
    LessonChange,
    LessonProgress,
    Question,
    QuizAttempt,
)
from people.models import Person
from rules.models import Decision, Rule

COURSE = "course"


@dataclass(frozen=True)
class Completion:
    """How far a person is with something, and what a certificate of it would say.

    Args:
        titles: What it is called, by language.
        is_complete: Whether all that is required has been done.
        parts: What is required, and how much of it is left.
        competences: Texts by language, in order.
        rules: What it cites.
        acts: The acts behind those rules, the newest last.
    """

    titles: Mapping[str, str]
    minutes: int
    is_complete: bool
    parts: Sequence["Part"]
    course_on: date | None
    competences: Sequence[Mapping[str, str]]
    rules: Sequence[Rule]
    path: str = ""
    acts: Sequence[Mapping[str, str]] = field(default_factory=list)
    law_on: date | None = None

    @property
    def title(self) -> Text:
        """What it is called, in the active language, else in Danish."""
        return Text.choose(self.titles)


@dataclass(frozen=True)
class Part:
    """Something that is required: what, and how much of it is left."""

    label: str
    left: int

    @property
    def state(self) -> str:
        """How far it is, in the words of ``components/status.html``."""
        return "in_progress" if self.left else "done"


@dataclass(frozen=True)
class CompletionKind:
    """One kind of thing that can be completed.

    Args:
        key: Stands in ``Certificate.completed``.
        of: The completion of one thing by a person; none where there is no such thing.
        again: Whether a person has completed it anew since a moment; with decisions, whether what
            these changed has been caught up with since each was taken.
    """

    key: str
    of: Callable[[UUID, Person], Completion | None]
    again: Callable[[UUID, Person, datetime, Sequence[Decision]], bool]


_kinds: dict[str, CompletionKind] = {}


def register(kind: CompletionKind) -> None:
    """Issue certificates for ``kind``, or replace the one with its key."""
    _kinds[kind.key] = kind


def kind_of(key: str) -> CompletionKind | None:
    """The kind ``key``; none where nobody provides it."""
    return _kinds.get(key)


# --- Courses ------------------------------------------------------------------------------------


def course_completion(key: UUID, person: Person) -> Completion | None:
    """How far ``person`` is with the course ``key``. A constant number of queries.

    Complete is a course once every lesson that it offers is read and every quiz in it passed, and
    what has changed in the law since then is read too; a course without a lesson never is.
    """
    course = Course.objects.filter(pk=key).first()
    if course is None:
        return None
    own = LessonProgress.objects.filter(person=person, lesson=OuterRef("pk"), read_at__isnull=False)
    passed = QuizAttempt.objects.filter(person=person, lesson=OuterRef("pk"), passed=True)
    lessons: list[Any] = list(
        Lesson.objects.offered()
        .filter(course=course)
        .annotate(
            is_read=Exists(own),
            asks=Exists(Lesson.questions.through.objects.filter(lesson=OuterRef("pk"))),
            has_passed=Exists(passed),
        )
        .only("pk", "minutes", "published_at")
    )
    unread = sum(not lesson.is_read for lesson in lessons)
    unpassed = sum(lesson.asks and not lesson.has_passed for lesson in lessons)
    changed = sum(
        any(lesson.course_id == course.pk for lesson in change.lessons)
        for change in changes_for(person)
    )
    parts = [Part(_("Read every lesson"), unread), Part(_("Pass every quiz"), unpassed)]
    if changed:
        parts.append(Part(_("Read what has changed since you learnt it"), changed))
    published = [lesson.published_at for lesson in lessons if lesson.published_at]
    rules = _rules_of(course)
    acts = {rule.act for rule in rules if rule.act is not None}
    in_order = sorted(acts, key=lambda act: (act.in_force_from or date.min, act.key))
    return Completion(
        titles=course.titles,
        minutes=sum(lesson.minutes for lesson in lessons) + _case_minutes(course),
        is_complete=bool(lessons) and not any(part.left for part in parts),
        parts=parts,
        course_on=local_day(max(published)) if published else None,
        competences=_competences_of(course),
        rules=rules,
        path=course.path,
        acts=[{"number": act.number, "da": act.title_da, "kl": act.title_kl} for act in in_order],
        law_on=in_order[-1].in_force_from if in_order else None,
    )


def _case_minutes(course: Course) -> int:
    return sum(Case.objects.offered().filter(course=course).values_list("minutes", flat=True))


def _rules_of(course: Course) -> list[Rule]:
    """What the lessons of the course and the questions they ask rest on. One query."""
    by_lesson = Q(lesson_rules__lesson__course=course, lesson_rules__lesson__sequence__isnull=False)
    asked = Question.objects.filter(
        lesson_questions__lesson__course=course,
        lesson_questions__lesson__sequence__isnull=False,
        rule__isnull=False,
    )
    rules = Rule.objects.filter(by_lesson | Q(pk__in=asked.values("rule")))
    return list(rules.publishable().select_related("act").distinct().order_by("key"))


def _competences_of(course: Course) -> list[dict[str, str]]:
    """What the lessons of the course teach, in the order they teach it. One query."""
    rows = (
        Lesson.objects.offered()
        .filter(course=course, competences__isnull=False)
        .values_list("competences", "competences__title_da", "competences__title_kl")
    )
    found: dict[UUID, dict[str, str]] = {}
    for key, danish, kalaallisut in rows:
        found.setdefault(key, {"da": danish, "kl": kalaallisut})
    return list(found.values())


def course_again(key: UUID, person: Person, since: datetime, decisions: Sequence[Decision]) -> bool:
    """Whether ``person`` has gone through the course ``key`` again since ``since``.

    Again is: each quiz passed once more, and each lesson without one opened once more. Where rules
    have changed, the difference is enough: each change marked as seen, and the quizzes of the
    lessons that cited the rule passed since it changed.
    """
    if decisions:
        return _has_caught_up(key, person, decisions)
    passed = QuizAttempt.objects.filter(
        person=person, lesson=OuterRef("pk"), passed=True, submitted_at__gt=since
    )
    opened = LessonProgress.objects.filter(person=person, lesson=OuterRef("pk"), last_at__gt=since)
    asks = Exists(Lesson.questions.through.objects.filter(lesson=OuterRef("pk")))
    offered = Lesson.objects.offered().filter(course=key)
    waiting = offered.filter((asks & ~Exists(passed)) | (~asks & ~Exists(opened)))
    return offered.exists() and not waiting.exists()


def _has_caught_up(key: UUID, person: Person, decisions: Sequence[Decision]) -> bool:
    keys = {decision.pk for decision in decisions}
    if any(keys & set(change.decisions) for change in changes_for(person)):
        return False
    passed = QuizAttempt.objects.filter(
        person=person,
        lesson=OuterRef("lesson"),
        passed=True,
        submitted_at__gt=OuterRef("decision__decided_at"),
    )
    asks = Lesson.questions.through.objects.filter(lesson=OuterRef("lesson"))
    concerned = LessonChange.objects.filter(
        decision__in=keys, lesson__course=key, lesson__sequence__isnull=False
    )
    return not concerned.filter(Exists(asks), ~Exists(passed)).exists()


register(CompletionKind(COURSE, course_completion, course_again))
