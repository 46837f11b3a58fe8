"""The register of law: acts, and the rules drawn from them with source, state and history.

Written by :mod:`rules.actions` and :mod:`rules.law_changes` alone; pages, lessons and questions
only cite a rule.
"""

import uuid
from datetime import date
from typing import Any, Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from core.bilingual import Bilingual, Translated
from core.identity import refuse_cpr_like
from core.periods import local_day

SOURCE = URLValidator(schemes=["http", "https"])


class Act(models.Model):
    """One version of an act or order, under its number and the days it is in force."""

    class Kind(models.TextChoices):
        ACT = "act", _("Act")
        CONSOLIDATION = "consolidation", _("Consolidated act")
        ORDER = "order", _("Executive order")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    number = models.CharField(_("number"), max_length=30, help_text=_("For example 11/2024."))
    dated_on = models.DateField(
        _("dated"),
        null=True,
        blank=True,
        help_text=_("The date in its title. Leave it empty until somebody has seen it."),
    )
    title_da = models.CharField(_("title in Danish"), max_length=300, validators=[refuse_cpr_like])
    title_kl = models.CharField(
        _("title in Kalaallisut"), max_length=300, blank=True, validators=[refuse_cpr_like]
    )
    short_name = models.CharField(
        _("short name"), max_length=80, blank=True, validators=[refuse_cpr_like]
    )
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("The first day it no longer holds.")
    )
    source_url = models.CharField(_("source address"), max_length=500, validators=[SOURCE])
    note = models.TextField(_("note"), blank=True, validators=[refuse_cpr_like])

    title = Bilingual()

    class Meta:
        verbose_name = _("act or order")
        verbose_name_plural = _("acts and orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True)
                | Q(in_force_until__isnull=True)
                | Q(in_force_until__gt=F("in_force_from")),
                name="rules_act_ends_after_start",
                violation_error_message=_("The end must lie after the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.title_da

    @property
    def age(self) -> date:
        """What versions of the law are put in order by: since when it holds, else its own date."""
        return self.in_force_from or self.dated_on or date.min

    def is_in_force(self, on: date) -> bool:
        """Whether ``on`` lies in the half-open period; an unknown day does not limit it."""
        return (self.in_force_from is None or self.in_force_from <= on) and (
            self.in_force_until is None or on < self.in_force_until
        )


class RuleQuerySet(models.QuerySet["Rule"]):
    """What one asks about many rules."""

    def publishable(self) -> Self:
        """Rules that a lesson may show: verified, or from the press and marked as such."""
        return self.filter(state__in=Rule.PUBLISHABLE)

    def overdue(self, *, on: date) -> Self:
        """Rules whose last day of review lies before ``on``, the longest overdue first."""
        held = self.exclude(state=Rule.State.RETIRED)
        return held.filter(review_by__lt=on).order_by("review_by", "key")

    def being_checked(self) -> Self:
        """Rules that hold, and that nobody has yet held against the newer version of their act."""
        return self.filter(awaiting_act__isnull=False)

    def without_act(self) -> Self:
        """Rules that hold in an act nobody has seen: no new version of one lets them wait."""
        unseen = self.filter(act=None, awaiting_act=None)
        return unseen.exclude(state=Rule.State.RETIRED).order_by("key")

    def unchecked_since(self, begins: Any) -> Self:
        """Rules that nobody has checked since the day on which a new version ``begins``."""
        return self.filter(Q(checked_on=None) | Q(checked_on__lt=begins))


class Rule(index.Indexed, Translated):
    """One rule as a lesson states it: where it stands, who says so, and when that was checked.

    An empty ``paragraph`` means that nobody has seen it yet: it is never guessed.
    """

    class State(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        PRESS = "press", _("Known only from the press")
        UNVERIFIED = "unverified", _("Not verified")
        RETIRED = "retired", _("Holds no longer")

    PUBLISHABLE = (State.VERIFIED, State.PRESS)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), max_length=60, unique=True)
    act = models.ForeignKey(
        Act,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("act or order"),
    )
    paragraph = models.CharField(
        _("paragraph"),
        max_length=80,
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("Leave it empty until somebody has seen it. Never guess."),
    )
    statement_da = models.TextField(_("the rule in Danish"), validators=[refuse_cpr_like])
    statement_kl = models.TextField(
        _("the rule in Kalaallisut"), blank=True, validators=[refuse_cpr_like]
    )
    deadline_da = models.CharField(
        _("time limit in Danish"),
        max_length=80,
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("As one says it, for example 24 timer."),
    )
    deadline_kl = models.CharField(
        _("time limit in Kalaallisut"), max_length=80, blank=True, validators=[refuse_cpr_like]
    )
    deadline_starts_da = models.CharField(
        _("when the limit starts, in Danish"),
        max_length=160,
        blank=True,
        validators=[refuse_cpr_like],
    )
    deadline_starts_kl = models.CharField(
        _("when the limit starts, in Kalaallisut"),
        max_length=160,
        blank=True,
        validators=[refuse_cpr_like],
    )
    deadline_hours = models.PositiveSmallIntegerField(_("limit in hours"), null=True, blank=True)
    deadline_days = models.PositiveSmallIntegerField(_("limit in days"), null=True, blank=True)
    deadline_months = models.PositiveSmallIntegerField(_("limit in months"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UNVERIFIED)
    source_title = models.CharField(
        _("source"), max_length=200, blank=True, validators=[refuse_cpr_like]
    )
    source_url = models.CharField(
        _("source address"), max_length=500, blank=True, validators=[SOURCE]
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    review_by = models.DateField(
        _("review by"), null=True, blank=True, help_text=_("The last day it may wait.")
    )
    awaiting_act = models.ForeignKey(
        Act,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="awaiting_rules",
        verbose_name=_("to be checked against"),
    )
    retired_on = models.DateField(_("no longer holds from"), null=True, blank=True, editable=False)

    objects = RuleQuerySet.as_manager()
    statement = Bilingual()
    deadline = Bilingual()
    deadline_starts = Bilingual()

    search_fields = [
        index.SearchField("statement_da"),
        index.SearchField("statement_kl"),
        index.AutocompleteField("statement_da"),
        index.AutocompleteField("paragraph"),
        index.FilterField("state"),
    ]

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unverified")
                | (
                    ~Q(source_url="")
                    & ~Q(source_title="")
                    & Q(checked_on__isnull=False)
                    & Q(review_by__isnull=False)
                ),
                name="rules_rule_checked_has_source",
                violation_error_message=_(
                    "A rule that may be shown needs its source, the day it was checked and the "
                    "day it must be checked again."
                ),
            ),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True)
                | Q(review_by__isnull=True)
                | Q(review_by__gte=F("checked_on")),
                name="rules_rule_review_after_check",
                violation_error_message=_("The next review must not lie before the check."),
            ),
            models.CheckConstraint(
                condition=Q(state="retired", retired_on__isnull=False, awaiting_act__isnull=True)
                | (~Q(state="retired") & Q(retired_on__isnull=True)),
                name="rules_rule_retired_on_a_day",
                violation_error_message=_("A rule that holds no longer has a day it ended."),
            ),
        ]

    def __str__(self) -> str:
        where = self.paragraph or self.key
        statement = self.statement_da
        return f"{where}: {statement[:80]}{'…' if len(statement) > 80 else ''}"

    @property
    def is_publishable(self) -> bool:
        """Whether a lesson may show it; the same question as ``publishable()`` for many."""
        return self.state in self.PUBLISHABLE

    def is_overdue(self, on: date) -> bool:
        """Whether its last day of review lies before ``on``; who holds no longer may wait."""
        return self.review_by is not None and self.review_by < on and self.retired_on is None

    @property
    def is_overdue_today(self) -> bool:
        """Whether it is overdue on the present day in Nuuk."""
        return self.is_overdue(local_day(timezone.now()))

    def as_box(self) -> dict[str, Any]:
        """What ``components/rule_box.html`` takes; ``rules/box.html`` hands it on.

        An unverified statement is left out: it is never shown as a rule, also where a rule
        lost its state after a lesson cited it. So is one that holds no longer.
        """
        return {
            "statement": self.statement if self.is_publishable else "",
            "statement_language": self.statement.language if self.statement.is_fallback else "",
            "paragraph": self.paragraph,
            "act": str(self.act) if self.act else "",
            "state": self.state,
            "deadline": self.deadline,
            "deadline_starts": self.deadline_starts,
            "is_older": any(
                text.is_older for text in (self.statement, self.deadline, self.deadline_starts)
            ),
            "source_name": self.source_title,
            "source_url": self.source_url,
            "checked_on": self.checked_on,
            "is_overdue": self.is_overdue_today,
            "is_being_checked": self.awaiting_act_id is not None,
            "retired_on": self.retired_on,
        }


class RegisterStamp(models.Model):
    """How often something that rules show has changed: one row, one number that only grows.

    A page that shows rules is kept drawn under it. A change adds to it in its own transaction, so
    a reader sees the old number with the old rules or the new one with the new.
    """

    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def grow(cls) -> None:
        """Let everything that shows rules be drawn anew."""
        cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=1).update(value=F("value") + 1)


class RuleVersion(models.Model):
    """What a rule said from one moment on. Rows are added, never changed."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    is_from_file = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rules_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.number}"
