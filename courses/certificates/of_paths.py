"""When a learning path is completed, and what a certificate of it says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.certificates.completions import (
    PATH,
    Completion,
    CompletionKind,
    Part,
    changes_in,
    completion_of,
    has_caught_up,
)
from courses.models import (
    Assignment,
    Case,
    LearningPath,
    Lesson,
    LessonProgress,
    PathStep,
    QuizAttempt,
    StepDone,
)
from courses.paths.steps import CASE, PRACTICE, QUIZ, READ
from people.models import Person
from rules.models import Decision


def path_completion(key: UUID, person: Person) -> Completion | None:
    """How far ``person`` is with the learning path ``key``. A constant number of queries.

    Complete is a path once a round of it is, and what has changed since in the law that it teaches
    is read too. The certificate speaks of the steps that were done in that round, of the lessons
    that were read and the cases that were solved in them, optional steps and lessons among them,
    and of nothing that was not. A quiz that was passed without reading shows what it asks, and
    takes no time.
    """
    path = LearningPath.objects.filter(pk=key).first()
    if path is None:
        return None
    own = Assignment.objects.filter(path=path, person=person, withdrawn_at=None)
    walked = own.order_by(F("completed_at").desc(nulls_last=True), "-round").first()
    is_complete = walked is not None and walked.completed_at is not None
    steps = list(PathStep.objects.filter(path=path).order_by("sort_order", "pk"))
    done = set()
    if is_complete:
        done = set(StepDone.objects.filter(assignment=walked).values_list("module", "completes"))
        steps = [step for step in steps if (step.module_id, step.completes) in done]
    else:
        steps = [step for step in steps if step.is_required]
    left = walked.step_count - walked.done_count if walked else len(steps)
    to_read = [step.module_id for step in steps if step.completes in {READ, QUIZ}]
    to_solve = [step.module_id for step in steps if step.completes == CASE]
    to_pass = [step.module_id for step in steps if step.completes == QUIZ]
    read = LessonProgress.objects.ever_read().filter(person=person, lesson=OuterRef("pk"))
    passed = QuizAttempt.objects.filter(person=person, lesson=OuterRef("pk"), passed=True)
    spoken_of = Q(was_read=True) | Q(Exists(passed), module__in=to_pass)
    if not is_complete:
        spoken_of |= Q(is_optional=False)
    lessons: list[Any] = sorted(  # lessons that know whether they were read
        Lesson.objects.offered()
        .annotate(was_read=Exists(read))
        .filter(spoken_of, module__in=to_read)
        .only("pk", "minutes", "published_at", "sequence", "module"),
        key=lambda lesson: (to_read.index(lesson.module_id), lesson.sequence or 0),
    )
    parts = [Part(_("Do every required step"), 0 if is_complete else left)]
    if changed := changes_in([lesson.pk for lesson in lessons], person, modules=to_solve):
        parts.append(Part(_("Read what has changed since you learnt it"), changed))
    titles = {"da": path.title_da} | ({"kl": path.title_kl} if path.title_kl else {})
    return completion_of(
        titles,
        parts,
        lessons=lessons,
        unread=[lesson.pk for lesson in lessons if not lesson.was_read],
        cases=Case.objects.asked_in_modules().filter(module__in=to_solve).solved_by(person),
        is_complete=is_complete,
        are_required=True,
        topics=[step.topic_id for step in steps if step.completes == PRACTICE and step.topic_id],
        path=reverse("courses:path", args=[path.key]),
    )


def path_again(key: UUID, person: Person, since: datetime, decisions: Sequence[Decision]) -> bool:
    """Whether ``person`` has walked the path ``key`` again since ``since``.

    Again is a new round, completed. Where rules have changed, the difference is enough, as with a
    course: each change marked as seen, those that only a case turns on among them, and the quizzes
    of the lessons that cited the rule passed since it changed.
    """
    if decisions:
        asked = Q(lesson__module__path_steps__path=key, lesson__is_optional=False)
        return has_caught_up(asked, person, decisions)
    own = Assignment.objects.filter(path=key, person=person, withdrawn_at=None)
    return own.filter(counts_from__gt=since, completed_at__gt=since).exists()


def _address(key: UUID) -> str:
    path = LearningPath.objects.filter(pk=key).first()
    return reverse("courses:path-certificate", args=[path.key]) if path else ""


KIND = CompletionKind(
    key=PATH,
    of=path_completion,
    again=path_again,
    address=_address,
    label=gettext_lazy("Learning path"),
    heading=gettext_lazy("Learning path certificate"),
    certificate_of=gettext_lazy("Certificate of the learning path"),
    has_completed=gettext_lazy("has completed the learning path"),
    version=gettext_lazy("Version of the lessons"),
    criteria=gettext_lazy("Every required step of the learning path was done."),
    renewing=gettext_lazy("Take the learning path again, and renew it."),
    achievement="LearningProgram",
)
