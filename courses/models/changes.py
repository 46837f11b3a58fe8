"""What learners are told when a rule changes that they had learnt."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.outline import Lesson
from people.models import Person
from rules.models import Decision


class LessonChange(models.Model):
    """That a lesson cited a rule when that rule was changed or retired.

    Kept also where the lesson cites it no longer: whoever had read it learnt the old rule.
    """

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="rule_changes")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lesson_changes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "lesson"], name="courses_lesson_changed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.decision_id}"


class SeenChange(models.Model):
    """That a person has read what changed since they learnt it. Nobody has a row before."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="seen_changes")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="seen_by")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change that was seen")
        verbose_name_plural = _("changes that were seen")
        constraints = [
            models.UniqueConstraint(fields=["person", "decision"], name="courses_change_seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.decision_id}"
