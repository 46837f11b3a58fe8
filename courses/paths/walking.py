"""What learners see of their paths: read in a constant number of queries, whatever there is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    JSONField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse

from core.bilingual import Text
from core.prepared import Prepared
from courses.actions.paths import possible_steps
from courses.models import (
    Assignment,
    CasePlay,
    LearningPath,
    Lesson,
    Module,
    PathOrder,
    PathStep,
    QuizAttempt,
    StepDone,
)
from courses.models import Case as CaseRecord
from courses.models.progress import LONG_AGO
from courses.paths.steps import CASE, QUIZ, READ, kinds
from people.models import Person

PATHS_SHOWN = 25
#: What the query of the steps knows of by itself; the rest is asked of whoever registered it.
OURS = frozenset({READ, QUIZ, CASE})


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a path as its walker meets it; ``first`` is what is best done before it.

    ``minutes`` of a module that two steps ask to read stand at the first of them.
    """

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


def my_paths(person: Person, *, day: date) -> list[WalkedPath]:
    """The paths of ``person``: the unfinished first, the one due first before the others.

    One query for whoever walks none, else three to five for any number.
    """
    own = _assignments(person=person.pk)
    if not own:
        return []
    walked = [(one.path, one) for one in own]
    return _walk(walked, _own_steps(person=person.pk), _own_advice(person=person.pk), day=day)


def walked_path(
    path: LearningPath, person: Person, *, day: date, rounds: Sequence[Assignment] | None = None
) -> WalkedPath:
    """The path for its own page, as ``person`` walks it now; two to four queries.

    Args:
        rounds: What :func:`rounds_of` gave, where it has been asked; otherwise one query more.
    """
    rounds = rounds_of(person, path.key) if rounds is None else rounds
    now = next((one for one in rounds if one.is_active), None)
    steps = _steps(path=path.pk, person=person.pk)
    return _walk([(path, now)], steps, _advice(path=path.pk), day=day)[0]


def rounds_of(person: Person, key: str) -> list[Assignment]:
    """Every assignment of the path ``key`` to ``person``, the latest first; one query."""
    return _rounds(person=person.pk, key=key)


def _walk(
    walked: Sequence[tuple[LearningPath, Assignment | None]],
    found: Sequence[PathStep],
    orders: Sequence[PathOrder],
    *,
    day: date,
) -> list[WalkedPath]:
    steps: dict[UUID, list[PathStep]] = defaultdict(list)
    for step in found:
        steps[step.path_id].append(step)
    advice: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for order in orders:
        advice[order.path_id, order.module_id].append(order.first_id)
    rows = {path.pk: _rows(path, own, steps[path.pk], advice) for path, own in walked}
    to_go = {
        path.pk: next(
            (row for row in rows[path.pk] if not row.is_done and row.step.is_required),
            next((row for row in rows[path.pk] if not row.is_done), None),
        )
        for path, _own in walked
    }
    upcoming = _next_steps([row.step for row in to_go.values() if row is not None])
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


def _rows(
    path: LearningPath,
    assignment: Assignment | None,
    steps: Sequence[Any],
    advice: Mapping[tuple[UUID, UUID], Sequence[UUID]],
) -> list[StepRow]:
    """The steps of a path that are done or can be done, each as its walker meets it."""
    done = {step.pk: step.done_at if assignment else None for step in steps}
    finished = {step.module_id for step in steps if done[step.pk]}
    titles = {step.module_id: step.module.title for step in steps}
    elsewhere = possible_steps([step for step in steps if step.completes not in OURS])
    counted: set[UUID] = set()  # modules whose reading stands at an earlier step
    left_at: set[UUID] = set()  # and whose reading is left there
    rows = []
    for step in steps:
        done_at, is_offered = done[step.pk], _is_possible(step, elsewhere)
        if not is_offered and done_at is None:
            continue
        lessons = step.in_module or {}
        state = "in_progress" if lessons.get("begun") else "not_begun"
        takes = _time_of(step)
        minutes, left = takes.get("minutes") or 0, takes.get("left") or 0
        if step.completes in PathStep.READING:
            minutes = 0 if step.module_id in counted else minutes
            left = 0 if step.module_id in left_at else left
            counted.add(step.module_id)
            if step.is_required and not done_at:
                left_at.add(step.module_id)
        rows.append(
            StepRow(
                step=step,
                state="done" if done_at else state,
                done_at=done_at,
                minutes=minutes,
                minutes_left=0 if done_at else left,
                is_offered=is_offered,
                first=()
                if done_at
                else [
                    titles[first]
                    for first in advice.get((path.pk, step.module_id), ())
                    if first in titles and first not in finished
                ],
            )
        )
    return rows


def _time_of(step: Any) -> Mapping[str, Any]:
    """``minutes`` and those ``left``: of its lessons, or of its cases; practice is not timed."""
    if step.completes in PathStep.READING:
        return step.in_module or {}
    return (step.to_solve or {}) if step.completes == CASE else {}


def _is_possible(step: Any, elsewhere: Collection[PathStep]) -> bool:
    """Whether the step can be done today: what is not offered any more is asked of nobody."""
    if step.completes == READ:
        return bool(step.module.number is not None and step.module.required_count)
    if step.completes == QUIZ:
        return step.to_pass is not None
    if step.completes == CASE:
        return step.to_solve is not None
    return step in elsewhere


def _next_steps(steps: Sequence[Any]) -> dict[int, NextStep]:
    """Where to go on in each step: the next lesson, else the quiz, the case, the module.

    No query where only modules are left, else one for lessons and one for cases.
    """
    to_read: dict[int, tuple[UUID, int]] = {}
    to_pass: dict[int, tuple[UUID, int]] = {}
    to_solve: dict[int, tuple[UUID, int]] = {}
    for step in steps:
        module = step.module_id
        unread, quiz, case = (
            (rows or {}).get("next") for rows in (step.in_module, step.to_pass, step.to_solve)
        )
        if unread and step.completes in {READ, QUIZ}:
            to_read[step.pk] = module, unread
        elif quiz:
            to_pass[step.pk] = module, quiz
        elif case:
            to_solve[step.pk] = module, case
    lessons = _lessons_at([*to_read.values(), *to_pass.values()])
    cases = _cases_at(list(to_solve.values()))
    found = {}
    for step in steps:
        if lesson := lessons.get(to_read.get(step.pk)):
            found[step.pk] = NextStep(lesson.title, lesson.path, lesson.minutes, is_lesson=True)
        elif lesson := lessons.get(to_pass.get(step.pk)):
            url = reverse("courses:quiz", args=[lesson.pk])
            found[step.pk] = NextStep(lesson.title, url, lesson.minutes, is_quiz=True)
        elif case := cases.get(to_solve.get(step.pk)):
            found[step.pk] = NextStep(case.title, case.path, case.minutes)
        elif step.module.path:
            found[step.pk] = NextStep(step.module.title, step.module.path, 0)
    return found


Place = tuple[UUID, int]  # a module, and the place of something in it


def _lessons_at(places: Sequence[Place]) -> dict[Place | None, Lesson]:
    if not places:
        return {}
    if len(places) == 1:
        rows = _lesson_at(module=places[0][0], number=places[0][1])
    else:
        wanted = reduce(or_, (Q(module=module, number=number) for module, number in places))
        rows = list(Lesson.objects.filter(wanted))
    return {(one.module_id, one.number or 0): one for one in rows}


def _cases_at(places: Sequence[Place]) -> dict[Place | None, CaseRecord]:
    if not places:
        return {}
    wanted = reduce(or_, (Q(module=module, number=number) for module, number in places))
    return {(one.module_id, one.number or 0): one for one in CaseRecord.objects.filter(wanted)}


# --- What is asked ------------------------------------------------------------------------------
# Behind the pages of every learner who walks a path, so the SQL is written once (core.prepared).


@Prepared
def _assignments(person: UUID) -> QuerySet[Assignment]:
    own = Assignment.objects.active().filter(person=person)
    return own.select_related("path", "assigned_by").order_by(
        F("completed_at").desc(nulls_first=True),
        F("due_on").asc(nulls_last=True),
        "path__position",
        "pk",
    )[:PATHS_SHOWN]


@Prepared
def _rounds(person: UUID, key: str) -> QuerySet[Assignment]:
    own = Assignment.objects.filter(person=person, path__key=key)
    return own.select_related("path", "assigned_by").order_by("-round", "-assigned_at", "pk")


@Prepared
def _steps(path: UUID, person: UUID) -> QuerySet[PathStep]:
    return _walked_by(PathStep.objects.filter(path=path), person)


@Prepared
def _own_steps(person: UUID) -> QuerySet[PathStep]:
    own = Assignment.objects.active().filter(person=person)
    return _walked_by(PathStep.objects.filter(path__in=own.values("path")), person)


@Prepared
def _advice(path: UUID) -> QuerySet[PathOrder]:
    return PathOrder.objects.filter(path=path).order_by("sort_order", "pk")


@Prepared
def _own_advice(person: UUID) -> QuerySet[PathOrder]:
    own = Assignment.objects.active().filter(person=person)
    return PathOrder.objects.filter(path__in=own.values("path")).order_by("sort_order", "pk")


@Prepared
def _lesson_at(module: UUID, number: int) -> QuerySet[Lesson]:
    return Lesson.objects.filter(module=module, number=number)


def _walked_by(steps: QuerySet[PathStep], person: UUID) -> QuerySet[PathStep]:
    """``steps`` in their order, each with what ``person`` has done of it and where it goes on.

    ``done_at``; ``in_module``: minutes, minutes left, lessons begun, the number of the next one;
    ``to_pass`` and ``to_solve``: the number of the next lesson with a quiz and of the next case,
    with the minutes of the cases, and none at all where the module asks or tells nothing.
    """
    own = Assignment.objects.active().filter(person=person, path=OuterRef("path"))
    done = StepDone.objects.filter(
        assignment__person=person,
        assignment__path=OuterRef("path"),
        assignment__withdrawn_at=None,
        assignment__retaken_at=None,
        module=OuterRef("module"),
        completes=OuterRef("completes"),
    )
    lessons = Lesson.objects.asked_in_modules().filter(module=OuterRef("module"))
    read = lessons.annotate(
        own=FilteredRelation("progress", condition=Q(progress__person=person))
    ).alias(last_read_at=Coalesce("own__read_at", "own__read_before_at"))
    unread = Q(last_read_at__isnull=True) | Q(last_read_at__lt=OuterRef("since"))
    passed = QuizAttempt.objects.filter(
        lesson=OuterRef("pk"),
        person=person,
        passed=True,
        submitted_at__gte=OuterRef(OuterRef("since")),
    )
    asking = lessons.filter(
        Exists(Lesson.questions.through.objects.filter(lesson=OuterRef("pk")))
    ).annotate(is_done=Exists(passed))
    solved = (
        CasePlay.objects.of(person)
        .solved()
        .filter(case=OuterRef("pk"), ended_at__gte=OuterRef(OuterRef("since")))
    )
    told = CaseRecord.objects.asked_in_modules().filter(module=OuterRef("module"))
    told = told.annotate(is_done=Exists(solved))
    return (
        steps.select_related("module", "topic")
        .defer("module__summaries")
        .annotate(
            since=Coalesce(Subquery(own.values("counts_from")[:1]), Value(LONG_AGO)),
            done_at=Subquery(done.values("done_at")[:1]),
        )
        .annotate(
            in_module=_in_one(
                read,
                minutes=Sum("minutes"),
                left=Sum("minutes", filter=unread),
                begun=Count("own__last_at", filter=Q(own__last_at__gte=OuterRef("since"))),
                next=Min("number", filter=unread),
            ),
            to_pass=_where(QUIZ, _in_one(asking, next=Min("number", filter=Q(is_done=False)))),
            to_solve=_where(
                CASE,
                _in_one(
                    told,
                    minutes=Sum("minutes"),
                    left=Sum("minutes", filter=Q(is_done=False)),
                    next=Min("number", filter=Q(is_done=False)),
                ),
            ),
        )
        .order_by("sort_order", "pk")
    )


def _in_one(rows: QuerySet[Any], **found: Any) -> Subquery:
    """What is ``found`` of ``rows`` that all belong to one module, as one value."""
    grouped = rows.order_by().values("module").annotate(found=JSONObject(**found))
    return Subquery(grouped.values("found"), output_field=JSONField())


def _where(completes: str, value: Subquery) -> Case:
    """``value``, asked only of the steps that are completed so."""
    return Case(When(completes=completes, then=value), default=None, output_field=JSONField())
