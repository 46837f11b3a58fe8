"""How far one says one is oneself, in four steps. A new rating is a new row; none is changed.

Read by the person and the present mentor alone; everybody else sees counts of at least five.
"""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from competences.models.framework import Competence
from people.models import Person


class Level(models.TextChoices):
    """The four steps."""

    NOT_YET = "not_yet", _("Not yet")
    WITH_HELP = "with_help", _("With help")
    ALONE = "alone", _("Alone")
    CAN_TEACH = "can_teach", _("Can teach others")


class RatingQuerySet(models.QuerySet["Rating"]):
    """What one asks about many ratings."""

    def current(self) -> Self:
        """Each person's newest rating of each competence."""
        return self.filter(is_current=True)


class Rating(models.Model):
    """What a person said of their own competence at one moment.

    The database refuses every change but that of ``is_current``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="ratings")
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="ratings")
    level = models.CharField(_("step"), max_length=10, choices=Level)
    rated_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("own rating")
        verbose_name_plural = _("own ratings")
        indexes = [
            models.Index(
                fields=["person", "competence", "-rated_at"], name="competences_rating_own"
            ),
            models.Index(fields=["competence", "level"], name="competences_rating_counted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=Level.values), name="competences_rating_four_steps"
            ),
            models.UniqueConstraint(
                fields=["person", "competence"],
                condition=models.Q(is_current=True),
                name="competences_rating_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.competence_id}"
