"""What records outside pages say in another language: as it is proposed, and as it was released."""

import uuid
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WordingQuerySet(models.QuerySet["Wording"]):
    """What one asks about many wordings."""

    def of(self, record: UUID, language: str) -> Self:
        """Those of one record in one language."""
        return self.filter(record=record, language=language)

    def proposed(self) -> Self:
        """Those that readers do not see yet."""
        return self.filter(released_at__isnull=True)

    def released(self) -> Self:
        """Those that went live, the newest first."""
        return self.filter(released_at__isnull=False).order_by("-released_at", "-written_at")


class Wording(models.Model):
    """What a rule, a question, a word … says in a language, beside the Danish it was made from.

    ``texts`` and ``made_from`` are pairs of a place in the record and its words. One that is not
    released is a proposal; the record's own fields are what readers see. Written by
    :mod:`pages.translating.wordings` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    record = models.UUIDField(_("record"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    texts = models.JSONField(default=list)
    made_from = models.JSONField(default=list)
    written_by = models.ManyToManyField(
        "people.Person", related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    released_by = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("text in another language")
        verbose_name_plural = _("texts in another language")
        indexes = [
            models.Index(fields=["record", "language", "-released_at"], name="pages_wording_newest")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "language"],
                condition=Q(released_at__isnull=True),
                name="pages_wording_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=False) | Q(released_by__isnull=True),
                name="pages_wording_released_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} → {self.get_language_display()}"
