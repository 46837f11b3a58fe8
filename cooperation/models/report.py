"""The half-year report: a draft that goes round, and what it said once it was frozen.

A municipality has delivered when its report of the half-year is frozen. The database refuses every
change of a frozen report (migration ``guard_reports``); what was wrong in one is put right in a
newer edition, which names it.
"""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cooperation.models.fields import words as some_words
from cooperation.models.initiative import Initiative
from core.bilingual import Bilingual
from core.identity import refuse_cpr_like
from people.models import Organisation, Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from cooperation.reports.content import Scope
    from cooperation.reports.halves import HalfYear

MOST_REPORT_WORDS = 2000
MOST_COMMENT = 500
#: How long a file that was made of a report can be fetched.
FETCHABLE_FOR = timedelta(days=7)


class ReportQuerySet(models.QuerySet["HalfYearReport"]):
    """The vocabulary of reports."""

    def of_half(self, half: "HalfYear") -> Self:
        """Those of one half-year."""
        return self.filter(year=half.year, half=half.half)

    def about(self, scope: "Scope") -> Self:
        """Those about one municipality, one initiative or the country."""
        return self.filter(
            kind=scope.kind, municipality=scope.municipality, initiative=scope.initiative
        )

    def frozen(self) -> Self:
        """Those that keep what they said."""
        return self.filter(state=HalfYearReport.State.FROZEN)

    def delivered(self) -> Self:
        """Those that count: of every report the newest edition that is frozen."""
        newer = HalfYearReport.objects.frozen().filter(corrects=OuterRef("pk"))
        return self.frozen().filter(~Exists(newer))

    def newest(self) -> Self:
        """Of every report the newest edition, frozen or not."""
        return self.filter(corrected_by=None)

    def of_municipalities(self) -> Self:
        """Those with which municipalities deliver."""
        return self.filter(kind=HalfYearReport.Kind.MUNICIPALITY)


class HalfYearReport(models.Model):
    """One half-year of a municipality, an initiative or the country.

    From its second ``edition`` on it ``corrects`` the one before for a ``reason``; that one stays.
    ``content`` (:mod:`cooperation.reports.content`) and its hash are empty until it is frozen.
    """

    class Kind(models.TextChoices):
        COUNTRY = "country", _("The whole country")
        MUNICIPALITY = "municipality", _("Municipality")
        INITIATIVE = "initiative", _("Initiative")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ROUND = "round", _("Out for comment")
        FROZEN = "frozen", _("Delivered and frozen")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("about"), max_length=12, choices=Kind)
    municipality = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        related_name="reports",
        verbose_name=_("municipality"),
    )
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, related_name="reports", verbose_name=_("initiative")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    half = models.PositiveSmallIntegerField(_("half-year"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="corrected_by",
        verbose_name=_("corrects"),
    )
    reason = some_words(_("why it is corrected"))
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.DRAFT)
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    sent_round_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(_("frozen"), null=True)
    frozen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    content = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    words: "RelatedManager[ReportWords]"
    comments: "RelatedManager[ReportComment]"
    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("half-year report")
        verbose_name_plural = _("half-year reports")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year", "half", "edition"],
                condition=Q(kind="municipality"),
                name="cooperation_report_of_municipality",
            ),
            models.UniqueConstraint(
                fields=["initiative", "year", "half", "edition"],
                condition=Q(kind="initiative"),
                name="cooperation_report_of_initiative",
            ),
            models.UniqueConstraint(
                fields=["year", "half", "edition"],
                condition=Q(kind="country"),
                name="cooperation_report_of_country",
            ),
            models.CheckConstraint(
                condition=Q(kind="country", municipality__isnull=True, initiative__isnull=True)
                | Q(kind="municipality", municipality__isnull=False, initiative__isnull=True)
                | Q(kind="initiative", municipality__isnull=True, initiative__isnull=False),
                name="cooperation_report_about_one",
            ),
            models.CheckConstraint(condition=Q(half__in=[1, 2]), name="cooperation_report_half"),
            models.CheckConstraint(
                condition=Q(edition=1, corrects__isnull=True, reason="")
                | Q(edition__gt=1, corrects__isnull=False) & ~Q(reason=""),
                name="cooperation_report_corrects_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "round"],
                    frozen_at__isnull=True,
                    frozen_by__isnull=True,
                    content__isnull=True,
                    sha256="",
                )
                | Q(state="frozen", frozen_at__isnull=False, content__isnull=False) & ~Q(sha256=""),
                name="cooperation_report_frozen_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}-{self.half}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:report", args=[self.pk])

    @property
    def is_frozen(self) -> bool:
        """Whether it keeps what it says."""
        return self.state == self.State.FROZEN

    @cached_property
    def period(self) -> "HalfYear":
        """The half-year."""
        from cooperation.reports.halves import HalfYear

        return HalfYear(self.year, self.half)

    @cached_property
    def scope(self) -> "Scope":
        """Whom it is about; read ``municipality`` and ``initiative`` along."""
        from cooperation.reports.content import Scope

        return Scope(self.municipality, self.initiative)


class ToldTables(models.Model):
    """The tables about people of one edition of a municipality's report, as they were first told.

    ``tables`` is a content with these sections alone; what is hidden is not in it. It outlives a
    correction that is thrown away: what was read was read.
    """

    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField()
    tables = models.JSONField()
    counted_on = models.DateField()

    objects = models.Manager["ToldTables"]()

    class Meta:
        verbose_name = _("tables of a report that were told")
        verbose_name_plural = _("tables of reports that were told")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year", "half", "edition"],
                name="cooperation_tables_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.year}-{self.half} {self.edition}"


class ReportWords(models.Model):
    """What the owner says beside the figures: of one section, or (empty) of the whole."""

    report = models.ForeignKey(HalfYearReport, models.PROTECT, related_name="words")
    section = models.CharField(max_length=20, blank=True)
    text_da = models.TextField(
        _("in Danish"),
        blank=True,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_REPORT_WORDS)],
    )
    text_kl = models.TextField(
        _("in Kalaallisut"),
        blank=True,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_REPORT_WORDS)],
    )
    #: Names the words that whoever changes them has seen.
    number = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    text = Bilingual()

    class Meta:
        verbose_name = _("words beside the figures")
        verbose_name_plural = _("words beside the figures")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "section"], name="cooperation_report_words_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.section}"


class ReportComment(models.Model):
    """What somebody says about a draft that goes round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(HalfYearReport, models.PROTECT, related_name="comments")
    section = models.CharField(max_length=20, blank=True)
    text = models.TextField(
        _("comment"), validators=[refuse_cpr_like, MaxLengthValidator(MOST_COMMENT)]
    )
    author = models.ForeignKey(Person, models.PROTECT, related_name="report_comments")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("comment on a report")
        verbose_name_plural = _("comments on reports")
        indexes = [models.Index(fields=["report", "written_at"], name="cooperation_comment_of")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.written_at:%Y-%m-%d}"


def file_path(file: "ReportFile", filename: str) -> str:
    """Where it lies: below ``private/``, which no view but its own gives out."""
    return f"private/reports/{file.pk}.{file.kind}"


class ReportFile(models.Model):
    """A report as a file, made in the background for whoever asked and kept for a week."""

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        XLSX = "xlsx", _("Excel")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(HalfYearReport, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    person = models.ForeignKey(Person, models.CASCADE, related_name="report_files")
    asked_at = models.DateTimeField(_("asked for"))
    done_count = models.PositiveSmallIntegerField(default=0)
    total_count = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to=file_path, blank=True)

    objects = models.Manager["ReportFile"]()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "language", "person"],
                condition=Q(ready_at__isnull=True, failed_at__isnull=True),
                name="cooperation_report_file_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is neither ready nor failed."""
        return self.ready_at is None and self.failed_at is None

    def can_be_fetched(self, *, at: datetime) -> bool:
        """Whether the file is there, in the half-open week after it was ready."""
        return self.ready_at is not None and bool(self.file) and at < self.ready_at + FETCHABLE_FOR


class ReportReminder(models.Model):
    """That those who deliver for a municipality were told of a half-year: once per kind."""

    class Kind(models.TextChoices):
        OVER = "over", _("The half-year is over")
        SOON = "soon", _("A week before the day")
        LATE = "late", _("The day is over")
        STILL = "still", _("Two weeks after the day")

    municipality = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, choices=Kind)
    told_at = models.DateTimeField()

    objects = models.Manager["ReportReminder"]()

    class Meta:
        verbose_name = _("reminder to deliver")
        verbose_name_plural = _("reminders to deliver")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year", "half", "kind"],
                name="cooperation_report_reminder_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.year}-{self.half} {self.kind}"


def standing_words(report: HalfYearReport) -> dict[str, Any]:
    """The words of a report by section, in both languages; one query."""
    return {
        one.section: {"da": one.text_da, "kl": one.text_kl}
        for one in ReportWords.objects.filter(report=report)
        if one.text_da or one.text_kl
    }
