"""When a course is completed, and what a certificate of it says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.certificates.completions import (
    COURSE,
    Completion,
    CompletionKind,
    Part,
    changes_in,
    completion_of,
    has_caught_up,
)
from courses.models import Case, Course, Lesson, LessonProgress, QuizAttempt
from people.models import Person
from rules.models import Decision


def course_completion(key: UUID, person: Person) -> Completion | None:
    """How far ``person`` is with the course ``key``. A constant number of queries.

    Complete is a course once every lesson that it offers is read and every quiz in it passed, and
    what has changed in the law since then is read too; a course without a lesson never is. Nobody
    has to solve its cases: the time of those that were is study time.
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
    parts = [Part(_("Read every lesson"), unread), Part(_("Pass every quiz"), unpassed)]
    if changed := changes_in([lesson.pk for lesson in lessons], person):
        parts.append(Part(_("Read what has changed since you learnt it"), changed))
    return completion_of(
        course.titles,
        parts,
        lessons=lessons,
        cases=Case.objects.offered().filter(course=course).solved_by(person),
        is_complete=bool(lessons),
        path=course.path,
    )


def course_again(key: UUID, person: Person, since: datetime, decisions: Sequence[Decision]) -> bool:
    """Whether ``person`` has gone through the course ``key`` again since ``since``.

    Again is: each quiz passed once more, and each lesson without one opened once more. Where rules
    have changed, the difference is enough: each change marked as seen, and the quizzes of the
    lessons that cited the rule passed since it changed.
    """
    if decisions:
        return has_caught_up(Q(lesson__course=key), person, decisions)
    passed = QuizAttempt.objects.filter(
        person=person, lesson=OuterRef("pk"), passed=True, submitted_at__gt=since
    )
    opened = LessonProgress.objects.filter(person=person, lesson=OuterRef("pk"), last_at__gt=since)
    asks = Exists(Lesson.questions.through.objects.filter(lesson=OuterRef("pk")))
    offered = Lesson.objects.offered().filter(course=key)
    waiting = offered.filter((asks & ~Exists(passed)) | (~asks & ~Exists(opened)))
    return offered.exists() and not waiting.exists()


KIND = CompletionKind(
    key=COURSE,
    of=course_completion,
    again=course_again,
    address=lambda key: reverse("courses:course-certificate", args=[key]),
    label=gettext_lazy("Course"),
    heading=gettext_lazy("Certificate"),
    certificate_of=gettext_lazy("Certificate of the course"),
    has_completed=gettext_lazy("has completed"),
    version=gettext_lazy("Version of the course"),
    criteria=gettext_lazy("Every lesson was read and every quiz passed."),
    renewing=gettext_lazy("Pass the quizzes of the course again, and renew it."),
    achievement="Course",
)
