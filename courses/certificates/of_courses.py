"""When a course is completed, and what a certificate of it says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery
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
from courses.learning.demands import Left, counts, practised, to_be_practised
from courses.models import Case, CasePlay, Course, Enrolment, Lesson, LessonProgress, QuizAttempt
from people.models import Person
from rules.models import Decision


def course_completion(key: UUID, person: Person) -> Completion | None:
    """How far ``person`` is with the course ``key``. A constant number of queries.

    Complete is a course once every lesson that it requires is read, what else it demands is done,
    and what has changed in the law since then is read too; a course without a required lesson never
    is. Complete it stays, also while it is taken again and when an editor adds a lesson. The
    certificate speaks of the lessons that were read, optional ones among them, and of no other. The
    time of the cases that were solved is study time; what they show is named where the course
    demands them.
    """
    rounds = Enrolment.objects.filter(
        person=person, course=OuterRef("pk"), withdrawn_at__isnull=True
    )
    latest = rounds.order_by(F("completed_at").desc(nulls_last=True))
    found = Course.objects.filter(pk=key).annotate(
        completed_at=Subquery(latest.values("completed_at")[:1]),
        counts_from=Subquery(rounds.filter(retaken_at__isnull=True).values("counts_from")[:1]),
        **counts(person.pk, OuterRef("pk")),
    )
    course: Any = found.first()
    if course is None:
        return None
    own = LessonProgress.objects.ever_read().filter(person=person, lesson=OuterRef("pk"))
    spoken_of = Q(Exists(own))
    if not course.completed_at:
        spoken_of |= Q(is_required=True)
    lessons = list(
        Lesson.objects.offered()
        .filter(spoken_of, course=course)
        .only("pk", "minutes", "published_at")
    )
    left = Left.nothing() if course.completed_at else Left.of(course, person.pk)
    has_optional = course.required_count < course.lesson_count
    to_read = _("Read every required lesson") if has_optional else _("Read every lesson")
    parts = [Part(to_read, left.lessons)]
    if course.demands_quizzes:
        parts.append(Part(_("Pass every quiz"), left.quizzes))
    if course.demands_cases:
        parts.append(Part(_("Solve every case"), left.cases))
    if course.demands_practice:
        parts.append(Part(_("Practise with a mentor what the course teaches"), len(left.practice)))
    modules = course.modules.values_list("pk", flat=True) if course.demands_cases else []
    keys = [lesson.pk for lesson in lessons]
    if changed := changes_in(keys, person, modules=list(modules)):
        parts.append(Part(_("Read what has changed since you learnt it"), changed))
    return completion_of(
        course.titles,
        parts,
        lessons=lessons,
        cases=Case.objects.offered().filter(course=course).solved_by(person),
        are_required=course.demands_cases,
        is_complete=bool(course.required_count or course.completed_at),
        path=course.path,
    )


def course_again(key: UUID, person: Person, since: datetime, decisions: Sequence[Decision]) -> bool:
    """Whether ``person`` has gone through the course ``key`` again since ``since``.

    Again is a new round that is completed. It is also: each quiz passed once more, each required
    lesson without one opened once more, and what else the course demands done once more. Where
    rules have changed, the difference is enough: each change marked as seen, and the quizzes of the
    lessons that cited the rule passed since it changed.
    """
    if decisions:
        asked = Q(lesson__course=key, lesson__is_required=True)
        return has_caught_up(asked, person, decisions)
    own_rounds = Enrolment.objects.filter(course=key, person=person, withdrawn_at__isnull=True)
    if own_rounds.filter(counts_from__gt=since, completed_at__gt=since).exists():
        return True
    passed = QuizAttempt.objects.filter(
        person=person, lesson=OuterRef("pk"), passed=True, submitted_at__gt=since
    )
    opened = LessonProgress.objects.filter(person=person, lesson=OuterRef("pk"), last_at__gt=since)
    asks = Q(course__demands_quizzes=True) & Exists(
        Lesson.questions.through.objects.filter(lesson=OuterRef("pk"))
    )
    required = Lesson.objects.filter(course=key, is_required=True)
    waiting = required.filter((asks & ~Exists(passed)) | (~asks & ~Exists(opened)))
    if not required.exists() or waiting.exists():
        return False
    course = Course.objects.get(pk=key)
    solved = CasePlay.objects.of(person).solved().filter(case=OuterRef("pk"), ended_at__gt=since)
    cases = Case.objects.filter(course=course, is_required=True)
    if course.demands_cases and cases.filter(~Exists(solved)).exists():
        return False
    if not course.demands_practice:
        return True
    texts = to_be_practised(course)
    own = practised(texts, [person.pk])[person.pk]
    anew = {key for key, at in own.items() if at > since}
    return {text.competence_id for text in texts} <= anew


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
    criteria=gettext_lazy(
        "Every required lesson was read, and what the course demands besides was done."
    ),
    renewing=gettext_lazy(
        "Pass the quizzes of the course again, do what else it demands, and renew it."
    ),
    achievement="Course",
)
