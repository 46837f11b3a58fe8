"""When they will work together next, and the secret address of a person's own calendar."""

import uuid
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like
from mentoring.models.pairing import Pairing
from mentoring.models.session import MOST_MINUTES, Mode, Session
from people.models import Person

MOST_PURPOSE = 120


class PlannedSessionQuerySet(models.QuerySet["PlannedSession"]):
    """The vocabulary of planned sessions."""

    def standing(self) -> Self:
        """Those that nobody has cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def to_come(self, *, at: datetime) -> Self:
        """Those that begin at that moment or later."""
        return self.standing().filter(starts_at__gte=at)

    def not_logged(self) -> Self:
        """Those for whose day nobody of the pairing has logged a session."""
        happened = Session.objects.happened()
        logged = happened.filter(pairing=OuterRef("pairing"), held_on=OuterRef("held_on"))
        return self.standing().filter(~Exists(logged))


class PlannedSession(models.Model):
    """That a pairing will work together: from a moment on, for some minutes.

    ``held_on`` is the day of ``starts_at`` on the town's clock. ``sequence`` grows with every
    change, as calendars want it, and names the state that whoever changes it has seen. What is
    written about it is one line, which says nothing about anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="plans", verbose_name=_("pairing")
    )
    starts_at = models.DateTimeField(_("begins"))
    held_on = models.DateField(_("date"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    mode = models.CharField(_("how"), max_length=10, choices=Mode, blank=True)
    purpose = models.CharField(
        _("purpose"),
        max_length=MOST_PURPOSE,
        blank=True,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_PURPOSE)],
    )
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    sequence = models.PositiveSmallIntegerField(default=0)

    objects = PlannedSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned session")
        verbose_name_plural = _("planned sessions")
        indexes = [models.Index(fields=["pairing", "starts_at"], name="mentoring_plan_of_pairing")]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing", "starts_at"],
                condition=Q(cancelled_at__isnull=True),
                name="mentoring_plan_once",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=MOST_MINUTES),
                name="mentoring_plan_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}, {self.minutes} min"

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the town."""
        return ZoneInfo(self.pairing.place.time_zone)


class CalendarAddress(models.Model):
    """That a person's calendar can be read at a secret address; only its hash is kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_address")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")

    def __str__(self) -> str:
        return str(self.person_id)
