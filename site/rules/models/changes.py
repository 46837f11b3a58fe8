"""What happens when the law changes: a new version of an act, a decision on each of its rules, and
one item for everything that cites a rule which no longer says what it said.

Written by :mod:`rules.law_changes` alone.
"""

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.periods import midnight
from rules.models.register import Act, Rule, RuleVersion


class Replacement(models.Model):
    """That one version of an act took the place of another: each has one successor at most.

    ``old_end`` is the end that the old one had before, so that entering can be undone.
    """

    old = models.OneToOneField(Act, models.PROTECT, related_name="replacement")
    new = models.OneToOneField(Act, models.CASCADE, related_name="replaces")
    old_end = models.DateField(null=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("new version of an act")
        verbose_name_plural = _("new versions of acts")

    def __str__(self) -> str:
        return f"{self.old_id} {self.new_id}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    """What one asks about many decisions."""

    def standing(self) -> Self:
        """Decisions that nobody has taken back."""
        return self.filter(undone_at__isnull=True)

    def changes(self) -> Self:
        """Decisions that stand and by which a rule says something else, or holds no longer."""
        return self.standing().filter(kind__in=Decision.CHANGES)

    def unmarked(self, kind: str, object_id: UUID, language: str) -> Self:
        """Decisions for which that object was never marked in that language."""
        items = ReviewItem.objects.filter(
            decision=OuterRef("pk"), kind=kind, object_id=object_id, language=language
        )
        return self.filter(~Exists(items))


class Decision(models.Model):
    """What a reviewer found when a rule was looked at again: the versions before and after it."""

    class Kind(models.TextChoices):
        UNCHANGED = "unchanged", _("Unchanged")
        CHANGED = "changed", _("Changed")
        GONE = "gone", _("Holds no longer")

    CHANGES = (Kind.CHANGED, Kind.GONE)

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="decisions")
    act = models.ForeignKey(Act, models.SET_NULL, null=True, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=10, choices=Kind)
    before = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    after = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    holds_from = models.DateField(_("since"))
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a rule")
        verbose_name_plural = _("decisions on rules")
        indexes = [models.Index(fields=["kind", "decided_at"], name="rules_decision_by_kind")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.kind}"


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    """What one asks about many items."""

    def valid(self) -> Self:
        """Items of decisions that nobody has taken back."""
        return self.filter(decision__undone_at__isnull=True)

    def open(self) -> Self:
        """What still waits for somebody to look at it."""
        return self.valid().filter(state=ReviewItem.State.OPEN)

    def marked_before(self, day: date) -> Self:
        """Items that have waited since before ``day``."""
        return self.filter(marked_at__lt=midnight(day))


class ReviewItem(models.Model):
    """That something cites a rule which has changed, and whether somebody has looked at it.

    ``kind`` names the :class:`rules.citations.Source` that knows the object; ``title`` is what it
    was called when it was marked.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits")
        DONE = "done", _("Looked through")
        NOT_AFFECTED = "not_affected", _("Not affected")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="items")
    kind = models.CharField(_("kind"), max_length=30)
    object_id = models.UUIDField()
    language = models.CharField(_("language"), max_length=5, blank=True)
    title = models.CharField(_("title"), max_length=300)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    marked_at = models.DateTimeField(_("marked"))
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("content to look through")
        verbose_name_plural = _("content to look through")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "kind", "object_id", "language"], name="rules_item_marked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="rules_item_closed_when_not_open",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "marked_at"], name="rules_item_by_state"),
            models.Index(fields=["kind", "object_id"], name="rules_item_by_object"),
        ]

    def __str__(self) -> str:
        return self.title


class DigestStop(models.Model):
    """That a reviewer wants the weekly mail no more."""

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="+")
    stopped_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stopped weekly mail")
        verbose_name_plural = _("stopped weekly mails")

    def __str__(self) -> str:
        return str(self.person_id)
