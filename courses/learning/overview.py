"""What the pages show of courses: read in one to three queries, whatever there is to read."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from core.prepared import Prepared
from courses.learning.demands import Left, counts, number_of, read_count
from courses.models import (
    Bookmark,
    Course,
    Enrolment,
    Lesson,
    LessonProgress,
    Module,
    Note,
)
from courses.models.progress import LONG_AGO
from people.models import Person

LESSONS_PER_PAGE = 25
MODULES_SHOWN = 25
COURSES_SHOWN = 25


# --- One lesson ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class LessonState:
    """A lesson's place and how far a person is with it; for nobody, only its place."""

    lesson: Lesson
    opened_at: datetime | None
    read_at: datetime | None
    last_at: datetime | None
    is_enrolled: bool
    is_saved: bool = False
    has_note: bool = False

    @property
    def module(self) -> Module:
        """The module it belongs to."""
        return self.lesson.module

    @property
    def course(self) -> Course:
        """The course it belongs to."""
        return self.lesson.course

    @property
    def previous(self) -> Lesson | None:
        """The lesson before it, also from an earlier module."""
        return self.lesson.previous

    @property
    def next(self) -> Lesson | None:
        """The lesson after it, also from a later module."""
        return self.lesson.next

    @property
    def is_read(self) -> bool:
        """Whether the person has reached its end."""
        return self.read_at is not None

    @property
    def stamp(self) -> str:
        """Changes with everything here that a lesson page shows; goes into the page's ETag."""
        neighbours = [
            (str(lesson.pk), lesson.titles, lesson.paths)
            for lesson in (self.previous, self.next)
            if lesson is not None
        ]
        shown = (
            [self.lesson.body_stamp, self.lesson.minutes, self.lesson.size_bytes],
            [self.lesson.number, self.module.number, self.module.lesson_count],
            [self.lesson.is_required, self.next is None or self.next.is_required],
            [self.lesson.titles, self.module.titles, self.course.titles, neighbours],
            [self.course.paths, self.module.paths],
            [self.is_read, self.is_saved, self.has_note],
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def lesson_state(key: UUID, person: Person | None) -> LessonState | None:
    """The lesson ``key`` as ``person`` meets it; none when it has no record. One query."""
    lesson: Any = _lesson.first(key=key, person=_key(person))
    if lesson is None:
        return None
    return LessonState(
        lesson=lesson,
        opened_at=lesson.opened_at,
        read_at=lesson.read_at,
        last_at=lesson.last_at,
        is_enrolled=lesson.enrolment is not None,
        is_saved=lesson.is_saved,
        has_note=lesson.has_note,
    )


# --- One course ---------------------------------------------------------------------------------


def _state(*, is_done: bool, is_started: bool) -> str:
    """How far something is, in the words of ``components/status.html``."""
    if is_done:
        return "done"
    return "in_progress" if is_started else "not_begun"


def _is_started(last_at: datetime | None, counts_from: datetime | None) -> bool:
    """Whether anything was looked at in the round that counts from then on."""
    return last_at is not None and (counts_from is None or last_at >= counts_from)


def _read_at(lesson: Lesson, counts_from: datetime | None) -> datetime | None:
    """When ``lesson``, with its progress, was read in the round that counts from then on."""
    last = lesson.read_at or lesson.read_before_at
    return last if _is_started(last, counts_from) else None


@dataclass(frozen=True)
class ModuleRow:
    """A module in the list of a course."""

    module: Module
    read_count: int
    is_started: bool
    is_open: bool

    @property
    def state(self) -> str:
        """How far the reader is with the module: with what it asks for, if it asks for anything."""
        asked = self.module.required_count or self.module.lesson_count
        is_done = 0 < asked <= self.read_count
        return _state(is_done=is_done, is_started=self.is_started)


@dataclass(frozen=True)
class LessonRow:
    """A lesson in the list of an opened module."""

    lesson: Lesson
    read_at: datetime | None
    is_started: bool

    @property
    def state(self) -> str:
        """How far the reader is with the lesson."""
        return _state(is_done=self.read_at is not None, is_started=self.is_started)


@dataclass(frozen=True)
class CourseOverview:
    """A course with its modules, the lessons of the opened one, and what is next.

    ``modules`` is the stretch of at most 25 around the opened one; ``module_count`` counts all.
    ``completed_before_at`` is when a person who takes it again completed it last.
    ``page`` and ``page_count`` are those of the opened module's lessons.
    """

    course: Course
    is_enrolled: bool
    completed_at: datetime | None
    completed_before_at: datetime | None
    read_count: int
    left: Left
    module_count: int
    modules: Sequence[ModuleRow]
    opened: Module | None
    lessons: Sequence[LessonRow]
    page: int
    page_count: int
    next_lesson: Lesson | None

    @property
    def lesson_count(self) -> int:
        """How many lessons the course offers."""
        return self.course.lesson_count

    @property
    def required_count(self) -> int:
        """How many of them the course asks for."""
        return self.course.required_count

    @property
    def optional_count(self) -> int:
        """How many of them one may leave out."""
        return self.course.lesson_count - self.course.required_count

    @property
    def is_started(self) -> bool:
        """Whether the person has opened any of the lessons shown or read any at all."""
        return self.read_count > 0 or any(row.is_started for row in self.modules)

    @property
    def is_done(self) -> bool:
        """Whether the person has completed the course."""
        return self.completed_at is not None


def course_overview(
    key: UUID, person: Person | None, module: UUID | None = None, page: int | None = None
) -> CourseOverview | None:
    """The course ``key`` for its page; none when it has no record. Three queries at any size.

    Args:
        module: Which module to open; by default the one to go on with.
        page: Which page of its lessons, from 1; by default the one to go on with.
    """
    reader = _key(person)
    course: Any = _course.first(key=key, person=reader, module=module or NOBODY)
    if course is None:
        return None
    upcoming = course.upcoming if person and course.upcoming else {}
    number = course.asked or upcoming.get("module") or 1
    from_module, to_module = _stretch(number, course.module_count, MODULES_SHOWN)
    modules = _modules(
        course=key,
        person=reader,
        first=from_module,
        last=to_module,
        since=course.counts_from or LONG_AGO,
    )
    opened = next((row for row in modules if row.number == number), None)

    page_count = max(1, -(-opened.lesson_count // LESSONS_PER_PAGE)) if opened else 1
    goes_on_here = upcoming.get("module") == number
    wanted = page or (-(-upcoming["number"] // LESSONS_PER_PAGE) if goes_on_here else 1)
    page = min(max(wanted, 1), page_count)
    last = page * LESSONS_PER_PAGE
    first = last - LESSONS_PER_PAGE + 1
    next_key = UUID(upcoming["lesson"]) if upcoming else NOBODY
    lessons = _lessons(
        module=opened.pk if opened else NOBODY,
        first=first,
        last=last,
        upcoming=next_key,
        person=reader,
    )
    return CourseOverview(
        course=course,
        is_enrolled=course.enrolment is not None,
        completed_at=course.completed_at,
        completed_before_at=course.completed_before_at,
        read_count=course.read_count,
        left=Left.of(course, reader),
        module_count=course.module_count,
        modules=[
            ModuleRow(
                module=row,
                read_count=row.read_count,
                is_started=_is_started(row.last_at, course.counts_from),
                is_open=row == opened,
            )
            for row in modules
        ],
        opened=opened,
        lessons=[
            LessonRow(
                lesson=lesson,
                read_at=_read_at(lesson, course.counts_from),
                is_started=_is_started(lesson.last_at, course.counts_from),
            )
            for lesson in lessons
            if opened and lesson.module_id == opened.pk and first <= (lesson.number or 0) <= last
        ],
        page=page,
        page_count=page_count,
        next_lesson=next((lesson for lesson in lessons if lesson.pk == next_key), None),
    )


def _stretch(number: int, count: int, length: int) -> tuple[int, int]:
    """The first and last number of a stretch of at most ``length`` around ``number``."""
    first = max(1, min(number - length // 2, count - length + 1))
    return first, first + length - 1


# --- One person's courses -----------------------------------------------------------------------


@dataclass(frozen=True)
class CourseCard:
    """A course that a person takes, and how far they are."""

    course: Course
    enrolled_at: datetime
    completed_at: datetime | None
    completed_before_at: datetime | None
    read_count: int
    is_started: bool

    @property
    def required_count(self) -> int:
        """How many lessons the course asks for."""
        return self.course.required_count

    @property
    def is_done(self) -> bool:
        """Whether the person has completed the course."""
        return self.completed_at is not None

    @property
    def state(self) -> str:
        """How far the person is with the course."""
        return _state(is_done=self.is_done, is_started=self.is_started)


@dataclass(frozen=True)
class StartCards:
    """What learning has for a start page: the lesson to go on with, and the courses taken."""

    resume: Lesson | None
    courses: Sequence[CourseCard]


def start_cards(person: Person) -> StartCards:
    """The courses ``person`` takes, the latest first, and the lesson to go on with. Two queries."""
    cards = _cards(person)
    unfinished = next(
        (
            card.course
            for card in cards
            if not card.is_done and card.read_count < card.required_count
        ),
        None,
    )
    resume = next_lesson(person, unfinished) if unfinished else None
    return StartCards(resume=resume, courses=cards)


def _cards(person: Person) -> list[CourseCard]:
    enrolments: Iterable[Any] = _enrolments(person=person.pk)  # with what the query counts
    return [
        CourseCard(
            course=enrolment.course,
            enrolled_at=enrolment.enrolled_at,
            completed_at=enrolment.completed_at,
            completed_before_at=enrolment.completed_before_at,
            read_count=enrolment.read_count,
            is_started=_is_started(enrolment.last_at, enrolment.counts_from),
        )
        for enrolment in enrolments
    ]


def courses_of(person: Person) -> Sequence[CourseCard]:
    """The courses ``person`` takes, the latest first. One query."""
    return _cards(person)


def next_lesson(person: Person, course: Course) -> Lesson | None:
    """What ``person`` reads next in ``course``; none when everything has been read. One query."""
    return _next_lesson.first(person=person.pk, course=course.pk)


# --- What is asked ------------------------------------------------------------------------------
# Behind every page of a learner, so the SQL is written once (core.prepared).

#: Stands for whoever has not signed in, or for no module: no row has this key.
NOBODY = UUID(int=0)


def _key(person: Person | None) -> UUID:
    return person.pk if person else NOBODY


@Prepared
def _lesson(key: UUID, person: UUID) -> QuerySet[Lesson]:
    lessons = Lesson.objects.filter(pk=key).with_progress_of(person)
    return (
        lessons.select_related("module", "course", "previous", "next")
        .annotate(
            enrolment=_of_enrolment("pk", person, "course"),
            is_saved=Exists(Bookmark.objects.filter(person=person, lesson=OuterRef("pk"))),
            has_note=Exists(
                Note.objects.filter(person=person, lesson=OuterRef("pk"), deleted_at__isnull=True)
            ),
        )
        .defer("module__summaries", "course__summaries")
    )


@Prepared
def _course(key: UUID, person: UUID, module: UUID) -> QuerySet[Course]:
    modules = Module.objects.filter(course=OuterRef("pk"), number__isnull=False)
    upcoming = Lesson.objects.to_go_on_with(person, key).values(
        found=JSONObject(lesson="pk", module="module__number", number="number")
    )
    return Course.objects.filter(pk=key).annotate(
        module_count=number_of(modules, "pk"),
        asked=Subquery(modules.filter(pk=module).values("number")[:1]),
        enrolment=_of_enrolment("pk", person, "pk"),
        completed_at=_of_enrolment("completed_at", person, "pk"),
        counts_from=_of_enrolment("counts_from", person, "pk"),
        completed_before_at=_completed_before(person, "pk"),
        **counts(person, OuterRef("pk")),
        upcoming=Subquery(upcoming[:1]),
    )


@Prepared
def _modules(
    course: UUID, person: UUID, first: int, last: int, since: datetime
) -> QuerySet[Module]:
    shown = Module.objects.filter(course=course, number__gte=first, number__lte=last)
    return shown.offered().with_progress_of(person, since=since).defer("summaries")


@Prepared
def _lessons(module: UUID, first: int, last: int, upcoming: UUID, person: UUID) -> QuerySet[Lesson]:
    on_page = Q(module=module, number__gte=first, number__lte=last)
    return Lesson.objects.filter(on_page | Q(pk=upcoming)).offered().with_progress_of(person)


@Prepared
def _enrolments(person: UUID) -> QuerySet[Enrolment]:
    in_course = LessonProgress.objects.filter(person=person, lesson__course=OuterRef("course"))
    enrolments = Enrolment.objects.active().filter(person=person).select_related("course")
    return enrolments.annotate(
        read_count=read_count(person, OuterRef("course")),
        completed_before_at=_completed_before(person, "course"),
        last_at=Subquery(in_course.order_by("-last_at").values("last_at")[:1]),
    ).order_by(F("last_at").desc(nulls_last=True), "-enrolled_at", "pk")[:COURSES_SHOWN]


@Prepared
def _next_lesson(person: UUID, course: UUID) -> QuerySet[Lesson]:
    return Lesson.objects.select_related("module").to_go_on_with(person, course)[:1]


def _of_enrolment(name: str, person: UUID, course: str) -> Subquery:
    """What the person's enrolment on the outer row's course has in ``name``."""
    own = Enrolment.objects.active().filter(person=person, course=OuterRef(course))
    return Subquery(own.values(name)[:1])


def _completed_before(person: UUID, course: str) -> Subquery:
    """When the person completed the outer row's course last, before they took it again."""
    rounds = Enrolment.objects.rounds_before().filter(person=person, course=OuterRef(course))
    return Subquery(rounds.order_by("-round").values("completed_at")[:1])
