"""The lessons and cases that teach a competence, for whoever shows one (competences.materials)."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, OuterRef, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competences.materials import Material, provide
from courses.models import Case, CasePlay, Lesson, LessonProgress
from people.models import Person


def lessons_and_cases(competences: Collection[UUID], person: Person | None) -> Iterator[Material]:
    """What can be read and played now, lessons first, in the order of the courses. Two queries."""
    done: Any = Value(None, output_field=BooleanField())
    if person is not None:
        own = LessonProgress.objects.ever_read().filter(person=person)
        done = Exists(own.filter(lesson=OuterRef("pk")))
    lessons = Lesson.objects.offered().filter(competences__in=competences)
    yield from _as_materials(
        _("Lesson"),
        lessons.annotate(taught=F("competences"), is_done=done)
        .order_by("course__position", "course", "sequence", "pk")
        .only("titles", "paths", "minutes"),
    )
    if person is not None:
        solved = CasePlay.objects.of(person).solved()
        done = Exists(solved.filter(case=OuterRef("pk")))
    cases = Case.objects.offered().filter(competences__in=competences)
    yield from _as_materials(
        _("Case to play"),
        cases.annotate(taught=F("competences"), is_done=done)
        .order_by("course__position", "course", "module__number", "number", "pk")
        .only("titles", "paths", "minutes"),
    )


def _as_materials(kind: "str | Promise", rows: Iterable[Any]) -> Iterator[Material]:
    for one in rows:
        yield Material(one.taught, kind, one.title, one.path, one.minutes, one.is_done)


def offer() -> None:
    """Show them wherever a competence is shown; called from ``AppConfig.ready``."""
    provide(lessons_and_cases)
