"""When a course is completed, and what a certificate of it says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
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
from courses.learning.demands import Left, counts
from courses.models import Case, Course, Enrolment, Lesson, LessonProgress, QuizAttempt
from people.models import Person
from rules.models import Decision


def course_completion(key: UUID, person: Person) -> Completion | None:
    """How far ``person`` is with the course ``key``. A constant number of queries.

    Complete is a course once every lesson that it requires is read and every quiz in them passed,
    and what has changed in the law since then is read too; a course without a required lesson never
    is. The certificate speaks of the lessons that were read, optional ones among them. Nobody has
    to solve its cases: the time of those that were is study time.
    """
    enrolled = Enrolment.objects.active().filter(person=person, course=OuterRef("pk"))
    found = Course.objects.filter(pk=key).annotate(
        completed_at=Subquery(enrolled.values("completed_at")[:1]),
        **counts(person.pk, OuterRef("pk")),
    )
    course: Any = found.first()
    if course is None:
        return None
    own = LessonProgress.objects.filter(person=person, lesson=OuterRef("pk"), read_at__isnull=False)
    lessons = list(
        Lesson.objects.offered()
        .filter(Q(is_required=True) | Exists(own), course=course)
        .only("pk", "minutes", "published_at")
    )
    left = Left.nothing() if course.completed_at else Left.of(course, course)
    has_optional = course.required_count < course.lesson_count
    to_read = _("Read every required lesson") if has_optional else _("Read every lesson")
    parts = [Part(to_read, left.lessons), Part(_("Pass every quiz"), left.quizzes)]
    if changed := changes_in([lesson.pk for lesson in lessons], person):
        parts.append(Part(_("Read what has changed since you learnt it"), changed))
    return completion_of(
        course.titles,
        parts,
        lessons=lessons,
        cases=Case.objects.offered().filter(course=course).solved_by(person),
        is_complete=bool(course.required_count or course.completed_at),
        path=course.path,
    )


def course_again(key: UUID, person: Person, since: datetime, decisions: Sequence[Decision]) -> bool:
    """Whether ``person`` has gone through the course ``key`` again since ``since``.

    Again is: each quiz passed once more, and each required lesson without one opened once more.
    Where rules have changed, the difference is enough: each change marked as seen, and the quizzes
    of the lessons that cited the rule passed since it changed.
    """
    if decisions:
        required = Q(lesson__course=key, lesson__is_required=True)
        return has_caught_up(required, person, decisions)
    passed = QuizAttempt.objects.filter(
        person=person, lesson=OuterRef("pk"), passed=True, submitted_at__gt=since
    )
    opened = LessonProgress.objects.filter(person=person, lesson=OuterRef("pk"), last_at__gt=since)
    asks = Exists(Lesson.questions.through.objects.filter(lesson=OuterRef("pk")))
    required = Lesson.objects.filter(course=key, is_required=True)
    waiting = required.filter((asks & ~Exists(passed)) | (~asks & ~Exists(opened)))
    return required.exists() and not waiting.exists()


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
