"""How a published page is: what it weighs, what is wrong with it, when it is to be read again."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class ConditionQuerySet(models.QuerySet["PageCondition"]):
    """What one asks about many pages. Pages that nobody reads are in no condition."""

    def live(self) -> Self:
        """Of pages that are published and are no copy of another."""
        return self.filter(page__live=True, page__alias_of=None)

    def heavy(self) -> Self:
        """Above the budget, the heaviest first."""
        return self.live().filter(is_heavy=True).order_by("-first_visit_bytes", "page__path")

    def with_faults(self) -> Self:
        """With a link or a picture to look at."""
        dead = Q(page__outside_links__is_dead=True)
        return self.live().filter(Q(has_faults=True) | dead).distinct().order_by("page__path")

    def overdue(self, *, on: date) -> Self:
        """To be read again: the last day for it lies before ``on``. The longest overdue first."""
        return self.live().filter(review_by__lt=on).order_by("review_by", "page__path")


class PageCondition(models.Model):
    """One page as it was published last. Derived, but for the day it is to be read again.

    That day is no field of the page: publishing an old version must not bring an old day back.
    """

    page = models.OneToOneField(
        Page, models.CASCADE, primary_key=True, related_name="condition", verbose_name=_("page")
    )
    first_visit_bytes = models.PositiveIntegerField(default=0)
    picture_bytes = models.PositiveIntegerField(default=0)
    requests = models.PositiveSmallIntegerField(default=0)
    is_heavy = models.BooleanField(default=False)
    #: What is wrong, as (kind, words): see pages.editing.faults.
    faults = models.JSONField(default=list)
    has_faults = models.BooleanField(default=False)
    measured_at = models.DateTimeField(null=True)
    review_by = models.DateField(_("to be read again by"), null=True)
    reviewed_at = models.DateTimeField(_("read through"), null=True)
    reviewed_by = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("read through by"),
    )

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition of a page")
        verbose_name_plural = _("conditions of pages")
        default_permissions = ()
        permissions = [("publish_correction", "Can publish a small correction alone")]
        indexes = [
            models.Index(fields=["review_by"], name="pages_condition_review_by"),
            models.Index(fields=["page"], condition=Q(is_heavy=True), name="pages_condition_heavy"),
        ]

    def __str__(self) -> str:
        return str(self.page)


class OutsideLink(models.Model):
    """One address outside that a published page links to, and whether it still answers."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="outside_links")
    address = models.URLField(max_length=2000)
    words = models.CharField(max_length=300)
    checked_at = models.DateTimeField(null=True)
    #: How often in a row it did not answer; an answer sets it back.
    failures = models.PositiveSmallIntegerField(default=0)
    is_dead = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("link to another site")
        verbose_name_plural = _("links to other sites")
        default_permissions = ()
        indexes = [models.Index(fields=["checked_at"], name="pages_outside_checked_at")]

    def __str__(self) -> str:
        return self.address
