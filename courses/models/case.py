"""Invented cases: what editors tell, the frozen versions that are played, and each play.

A case is a page per language and this record, as a lesson is (``courses.models.outline``). What
a person plays is a :class:`CaseVersion`, so that a play goes on while editors change the case.
What somebody chose is read by those who played it and by nobody else: nothing here is a snippet.
"""

import uuid
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text
from courses.cases import Ending, Run, Story, read, replay
from courses.models.outline import Course, Module, Record
from people.models import Person

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

#: The best ending first.
RANK = models.Case(
    *(When(ending=ending, then=Value(rank)) for rank, ending in enumerate(Ending.values)),
    default=Value(len(Ending.values)),
)


class CaseQuerySet(models.QuerySet["Case"]):
    """What one asks about many cases."""

    def offered(self) -> Self:
        """Cases that can be played now, in the order of their module."""
        return self.filter(number__isnull=False).order_by("number")

    def asked_in_modules(self) -> Self:
        """Offered cases that their module asks for, whatever the course asks of the module."""
        return self.filter(number__isnull=False, is_optional=False)

    def citing(self, rule: "UUID") -> Self:
        """Cases whose current version cites the rule: what to look at when it changes."""
        cited = CaseRule.objects.filter(version__case=OuterRef("pk"), version__is_current=True)
        return self.filter(Exists(cited.filter(rule=rule)))

    def solved_by(self, person: "Person | UUID") -> Self:
        """Cases that ``person`` has solved, alone or together with another."""
        own = CasePlay.objects.of(person).solved().filter(case=OuterRef("pk"))
        return self.filter(Exists(own))

    def with_plays_of(self, person: "Person | UUID") -> Self:
        """Annotate ``last_at`` (none when never played) and ``best`` ending of ``person``."""
        own = CasePlay.objects.of(person).filter(case=OuterRef("pk"))
        return self.annotate(
            last_at=Subquery(own.order_by("-last_at").values("last_at")[:1]),
            best=Subquery(own.ended().best_first().values("ending")[:1]),
        )


class Case(Record):
    """An invented case that unfolds on a clock.

    ``said`` is what each language's page says now; ``number`` counts over what its module offers.
    ``changed_rules`` says, as of a lesson, since when one of its rules says something else, and
    ``is_optional`` and ``is_required`` are those of a lesson.
    """

    module = models.ForeignKey(Module, models.PROTECT, related_name="cases")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cases")
    summaries = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(default=0)
    said = models.JSONField(default=dict)
    changed_rules = models.JSONField(default=dict)
    is_optional = models.BooleanField(default=False)
    is_required = models.BooleanField(default=False)
    number = models.PositiveIntegerField(null=True)
    competences: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "competences.Competence", related_name="+"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [models.Index(fields=["module", "number"], name="courses_case_in_module")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_required=False) | Q(number__isnull=False),
                name="courses_case_required_is_offered",
            ),
        ]

    if TYPE_CHECKING:  # annotated by with_plays_of
        last_at: datetime | None
        best: str | None

    @property
    def summary(self) -> Text:
        """One or two sentences on what it is about, in the active language, else in Danish."""
        return Text.choose(self.summaries)

    @property
    def is_offered(self) -> bool:
        """Whether it, its module and its course can be read now."""
        return self.number is not None

    def rule_changed_on(self, language: str) -> date | None:
        """Since when one of its rules says something else, until somebody looked through it.

        The Danish page leads: where that is to be looked through, so is every other one.
        """
        days = [self.changed_rules.get(code) for code in {language, settings.LANGUAGE_CODE}]
        return max((date.fromisoformat(day) for day in days if day), default=None)


class CaseVersion(models.Model):
    """A case as it was told from one moment on. Rows are added, never changed, but ``is_current``.

    ``content`` is described in :mod:`courses.cases.story`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    content = models.JSONField()
    frozen_at = models.DateTimeField()
    rules: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "rules.Rule", through="courses.CaseRule", related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"], name="courses_case_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_current=True),
                name="courses_case_one_current_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @cached_property
    def story(self) -> Story:
        """What it tells."""
        return read(self.content)


class CaseRule(models.Model):
    """That a version of a case cites a rule."""

    version = models.ForeignKey(CaseVersion, models.CASCADE, related_name="case_rules")
    rule = models.ForeignKey("rules.Rule", models.PROTECT, related_name="case_rules")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "rule"], name="courses_case_cites_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.rule_id}"


class CasePlayQuerySet(models.QuerySet["CasePlay"]):
    """What one asks about many plays."""

    def of(self, person: "Person | UUID | OuterRef") -> Self:
        """The plays that ``person`` took part in, alone or together."""
        return self.filter(Q(person=person) | Q(partner=person))

    def ended(self) -> Self:
        """Plays that reached an ending."""
        return self.filter(ended_at__isnull=False)

    def solved(self) -> Self:
        """Plays that reached an ending that is not a bad one."""
        return self.ended().exclude(ending=Ending.BAD)

    def best_first(self) -> Self:
        """The best ending first; of equal ones, the earliest."""
        return self.annotate(rank=RANK).order_by("rank", "ended_at", "pk")

    def best_of(self, person: "Person | UUID") -> Self:
        """For each case that ``person`` has played to an end, the play with the best ending."""
        own = CasePlay.objects.of(person).ended()
        best = own.filter(case=OuterRef("case")).best_first().values("pk")[:1]
        return self.of(person).ended().filter(pk=Subquery(best)).order_by("case", "pk")


class CasePlay(models.Model):
    """One time somebody played a case, alone or with a partner; the same whatever the language.

    Its id is made where the form is drawn, so that beginning twice is once. ``path`` is what was
    chosen: the key of each step and the id of the choice. ``turn`` grows with every press that
    counted, a step back included; a press names the turn it answers, and ``last_press`` is the one
    that made the present turn, so that a press that comes twice is known. ``law_as_of`` is set
    where it was played on a device that had been away. ``meeting`` is the key of the logged session
    in which two played it: whoever logs sessions says what it is (:mod:`people.companions`).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    # Asked for by person alone: an index of the case would lead through everybody's plays.
    case = models.ForeignKey(Case, models.PROTECT, related_name="plays", db_index=False)
    version = models.ForeignKey(CaseVersion, models.PROTECT, related_name="plays")
    person = models.ForeignKey(Person, models.PROTECT, related_name="case_plays")
    partner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="case_plays_together"
    )
    path = models.JSONField(default=list)
    turn = models.PositiveIntegerField(default=0)
    last_press = models.JSONField(default=list)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    meeting = models.UUIDField(null=True, db_index=True)
    law_as_of = models.DateTimeField(null=True)

    objects = CasePlayQuerySet.as_manager()

    class Meta:
        verbose_name = _("play of a case")
        verbose_name_plural = _("plays of cases")
        indexes = [
            models.Index(fields=["person", "case", "-last_at"], name="courses_play_own"),
            models.Index(fields=["partner", "case", "-last_at"], name="courses_play_together"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__isnull=False, ending__in=Ending.values),
                name="courses_play_ended_has_ending",
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | ~Q(partner=F("person")),
                name="courses_play_partner_is_another",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(partner__isnull=False),
                name="courses_play_met_by_two",
            ),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("started_at")), name="courses_play_lasts_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.turn}"

    @property
    def is_ended(self) -> bool:
        """Whether it has reached an ending."""
        return self.ended_at is not None

    @property
    def state(self) -> str:
        """How far it is, in the words of ``components/status.html``."""
        return "done" if self.is_ended else "in_progress"

    def run(self) -> Run:
        """Where it stands, played again from the beginning."""
        return replay(self.version.story, self.path)
