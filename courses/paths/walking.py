"""What learners see of their paths: read in a constant number of queries, whatever there is."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, FilteredRelation, Max, Q, Sum
from django.urls import reverse

from core.bilingual import Text
from courses.actions.paths import possible_steps
from courses.models import (
    Assignment,
    Case,
    LearningPath,
    Lesson,
    Module,
    PathOrder,
    PathStep,
    QuizAttempt,
    StepDone,
)
from courses.paths.steps import CASE, QUIZ, READ, kinds
from people.models import Person

PATHS_SHOWN = 25


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a path as its walker meets it; ``first`` is what is best done before it."""

    step: PathStep
    state: str
    done_at: datetime | None
    minutes: int
    minutes_left: int
    is_offered: bool
    first: Sequence[Text] = ()

    @property
    def module(self) -> Module:
        """The module it is about."""
        return self.step.module

    @property
    def what(self) -> str:
        """What completes it, in words."""
        kind = kinds().get(self.step.completes)
        return str(kind.label) if kind else ""

    @property
    def topic(self) -> Text | None:
        """The topic to practise, where that is what completes it."""
        return self.step.topic.title if self.step.topic else None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do in it."""
        return self.state == "done"


@dataclass(frozen=True, slots=True)
class NextStep:
    """Where one goes on in a path, and how long that takes."""

    title: Text
    url: str
    minutes: int
    is_quiz: bool = False
    is_lesson: bool = False


@dataclass(frozen=True, slots=True)
class WalkedPath:
    """A path with its steps, and how far somebody is; ``assignment`` is none for whoever looks."""

    path: LearningPath
    assignment: Assignment | None
    rows: Sequence[StepRow]
    next: NextStep | None
    day: date

    @property
    def minutes(self) -> int:
        """How long the whole path takes."""
        return sum(row.minutes for row in self.rows)

    @property
    def minutes_left(self) -> int:
        """How long what is required and not done still takes."""
        return sum(row.minutes_left for row in self.rows if row.step.is_required)

    @property
    def state(self) -> str:
        """How far it is, in the words of ``components/status.html``."""
        return self.assignment.state if self.assignment else "not_begun"

    @property
    def is_done(self) -> bool:
        """Whether it is completed."""
        return self.assignment is not None and self.assignment.completed_at is not None

    @property
    def due_on(self) -> date | None:
        """The day it is due, while something is left to do."""
        return self.assignment.due_on if self.assignment and not self.is_done else None

    @property
    def is_late(self) -> bool:
        """Whether that day has passed."""
        return self.assignment is not None and self.assignment.is_late(on=self.day)

    @property
    def days_left(self) -> int | None:
        """How many days are left until it is due; negative when it is late."""
        return (self.due_on - self.day).days if self.due_on else None


def my_paths(person: Person, *, day: date, limit: int = PATHS_SHOWN) -> list[WalkedPath]:
    """The paths of ``person``: the unfinished first, the one due first before the others.

    One query for whoever walks none, else six to eight for any number.
    """
    own = (
        Assignment.objects.active()
        .filter(person=person)
        .select_related("path", "assigned_by")
        .order_by(
            F("completed_at").desc(nulls_first=True),
            F("due_on").asc(nulls_last=True),
            "path__position",
            "pk",
        )[:limit]
    )
    return _walk([(one.path, one) for one in own], person, day=day)


def walked_path(path: LearningPath, person: Person, *, day: date) -> WalkedPath:
    """The path for its own page, with the assignment of ``person`` if there is one."""
    own = Assignment.objects.active().select_related("assigned_by", "rule__made_by")
    return _walk([(path, own.filter(path=path, person=person).first())], person, day=day)[0]


@dataclass(frozen=True, slots=True)
class _InModule:
    """What somebody has done in a module, and how long it takes."""

    minutes: int = 0
    left: int = 0
    is_begun: bool = False


def _walk(
    walked: Sequence[tuple[LearningPath, Assignment | None]], person: Person, *, day: date
) -> list[WalkedPath]:
    if not walked:
        return []
    paths = [path for path, _assignment in walked]
    steps: dict[UUID, list[PathStep]] = defaultdict(list)
    found = (
        PathStep.objects.filter(path__in=paths)
        .select_related("module", "topic")
        .order_by("sort_order", "pk")
    )
    for step in found:
        steps[step.path_id].append(step)
    done = {
        (row.assignment_id, row.module_id, row.completes): row.done_at
        for row in StepDone.objects.filter(
            assignment__in=[one.pk for _path, one in walked if one is not None]
        )
    }
    advice: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for order in PathOrder.objects.filter(path__in=paths).order_by("sort_order", "pk"):
        advice[order.path_id, order.module_id].append(order.first_id)
    asked = possible_steps(found)
    read = _reading({step.module_id for step in found}, person)

    def row_of(step: PathStep, assignment: Assignment | None) -> StepRow:
        in_module = read.get(step.module_id, _InModule())
        key = assignment.pk if assignment else None
        done_at = done.get((key, step.module_id, step.completes)) if key else None
        open_first = [
            titles[first]
            for first in advice[step.path_id, step.module_id]
            if first in titles and first not in finished
        ]
        state = "not_begun"
        if done_at is not None:
            state = "done"
        elif in_module.is_begun:
            state = "in_progress"
        return StepRow(
            step=step,
            state=state,
            done_at=done_at,
            minutes=in_module.minutes,
            minutes_left=0 if done_at else in_module.left,
            is_offered=step in asked,
            first=open_first if done_at is None else (),
        )

    rows: dict[UUID, list[StepRow]] = {}
    for path, assignment in walked:
        titles = {step.module_id: step.module.title for step in steps[path.pk]}
        key = assignment.pk if assignment else None
        finished = {
            step.module_id
            for step in steps[path.pk]
            if key and (key, step.module_id, step.completes) in done
        }
        rows[path.pk] = [
            row_of(step, assignment)
            for step in steps[path.pk]
            if step in asked or (key and (key, step.module_id, step.completes) in done)
        ]
    to_go = {
        path.pk: next(
            (row for row in rows[path.pk] if not row.is_done and row.step.is_required),
            next((row for row in rows[path.pk] if not row.is_done), None),
        )
        for path in paths
    }
    upcoming = _next_steps(
        [row.step for row in to_go.values() if row is not None],
        person,
        {one.path_id: one.counts_from for _path, one in walked if one is not None},
    )
    return [
        WalkedPath(
            path=path,
            assignment=assignment,
            rows=rows[path.pk],
            next=upcoming.get(row.step.pk) if (row := to_go[path.pk]) else None,
            day=day,
        )
        for path, assignment in walked
    ]


def _reading(modules: Collection[UUID], person: Person) -> dict[UUID, _InModule]:
    """How long each module takes, what of it ``person`` has not read, whether it is begun."""
    own = FilteredRelation("progress", condition=Q(progress__person=person))
    rows = (
        Lesson.objects.filter(module__in=modules, sequence__isnull=False)
        .annotate(own=own)
        .order_by()
        .values("module_id")
        .annotate(
            all=Sum("minutes"),
            left=Sum("minutes", filter=Q(own__read_at__isnull=True)),
            begun=Max("own__last_at"),
        )
    )
    return {
        row["module_id"]: _InModule(row["all"] or 0, row["left"] or 0, bool(row["begun"]))
        for row in rows
    }


def _next_steps(
    steps: Sequence[PathStep], person: Person, counts_from: dict[UUID, datetime | None]
) -> dict[int, NextStep]:
    """Where to go on in each step: the next lesson, else the quiz, the case, the module."""
    modules = {step.module_id for step in steps}
    unread: dict[UUID, Lesson] = {}
    own = Q(progress__person=person, progress__read_at__isnull=False)
    lessons = Lesson.objects.filter(module__in=modules, sequence__isnull=False)
    for lesson in lessons.exclude(pk__in=Lesson.objects.filter(own)).order_by("sequence"):
        unread.setdefault(lesson.module_id, lesson)
    quizzes: dict[UUID, list[Lesson]] = defaultdict(list)
    passed: dict[UUID, datetime] = {}
    if wanted := {step.module_id for step in steps if step.completes == QUIZ}:
        asking = lessons.filter(module__in=wanted, lesson_questions__isnull=False).distinct()
        for lesson in asking.order_by("sequence"):
            quizzes[lesson.module_id].append(lesson)
        passed = dict(
            QuizAttempt.objects.filter(person=person, passed=True, lesson__module__in=wanted)
            .order_by()
            .values_list("lesson")
            .annotate(Max("submitted_at"))
        )
    cases: dict[UUID, Case] = {}
    if wanted := {step.module_id for step in steps if step.completes == CASE}:
        offered = Case.objects.filter(module__in=wanted, number__isnull=False)
        for case in offered.with_plays_of(person).order_by("-number"):
            if case.best in {None, "", "bad"}:
                cases[case.module_id] = case

    def next_of(step: PathStep) -> NextStep | None:
        module = step.module
        if step.completes in {READ, QUIZ} and (lesson := unread.get(step.module_id)):
            return NextStep(lesson.title, lesson.path, lesson.minutes, is_lesson=True)
        since = counts_from.get(step.path_id)
        for lesson in quizzes[step.module_id]:
            at = passed.get(lesson.pk)
            if at is None or (since is not None and at < since):
                url = reverse("courses:quiz", args=[lesson.pk])
                return NextStep(lesson.title, url, lesson.minutes, is_quiz=True)
        if (case := cases.get(step.module_id)) and step.completes == CASE:
            return NextStep(case.title, case.path, case.minutes)
        return NextStep(module.title, module.path, 0) if module.path else None

    return {step.pk: found for step in steps if (found := next_of(step)) is not None}
