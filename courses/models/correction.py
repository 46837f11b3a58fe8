"""That a question was wrong, what was done about it, and whose result it changed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like
from courses.models.progress import QuizAttempt
from courses.models.question import QuestionVersion
from people.models import Person


class Correction(models.Model):
    """What somebody decided about a version that was wrong. Rows are added, never changed.

    Written by :func:`courses.actions.corrections.correct_version`; ``accepted`` is the answer
    that is right too.
    """

    class How(models.TextChoices):
        ALSO = "also", _("Another answer is right too")
        ALL = "all", _("Every answer counts as right")
        OUT = "out", _("The question does not count")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="corrections")
    how = models.CharField(_("how"), max_length=5, choices=How)
    accepted = models.JSONField(null=True)
    reason = models.TextField(_("reason"), max_length=500, validators=[refuse_cpr_like])
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.version_id} {self.how}"


class CorrectedAttempt(models.Model):
    """What a correction changed in one result; its learner is told until they have seen it.

    ``keeps_pass`` says that the new score would not pass, and the pass stands all the same.
    """

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="attempts")
    attempt = models.ForeignKey(QuizAttempt, models.CASCADE, related_name="corrections")
    old_score = models.PositiveSmallIntegerField()
    old_total = models.PositiveSmallIntegerField()
    old_passed = models.BooleanField()
    new_score = models.PositiveSmallIntegerField()
    new_total = models.PositiveSmallIntegerField()
    new_passed = models.BooleanField()
    keeps_pass = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("corrected result")
        verbose_name_plural = _("corrected results")
        constraints = [
            models.UniqueConstraint(
                fields=["correction", "attempt"], name="courses_attempt_corrected_once"
            ),
            models.CheckConstraint(
                condition=models.Q(old_passed=False) | models.Q(new_passed=True),
                name="courses_correction_takes_no_pass",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.new_score}/{self.new_total}"
