"""What was learnt: paths and courses completed, certificates, and how people rate themselves."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from competences.models import Level, Rating
from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import NOBODY, Figure, Section
from cooperation.reports.sections.guarded import Guarded, Row, tabled
from core.periods import local_day
from core.spreadsheets import Cell
from courses.models import Assignment, Certificate, Course, Enrolment, LearningPath
from courses.models.outline import own_words


class Completions(Guarded):
    """Learning paths that were completed."""

    key = "completed"
    title = _("Learning paths completed")
    note = _("Caseworkers and travelling caseworkers of the municipality.")
    all_label = _("Learning paths completed in all")

    def completed(self, frame: Frame) -> "QuerySet[Assignment]":
        """Those of the half-year, a taking back or a second round later or not."""
        return Assignment.objects.filter(
            completed_at__gte=frame.half.begins_at, completed_at__lt=frame.half.ends_at
        )

    def lines(self, frame: Frame) -> Sequence[tuple[str, Any]]:
        """A line for each path there is; one query."""
        paths = LearningPath.objects.order_by("position", "key")
        return [(path.key, {"da": path.title_da, "kl": path.title_kl}) for path in paths]

    def counted(self, frame: Frame) -> Iterable[Row]:
        """One query."""
        found: QuerySet[Any, Any] = frame.of_learners(self.completed(frame))
        return (
            found.order_by()
            .values_list("home", "path__key", "person_id")
            .annotate(number=Count("pk"))
            .iterator()
        )

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """Who completed what; once, also where somebody has two roles."""
        if figure != "all" and not LearningPath.objects.filter(key=figure).exists():
            return None
        found = frame.of_learners(self.completed(frame))
        if figure != "all":
            found = found.filter(path__key=figure)
        return found.select_related("person", "path").order_by("completed_at", "pk")

    def header(self) -> Sequence[Any]:
        """Who, what, when."""
        return [_("Name"), _("Learning path"), _("Completed")]

    def cells(self, rows: Iterable[Assignment]) -> Iterable[Sequence[Cell]]:
        """An assignment each."""
        for row in rows:
            done = None if row.completed_at is None else local_day(row.completed_at)
            yield [row.person.name, str(row.path.title), done]

    def about(self, rows: Iterable[Assignment]) -> Iterable[Any]:
        """The people."""
        return [row.person for row in rows]


class Courses(Guarded):
    """Courses that were completed, whether or not a certificate was fetched."""

    key = "courses"
    title = _("Courses completed")
    note = _("Caseworkers and travelling caseworkers of the municipality.")
    all_label = _("Courses completed in all")

    def completed(self, frame: Frame) -> "QuerySet[Enrolment]":
        """Those of the half-year that were not left, a second round later or not."""
        return Enrolment.objects.filter(
            completed_at__gte=frame.half.begins_at,
            completed_at__lt=frame.half.ends_at,
            withdrawn_at__isnull=True,
        )

    def lines(self, frame: Frame) -> Sequence[tuple[str, Any]]:
        """A line for each course that is offered or that anybody has ever taken; one query."""
        taken = Exists(Enrolment.objects.filter(course=OuterRef("pk")))
        courses = Course.objects.filter(Q(is_live=True) | Q(taken)).order_by("position", "pk")
        return [(str(course.pk), own_words(course.titles)) for course in courses]

    def counted(self, frame: Frame) -> Iterable[Row]:
        """One query."""
        found: QuerySet[Any, Any] = frame.of_learners(self.completed(frame))
        rows = found.order_by().values_list("home", "course_id", "person_id")
        for place, course, person, number in rows.annotate(number=Count("pk")).iterator():
            yield place, str(course), person, number

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """Who completed what; once for each round."""
        found = frame.of_learners(self.completed(frame))
        if figure != "all":
            course = _key(figure)
            if course is None or not Course.objects.filter(pk=course).exists():
                return None
            found = found.filter(course=course)
        return found.select_related("person", "course").order_by("completed_at", "pk")

    def header(self) -> Sequence[Any]:
        """Who, what, when."""
        return [_("Name"), _("Course"), _("Completed")]

    def cells(self, rows: Iterable[Enrolment]) -> Iterable[Sequence[Cell]]:
        """A round of a course each."""
        for row in rows:
            done = None if row.completed_at is None else local_day(row.completed_at)
            yield [row.person.name, str(row.course.title), done]

    def about(self, rows: Iterable[Enrolment]) -> Iterable[Any]:
        """The people."""
        return [row.person for row in rows]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class Certificates(Guarded):
    """Certificates that were issued."""

    key = "certificates"
    title = _("Certificates issued")
    note = _("Caseworkers and travelling caseworkers of the municipality, without revoked ones.")
    all_label = _("Certificates in all")

    def issued(self, frame: Frame) -> "QuerySet[Certificate]":
        """Those of the half-year that stand."""
        return Certificate.objects.filter(
            issued_on__gte=frame.half.starts_on,
            issued_on__lt=frame.half.ends_on,
            revoked_at__isnull=True,
        )

    def lines(self, frame: Frame) -> Sequence[tuple[str, Any]]:
        """By what was completed."""
        return [("path", _("for a learning path")), ("other", _("for a module or a course"))]

    def counted(self, frame: Frame) -> Iterable[Row]:
        """One query."""
        found: QuerySet[Any, Any] = frame.of_learners(self.issued(frame))
        rows = found.order_by().values_list("home", "completed", "person_id")
        for place, completed, person, number in rows.annotate(number=Count("pk")).iterator():
            yield place, "path" if completed == "path" else "other", person, number

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """Who holds what."""
        found = frame.of_learners(self.issued(frame))
        if figure == "path":
            found = found.filter(completed="path")
        elif figure == "other":
            found = found.exclude(completed="path")
        elif figure != "all":
            return None
        return found.select_related("person").order_by("issued_on", "pk")

    def header(self) -> Sequence[Any]:
        """Who, what, when."""
        return [_("Name"), _("Certificate"), _("Issued")]

    def cells(self, rows: Iterable[Certificate]) -> Iterable[Sequence[Cell]]:
        """A certificate each."""
        for row in rows:
            yield [row.person.name, str(row), row.issued_on]

    def about(self, rows: Iterable[Certificate]) -> Iterable[Any]:
        """The people."""
        return [row.person for row in rows]


class Ratings(Section):
    """How people rate themselves: at first, and latest. Nobody opens whose ratings they are."""

    key = "ratings"
    title = _("Own ratings, at first and latest")
    note = _("Of what was rated in the half-year: the first rating ever, and the latest.")
    is_guarded = True
    is_lasting = True
    opened_by = NOBODY

    def latest(self, frame: Frame) -> "QuerySet[Rating]":
        """The last rating in the half-year of each person and competence."""
        half = Rating.objects.filter(
            rated_at__gte=frame.half.begins_at, rated_at__lt=frame.half.ends_at
        )
        later = half.filter(
            person=OuterRef("person"),
            competence=OuterRef("competence"),
            rated_at__gt=OuterRef("rated_at"),
        )
        return half.filter(~Exists(later))

    def with_first(self, frame: Frame) -> "QuerySet[Any]":
        """The latest ratings with the step of the first one ever."""
        first = Rating.objects.filter(
            person=OuterRef("person"), competence=OuterRef("competence")
        ).order_by("rated_at", "pk")
        return self.latest(frame).annotate(first=Subquery(first.values("level")[:1]))

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """Two tables with the same people in both; one query."""
        rows = list(
            frame.of_learners(self.with_first(frame))
            .order_by()
            .values_list("home", "first", "level", "person_id")
            .annotate(number=Count("pk"))
        )
        before = [(place, first, person, number) for place, first, _now, person, number in rows]
        now = [(place, level, person, number) for place, _first, level, person, number in rows]
        at_first = tabled(frame, _FIRST, before, _("Ratings"))
        latest = tabled(frame, _LATEST, now, _("Ratings"), prefix=_NOW)
        return [*at_first, *latest[1:]]  # the same ratings in all

    def tables(self, keys: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
        """At first, and latest: the same people in both."""
        first, latest = ([key for key, _label in one] for one in (_FIRST, _LATEST))
        return [("all", first), ("all", [f"{_NOW}{key}" for key in latest])]

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """The ratings that are counted."""
        found = frame.of_learners(self.with_first(frame))
        if figure == "all":
            return found
        level = figure.removeprefix(_NOW)
        if level not in Level.values:
            return None
        return found.filter(first=level) if level == figure else found.filter(level=level)

    def header(self) -> Sequence[Any]:
        """Nobody reads it."""
        return []

    def cells(self, rows: Iterable[Rating]) -> Iterable[Sequence[Cell]]:
        """Nobody reads them."""
        return []


_NOW = "now-"
_FIRST = [
    (Level.NOT_YET.value, _("at first: not yet")),
    (Level.WITH_HELP.value, _("at first: with help")),
    (Level.ALONE.value, _("at first: alone")),
    (Level.CAN_TEACH.value, _("at first: can teach others")),
]
_LATEST = [
    (Level.NOT_YET.value, _("latest: not yet")),
    (Level.WITH_HELP.value, _("latest: with help")),
    (Level.ALONE.value, _("latest: alone")),
    (Level.CAN_TEACH.value, _("latest: can teach others")),
]
