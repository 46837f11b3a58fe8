"""How far each learner is. One record per learner, whatever the language.

What a person answered is read by that person alone: nothing here is a snippet, and no list of
ours shows it to anybody else.
"""

import uuid
from datetime import UTC, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models.outline import PASS_PERCENT, Course, Lesson
from courses.models.question import QuestionVersion
from people.models import Person

#: Before anything was done here: a round that has no beginning of its own counts from then on.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """What one asks about many enrolments."""

    def active(self) -> Self:
        """Neither withdrawn nor followed by a newer round: one at most per person and course."""
        return self.filter(withdrawn_at__isnull=True, retaken_at__isnull=True)

    def rounds_before(self) -> Self:
        """Rounds that a newer one has followed."""
        return self.filter(withdrawn_at__isnull=True, retaken_at__isnull=False)

    def unfinished(self) -> Self:
        """Active ones that are not completed."""
        return self.active().filter(completed_at__isnull=True)


class Enrolment(models.Model):
    """That a person takes a course. Leaving ends it; enrolling again is a new row.

    ``completed_at`` is written by :mod:`courses.actions.completing` once all that the course
    demands is done. A completed course stays completed, whatever an editor asks of it later.
    Taking it again begins a new round: a new row with ``counts_from``, from when on what is done
    counts. The earlier one keeps its days.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    retaken_at = models.DateTimeField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    counts_from = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=Q(withdrawn_at__isnull=True, retaken_at__isnull=True),
                name="courses_enrolment_one_active",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("enrolled_at")),
                name="courses_enrolment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.course_id}"


class LessonProgressQuerySet(models.QuerySet["LessonProgress"]):
    """What one asks about reading."""

    def ever_read(self) -> Self:
        """Lessons that were read to their end, in whatever round, each with ``last_read_at``."""
        return self.alias(last_read_at=Coalesce("read_at", "read_before_at")).filter(
            last_read_at__isnull=False
        )

    def learnt_before(self, moment: F, **change: Any) -> Self:
        """Those of them whose reader knows the law as of before ``moment``.

        Args:
            change: What else holds of the row that ``moment`` is a column of.
        """
        learnt = Coalesce("law_as_of", "read_at", "read_before_at")
        return self.ever_read().alias(learnt_at=learnt).filter(learnt_at__lt=moment, **change)

    def read_in_round(self) -> Self:
        """Those of them that count in the present round of their course.

        A path that is taken again asks for its lessons anew; a course that has them too does not.
        """
        begun_later = Enrolment.objects.active().filter(
            person=OuterRef("person"),
            course=OuterRef("lesson__course"),
            counts_from__gt=OuterRef("last_read_at"),
        )
        return self.ever_read().filter(~Exists(begun_later))


class LessonProgress(models.Model):
    """That a person opened a lesson, and when they reached its end.

    Without ``read_at`` it is to be read, by a path or a course that is taken again;
    ``read_before_at`` is when it was read before that. What each of them counts is what was read
    in its own round: :meth:`LessonProgressQuerySet.read_in_round`.
    ``law_as_of`` is set where it was read on a device that had been away: the law is learnt as it
    stood then.
    """

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="progress")
    person = models.ForeignKey(Person, models.PROTECT, related_name="lesson_progress")
    opened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_before_at = models.DateTimeField(null=True)
    law_as_of = models.DateTimeField(null=True)
    last_at = models.DateTimeField()

    objects = LessonProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(fields=["person", "lesson"], name="courses_progress_once"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("opened_at"))
                & (Q(read_at__isnull=True) | Q(read_at__gte=F("opened_at"))),
                name="courses_progress_opened_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.lesson_id}"


class QuizAttempt(models.Model):
    """One sent quiz. Its id is made where the form is drawn, so that sending twice is once.

    ``law_as_of`` is set where it was answered on a device that had been away.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="quiz_attempts")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    content_hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    law_as_of = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    pass_percent = models.PositiveSmallIntegerField(default=PASS_PERCENT)
    passed = models.BooleanField()

    class Meta:
        verbose_name = _("quiz attempt")
        verbose_name_plural = _("quiz attempts")
        indexes = [
            models.Index(fields=["person", "lesson", "-submitted_at"], name="courses_attempt_own")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__lte=F("total")) & Q(total__gte=1),
                name="courses_attempt_score_within_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}/{self.total}"


class Answer(models.Model):
    """What was answered to one question, as that question stood then.

    ``chosen`` is what the question's kind keeps of it. An answer to a question that was left out
    later does not count.
    """

    attempt = models.ForeignKey(QuizAttempt, models.CASCADE, related_name="answers")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    chosen = models.JSONField()
    is_correct = models.BooleanField()
    counts = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("given answer")
        verbose_name_plural = _("given answers")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "version"], name="courses_answer_once_per_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position}"
