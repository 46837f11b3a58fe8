"""What a reader tells the editors about a lesson or a case, and what they answer."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.identity import refuse_cpr_like
from courses.models.own import ABOUT_ONE, About
from people.models import Person

LONGEST_REMARK = 1_000


class RemarkQuerySet(models.QuerySet["Remark"]):
    """What one asks about many remarks."""

    def in_state(self, state: str) -> Self:
        """Those in one of the three states; all of them for any other word."""
        if state == Remark.State.CLOSED:
            return self.filter(closed_at__isnull=False)
        if state == Remark.State.ANSWERED:
            return self.filter(closed_at__isnull=True, answered_at__isnull=False)
        if state == Remark.State.OPEN:
            return self.filter(closed_at__isnull=True, answered_at__isnull=True)
        return self

    def with_subjects(self) -> Self:
        """With the people and what is spoken of, read in the same query."""
        found = self.select_related(
            "person", "answered_by", "closed_by", "lesson__module", "case__module"
        )
        return found.defer("case__said")


class Remark(About):
    """What one reader told the editors: written once, answered once, closed when it is dealt with.

    Its key is made where the form is drawn, so that a form that is sent twice tells once.
    """

    class Kind(models.TextChoices):
        WRONG = "wrong", _("Something is wrong")
        UNCLEAR = "unclear", _("Something is hard to understand")
        LANGUAGE = "language", _("The language or the translation")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a question", "Open")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="remarks")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    kind = models.CharField(_("what it is about"), max_length=8, choices=Kind)
    text = models.TextField(
        _("what you want to say"), max_length=LONGEST_REMARK, validators=[refuse_cpr_like]
    )
    sent_at = models.DateTimeField(_("sent"))
    answer = models.TextField(
        _("answer"), max_length=LONGEST_REMARK, blank=True, validators=[refuse_cpr_like]
    )
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to the editors")
        verbose_name_plural = _("messages to the editors")
        constraints = [
            models.CheckConstraint(condition=ABOUT_ONE, name="courses_remark_about_one"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="courses_remark_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="courses_remark_closed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "sent_at"], name="courses_remark_of_person"),
            models.Index(fields=["sent_at"], name="courses_remark_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def state(self) -> "Remark.State":
        """Whether it waits, has an answer, or is dealt with."""
        if self.closed_at is not None:
            return self.State.CLOSED
        return self.State.OPEN if self.answered_at is None else self.State.ANSWERED
