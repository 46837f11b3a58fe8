"""What is asked for, ordered and approved in the other language."""

import uuid
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like


class TranslationRequest(models.Model):
    """One person's wish to read one page in one language. Translators see how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page_key = models.UUIDField(_("page"), db_index=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    asked_by = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    class Meta:
        verbose_name = _("wish for a translation")
        verbose_name_plural = _("wishes for translations")
        constraints = [
            models.UniqueConstraint(
                fields=["page_key", "language", "asked_by"], name="pages_translation_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_key} → {self.get_language_display()}"


class TranslationOrderQuerySet(models.QuerySet["TranslationOrder"]):
    """What one asks about many orders."""

    def current(self) -> Self:
        """Those that somebody still has to do something about."""
        return self.exclude(state__in=[TranslationOrder.State.DONE, TranslationOrder.State.DROPPED])

    def of(self, page_key: UUID, language: str) -> Self:
        """Those of one page in one language."""
        return self.filter(page_key=page_key, language=language)


class TranslationOrder(models.Model):
    """That a page, or a record outside pages, is to be translated: by whom, until when, how far.

    ``kind`` is empty for a page; else it says what the record is (:mod:`pages.translating.records`)
    and ``page_key`` is the key of that record.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be translated")
        REVIEW = "review", _("Waiting for the second pair of eyes")
        DONE = "done", _("Published")
        DROPPED = "dropped", _("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind of record"), max_length=20, blank=True, editable=False)
    page_key = models.UUIDField(_("page"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    owner = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("translator"),
    )
    due_on = models.DateField(_("to be ready on"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=500, blank=True, validators=[refuse_cpr_like])
    ordered_by = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, related_name="+", verbose_name=_("ordered by")
    )
    ordered_at = models.DateTimeField(_("ordered"), default=timezone.now)
    submitted_by = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, related_name="+", verbose_name=_("sent by")
    )
    submitted_at = models.DateTimeField(_("sent"), null=True)
    remark = models.TextField(
        _("remark of the second pair of eyes"),
        max_length=500,
        blank=True,
        validators=[refuse_cpr_like],
    )
    closed_by = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects = TranslationOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order for a translation")
        verbose_name_plural = _("orders for translations")
        permissions = [("approve_translation", "Can approve a translation of somebody else")]
        constraints = [
            models.UniqueConstraint(
                fields=["page_key", "language"],
                condition=Q(state__in=["open", "review"]),
                name="pages_translation_ordered_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="review") | Q(submitted_at__isnull=False),
                name="pages_translation_sent_before_review",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "review"], closed_at__isnull=True)
                | Q(state__in=["done", "dropped"], closed_at__isnull=False),
                name="pages_translation_closed_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_key} → {self.get_language_display()}"


class TranslationApprovalQuerySet(models.QuerySet["TranslationApproval"]):
    """What one asks about approvals."""

    def of(self, page_key: UUID, language: str) -> Self:
        """Those of one page in one language."""
        return self.filter(page_key=page_key, language=language)

    def published(self) -> Self:
        """Those whose texts have gone live, the newest first."""
        return self.filter(published_at__isnull=False).order_by("-published_at", "-approved_at")


class TranslationApproval(models.Model):
    """That somebody other than who translated it has looked at exactly these texts.

    ``made_from`` keeps the Danish texts that the translation was made from, as pairs of a place in
    the page and its words, so that a newer Danish text can be told by its difference.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page_key = models.UUIDField(_("page"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    digest = models.CharField(max_length=64)
    translated_by = models.ManyToManyField(
        "people.Person", related_name="+", verbose_name=_("translated by")
    )
    approved_by = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True)
    made_from = models.JSONField(default=list)
    outdated_at = models.DateTimeField(_("outdated since"), null=True)

    objects = TranslationApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approved translation")
        verbose_name_plural = _("approved translations")
        indexes = [
            models.Index(
                fields=["page_key", "language", "-published_at"], name="pages_approval_of_page"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page_key", "language", "digest"], name="pages_approval_once_per_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_key} → {self.get_language_display()}"
