"""What must be in order in a place before the mentors arrive."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like
from mentoring.models.round import Need, Round
from people.models import Person


class ReadinessQuerySet(models.QuerySet["ReadinessItem"]):
    """The vocabulary of what must be ready."""

    def awaited(self) -> Self:
        """Not done, for a need that stands, in a round that is not put off or closed."""
        return self.filter(
            done_at__isnull=True,
            need__withdrawn_at__isnull=True,
            need__round__state__in=[Round.State.PLANNED, Round.State.GOING],
        )

    def late(self, *, on: date) -> Self:
        """Awaited, and due before that day."""
        return self.awaited().filter(due_on__lt=on)


class ReadinessItem(models.Model):
    """One thing that must be in order before arrival: whose it is, by when, and who did it."""

    class Kind(models.TextChoices):
        CASES = "cases", _("Cases are cleaned up")
        TRANSLATIONS = "translations", _("Translations are ordered")
        INTERPRETER = "interpreter", _("An interpreter is booked")
        ACCOUNTS = "accounts", _("Accounts in the case system are open")
        WORKPLACE = "workplace", _("A workplace is ready")
        HOUSING = "housing", _("Housing is found")
        LEADER = "leader", _("A leader is in charge")
        INTRODUCTION = "introduction", _("An introduction to the Act is planned")
        OWN = "own", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, models.CASCADE, related_name="items", verbose_name=_("need"))
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    title = models.CharField(
        _("in words"), max_length=120, blank=True, validators=[refuse_cpr_like]
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="readiness_items",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False)
    #: The due day that the owner was reminded of beforehand, and told was over.
    told_of = models.DateField(null=True, editable=False)
    told_late_of = models.DateField(null=True, editable=False)

    objects = ReadinessQuerySet.as_manager()

    class Meta:
        verbose_name = _("readiness item")
        verbose_name_plural = _("readiness items")
        indexes = [models.Index(fields=["due_on"], name="mentoring_readiness_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "kind"],
                condition=~Q(kind="own"),
                name="mentoring_readiness_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind="own") | ~Q(title=""), name="mentoring_readiness_own_is_named"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by__isnull=True),
                name="mentoring_readiness_done_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    def is_late(self, *, on: date) -> bool:
        """Whether it is not done and was due before that day."""
        return self.done_at is None and self.due_on < on


class ReadinessStop(models.Model):
    """That a person wants no messages about what must be ready; the lists on the site stay."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="readiness_stop")
    stopped_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stopped reminders of readiness")
        verbose_name_plural = _("stopped reminders of readiness")

    def __str__(self) -> str:
        return str(self.person_id)
