"""What may still happen to a locked session: an amendment, and being linked to another log."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like
from mentoring.models.session import Kept, Session, SessionVersion
from people.models import Person

MOST_AMENDMENT_NOTE = 200


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """The vocabulary of amendments."""

    def pending(self) -> Self:
        """Those that wait for the caseworkers; at most one for a session."""
        return self.filter(
            holds_since__isnull=True, withdrawn_at__isnull=True, session__erased_at__isnull=True
        )


class Amendment(models.Model):
    """A later change of a locked session: another version, and why.

    It is made of the version that holds, ``amends``, and waits until every caseworker who took
    part has confirmed its own. From then on, ``holds_since``, that is the session's current one;
    the other stays readable. Until then its author may take it back. Who took part is not
    amended: they have said so themselves. The database lets nothing else through.
    """

    class Reason(models.TextChoices):
        TIME = "time", _("The day, the town or the minutes are wrong")
        WORK = "work", _("What we worked on, or how, is wrong")
        TEXT = "text", _("The text says something wrong")
        MISSING = "missing", _("Something was left out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="amendments")
    version = models.OneToOneField(SessionVersion, models.PROTECT, related_name="amendment")
    amends = models.ForeignKey(SessionVersion, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    note = models.CharField(
        _("in your own words"),
        max_length=MOST_AMENDMENT_NOTE,
        blank=True,
        validators=[refuse_cpr_like],
    )
    holds_since = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(holds_since__isnull=True, withdrawn_at__isnull=True),
                name="mentoring_amendment_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(holds_since__isnull=True) | Q(withdrawn_at__isnull=True),
                name="mentoring_amendment_holds_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.get_reason_display()}"

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Refused.

        Raises:
            Kept: Always.
        """
        raise Kept("What was sent is kept as it is.")

    @property
    def is_pending(self) -> bool:
        """Whether it waits for the caseworkers."""
        return self.holds_since is None and self.withdrawn_at is None


class SameHour(models.Model):
    """That two people logged the same hour: ``session`` is not counted besides ``counted``.

    Both logs stay as they are. Who was there may link them, and take the link away.
    """

    session = models.OneToOneField(Session, models.PROTECT, related_name="same_hour")
    counted = models.ForeignKey(Session, models.PROTECT, related_name="logged_again")
    linked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("link of two logs")
        verbose_name_plural = _("links of two logs")
        constraints = [
            models.CheckConstraint(
                condition=~Q(session=F("counted")), name="mentoring_same_hour_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} = {self.counted_id}"
