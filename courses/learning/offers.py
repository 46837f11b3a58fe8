"""What there is to learn, in one list: courses and paths now, other kinds when they come.

A part of the product that offers something else (a seminar, side-by-side training) registers a
provider in ``AppConfig.ready``; the catalogue shows and filters its offers as all others.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.bilingual import Text
from core.prepared import Prepared
from courses.models import (
    Assignment,
    Case,
    Course,
    Enrolment,
    LearningPath,
    Lesson,
    LessonProgress,
    PathStep,
)
from people.models import Person

MOST_OF_A_KIND = 100
#: Up to how many minutes something is short, and of middle length.
SHORT, MIDDLE = 30, 90
LENGTHS: Mapping[str, Any] = {
    "kort": gettext_lazy("Up to 30 minutes"),
    "mellem": gettext_lazy("30 to 90 minutes"),
    "lang": gettext_lazy("More than 90 minutes"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something one can learn.

    Args:
        size: How much there is of it, in words: "5 lessons".
        progress: How far the reader is, in words; empty where there is nothing to say.
        is_timed: Whether its minutes say something to the reader; days are said in ``size``.
        state: As ``components/status.html`` says it; empty for whoever has not signed in.
    """

    kind: str
    key: str
    title: Text
    summary: Text
    url: str
    minutes: int
    languages: Sequence[str]
    size: str = ""
    state: str = ""
    progress: str = ""
    is_timed: bool = True

    @property
    def kind_label(self) -> str:
        """What kind it is, in words."""
        return str(_kinds[self.kind].one)

    @property
    def language_names(self) -> list[str]:
        """The languages it can be taken in, by their own names."""
        return [name for code, name in settings.LANGUAGES if code in self.languages]

    @property
    def length(self) -> str:
        """Whether it is short, of middle length or long."""
        if self.minutes <= SHORT:
            return "kort"
        return "mellem" if self.minutes <= MIDDLE else "lang"


Provider = Callable[[Person | None, date], Iterable[Offer]]


@dataclass(frozen=True, slots=True)
class _Kind:
    one: "str | Promise"
    many: "str | Promise"
    provider: Provider


_kinds: dict[str, _Kind] = {}


def register(kind: str, *, one: "str | Promise", many: "str | Promise", provider: Provider) -> None:
    """Let ``provider`` offer what is of ``kind``; registering again replaces it.

    Args:
        one: What one of them is called.
        many: What they are called together.
    """
    _kinds[kind] = _Kind(one, many, provider)


def kinds() -> list[tuple[str, str]]:
    """Every kind of offer, with what all of it is called."""
    return [(name, str(kind.many)) for name, kind in _kinds.items()]


def offers(
    person: Person | None,
    *,
    day: date,
    kind: str = "",
    language: str = "",
    length: str = "",
) -> list[Offer]:
    """What is offered, narrowed; the same number of queries however much there is."""
    return [
        offer
        for name, found in _kinds.items()
        if kind in {"", name}
        for offer in found.provider(person, day)
        if language in {"", *offer.languages} and length in {"", offer.length}
    ]


# --- Courses --------------------------------------------------------------------------------------


def _courses(person: Person | None, _day: date) -> Iterable[Offer]:
    """The courses offered, with how far ``person`` is. Two queries, one for nobody."""
    minutes = (
        Lesson.objects.filter(course=OuterRef("pk"), is_required=True)
        .order_by()
        .values("course")
        .annotate(all=Sum("minutes"))
        .values("all")
    )
    completed = Enrolment.objects.active().filter(person=person, completed_at__isnull=False)
    found: Iterable[Any] = Course.objects.offered().annotate(  # with what is counted here
        minutes=Subquery(minutes),
        is_done=Exists(completed.filter(course=OuterRef("pk"))),
    )[:MOST_OF_A_KIND]
    read: dict[UUID, int] | None = None
    if person is not None:
        own = LessonProgress.objects.read_in_round().filter(person=person, lesson__is_required=True)
        read = dict(own.values_list("lesson__course").annotate(Count("pk")).order_by())
    for course in found:
        own_count = None if read is None else read.get(course.pk, 0)
        yield Offer(
            kind="kursus",
            key=str(course.pk),
            title=course.title,
            summary=course.summary,
            url=course.path,
            minutes=course.minutes or 0,
            languages=course.languages,
            size=ngettext("%(count)d lesson", "%(count)d lessons", course.lesson_count)
            % {"count": course.lesson_count},
            state=_state(own_count, is_done=course.is_done),
            progress=_("%(read)d of %(all)d read")
            % {"read": own_count, "all": course.required_count}
            if own_count
            else "",
        )


def _state(done: int | None, *, is_done: bool) -> str:
    if done is None:
        return ""
    if is_done:
        return "done"
    return "in_progress" if done else "not_begun"


# --- Learning paths -------------------------------------------------------------------------------


def _paths(person: Person | None, day: date) -> Iterable[Offer]:
    """The paths offered, with how far ``person`` is. Two queries, one for nobody."""
    found: Iterable[Any] = _offered_paths(day=day)  # with what is counted there
    own: dict[UUID, Assignment] = {}
    if person is not None:
        active = Assignment.objects.active().filter(person=person)
        own = {assignment.path_id: assignment for assignment in active}
    for path in found:
        assignment = own.get(path.pk)
        state = assignment.state if assignment else ("" if person is None else "not_begun")
        yield Offer(
            kind="forloeb",
            key=str(path.pk),
            title=path.title,
            summary=path.summary,
            url=reverse("courses:path", args=[path.key]),
            minutes=path.minutes,
            languages=["da", "kl"] if path.title_kl else ["da"],
            size=ngettext("%(count)d module", "%(count)d modules", path.module_count)
            % {"count": path.module_count},
            state=state,
            progress=_("%(done)d of %(all)d steps")
            % {"done": assignment.done_count, "all": assignment.step_count}
            if assignment and assignment.done_count
            else "",
        )


@Prepared
def _offered_paths(day: date) -> QuerySet[LearningPath]:
    return LearningPath.objects.offered(on=day).annotate(
        minutes=_minutes_of(Lesson.objects.asked_in_modules(), PathStep.READING)
        + _minutes_of(Case.objects.asked_in_modules(), [PathStep.PLAYING]),
        module_count=Count(
            "steps__module", distinct=True, filter=Q(steps__module__number__isnull=False)
        ),
    )[:MOST_OF_A_KIND]


def _minutes_of(parts: QuerySet[Any], completes: Collection[str]) -> Coalesce:
    """How long those of ``parts`` take whose module has a step of the outer path completed so.

    Each once, however many steps lead to it.
    """
    steps = PathStep.objects.filter(
        path=OuterRef(OuterRef("pk")), module=OuterRef("module"), completes__in=completes
    )
    asked = parts.filter(Exists(steps)).order_by().annotate(all=Value(1)).values("all")
    return Coalesce(Subquery(asked.annotate(sum=Sum("minutes")).values("sum")), 0)


register(
    "forloeb",
    one=gettext_lazy("Learning path"),
    many=gettext_lazy("Learning paths"),
    provider=_paths,
)
register("kursus", one=gettext_lazy("Course"), many=gettext_lazy("Courses"), provider=_courses)
