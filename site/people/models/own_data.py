"""What a person asked to have done with everything that is kept about them."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.person import Person

#: How long the file of an export can be fetched.
FETCHABLE_FOR = timedelta(days=7)
#: How long a wish to be erased can be taken back before anybody carries it out.
REGRET_FOR = timedelta(days=14)


def export_path(export: "DataExport", filename: str) -> str:
    """Where the file lies: below ``private/``, which no view but one's own gives out."""
    return f"private/exports/{export.pk}.zip"


class DataExportQuerySet(models.QuerySet["DataExport"]):
    """The vocabulary of exports."""

    def under_way(self) -> Self:
        """Asked for and neither ready nor failed: one at most per person."""
        return self.filter(ready_at=None, failed_at=None)


class DataExport(models.Model):
    """One copy of everything about a person, made in the background and kept for a week."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="exports")
    asked_at = models.DateTimeField(_("asked for"))
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to=export_path, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of one's data")
        verbose_name_plural = _("copies of one's data")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ready_at__isnull=True, failed_at__isnull=True),
                name="people_export_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at:%Y-%m-%d}"

    @property
    def ends_at(self) -> datetime | None:
        """From when on the file can no longer be fetched."""
        return None if self.ready_at is None else self.ready_at + FETCHABLE_FOR

    @property
    def is_under_way(self) -> bool:
        """Whether it is neither ready nor failed."""
        return self.ready_at is None and self.failed_at is None

    def can_be_fetched(self, *, at: datetime) -> bool:
        """Whether the file is there, in the half-open time [ready, ends)."""
        return self.ends_at is not None and bool(self.file) and at < self.ends_at


class ErasureWishQuerySet(models.QuerySet["ErasureWish"]):
    """The vocabulary of wishes to be erased."""

    def open(self) -> Self:
        """Neither taken back nor carried out: one at most per person."""
        return self.filter(withdrawn_at=None, done_at=None)

    def due(self, *, at: datetime) -> Self:
        """Open ones whose time to take them back is over."""
        return self.open().filter(from_at__lte=at)


class ErasureWish(models.Model):
    """That a person wants everything about them to be deleted, and what became of it.

    ``entered_by`` is an administrator who wrote it down for somebody without an account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="erasure_wishes")
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    from_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = ErasureWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for deletion")
        verbose_name_plural = _("wishes for deletion")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(withdrawn_at__isnull=True, done_at__isnull=True),
                name="people_erasure_one_open",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(done_at__isnull=True),
                name="people_erasure_one_outcome",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_at__gte=F("from_at")),
                name="people_erasure_not_too_early",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at:%Y-%m-%d}"

    def is_due(self, *, at: datetime) -> bool:
        """Whether it may be carried out: the time to take it back is over."""
        return self.from_at <= at
