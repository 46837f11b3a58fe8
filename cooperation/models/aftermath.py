"""What comes after an event: how it was, and what it led to."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.models.decision import Action, Decision
from cooperation.models.event import Event
from cooperation.models.fields import title, words
from cooperation.models.practice import Practice
from core.bilingual import Bilingual
from people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class EvaluationQuestion(models.Model):
    """One question about an event: to be answered on a scale of five, or in words."""

    class Kind(models.TextChoices):
        SCALE = "scale", _("Scale from 1 to 5")
        WORDS = "words", _("In words")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    text_da = title(_("question in Danish"))
    text_kl = title(_("question in Kalaallisut"), blank=True)

    text = Bilingual()
    answers: "RelatedManager[EvaluationAnswer]"

    class Meta:
        verbose_name = _("question of an evaluation")
        verbose_name_plural = _("questions of evaluations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "position"], name="cooperation_question_position"
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)


class EvaluationAnswer(models.Model):
    """One answer to one question. It leads to nobody, and not to the other answers of the sheet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(EvaluationQuestion, models.CASCADE, related_name="answers")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    words = words(_("in words"))

    class Meta:
        verbose_name = _("answer of an evaluation")
        verbose_name_plural = _("answers of evaluations")
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5, words="")
                | Q(score__isnull=True) & ~Q(words=""),
                name="cooperation_answer_of_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return str(self.question_id)


class EventOutput(models.Model):
    """Something an event led to; it may have become a decision, an action or an example."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="outputs")
    text = words(_("what came of it"))
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="from_event"
    )
    action = models.OneToOneField(
        Action, models.PROTECT, null=True, blank=True, related_name="from_event"
    )
    practice = models.OneToOneField(
        Practice, models.PROTECT, null=True, blank=True, related_name="from_event"
    )
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("output of an event")
        verbose_name_plural = _("outputs of events")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="cooperation_output_says_what"),
            models.CheckConstraint(
                condition=Q(decision__isnull=True, action__isnull=True)
                | Q(decision__isnull=True, practice__isnull=True)
                | Q(action__isnull=True, practice__isnull=True),
                name="cooperation_output_became_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_settled(self) -> bool:
        """Whether it has become something."""
        return any((self.decision_id, self.action_id, self.practice_id))
