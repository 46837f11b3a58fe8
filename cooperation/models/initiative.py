"""What the cooperation sets out to do: initiatives, their goals, and how they come along.

An initiative is a tag, not a cage: a round, a course, a body or an event may serve several. The
recommendations of the programme come with the release (``load_initiatives``); others are entered.
"""

import uuid
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models.fields import title, words
from core.bilingual import Bilingual
from core.periods import Period, PeriodQuerySet
from courses.models import Course
from mentoring.models import Pairing, Recommendation, Round
from people.models import Organisation, Person, Place

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class InitiativeQuerySet(PeriodQuerySet["Initiative"]):
    """The vocabulary of initiatives."""

    def with_status(self) -> Self:
        """Annotate ``status`` and ``status_on``: what was last said of it, for all to read."""
        latest = (
            StatusUpdate.objects.published()
            .filter(initiative=OuterRef("pk"))
            .order_by("-said_on", "-written_at", "-pk")
        )
        return self.annotate(
            status=Subquery(latest.values("state")[:1]),
            status_on=Subquery(latest.values("said_on")[:1]),
        )

    def in_order(self) -> Self:
        """Those of the programme by their number, then the others by name."""
        return self.order_by(F("number").asc(nulls_last=True), "title_da", "pk")


class Initiative(Period):
    """Something that several do together for a while; the numbered ones are the programme's.

    ``owner`` says how it comes along. Without one, whoever coordinates the country does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField(
        _("recommendation"), null=True, blank=True, choices=Recommendation, editable=False
    )
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    summary_da = words(_("what it is about, in Danish"))
    summary_kl = words(_("what it is about, in Kalaallisut"))
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_initiatives",
        verbose_name=_("owner"),
    )
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="initiatives", verbose_name=_("who takes part")
    )
    places = models.ManyToManyField(
        Place, blank=True, related_name="initiatives", verbose_name=_("towns")
    )
    rounds = models.ManyToManyField(
        Round, blank=True, related_name="initiatives", verbose_name=_("rounds")
    )
    courses = models.ManyToManyField(
        Course, blank=True, related_name="initiatives", verbose_name=_("courses")
    )
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)

    title = Bilingual()
    summary = Bilingual()
    tags: "RelatedManager[InitiativeTag]"
    goals: "RelatedManager[InitiativeGoal]"
    objects = InitiativeQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(number__isnull=False),
                name="cooperation_initiative_number_once",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__in=Recommendation.values),
                name="cooperation_initiative_number_known",
            ),
        ]

    def __str__(self) -> str:
        return self.numbered

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:initiative", args=[self.pk])

    @property
    def numbered(self) -> str:
        """Its number, if it is one of the programme's, and its title."""
        return f"{self.number}. {self.title}" if self.number else str(self.title)

    def linked_rounds(self) -> "models.QuerySet[Round]":
        """The rounds that serve it: linked here, or tagged with its number where they are planned.

        Two questions joined in the database, not two ways of saying the same: a round that is
        planned says which recommendations it serves, and any initiative may point at a round.
        """
        linked = Q(pk__in=self.rounds.values("pk"))
        if self.number:
            linked |= Q(tags__number=self.number)
        return Round.objects.filter(linked).distinct()

    def linked_pairings(self) -> "models.QuerySet[Pairing]":
        """The pairings that serve it: tagged with its number, or made of a need of its rounds."""
        linked = Q(need__round__in=self.linked_rounds().values("pk"))
        if self.number:
            linked |= Q(tags__number=self.number)
        return Pairing.objects.filter(linked).distinct()


class InitiativeTag(models.Model):
    """That an initiative of one's own serves a recommendation of the programme, or several."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="tags")
    number = models.PositiveSmallIntegerField(_("recommendation"), choices=Recommendation)

    class Meta:
        verbose_name = _("programme tag")
        verbose_name_plural = _("programme tags")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "number"], name="cooperation_initiative_tag_once"
            ),
            models.CheckConstraint(
                condition=Q(number__in=Recommendation.values),
                name="cooperation_initiative_tag_known",
            ),
        ]

    def __str__(self) -> str:
        return Recommendation(self.number).numbered


class InitiativeGoal(models.Model):
    """What should be better, and the indicator by which one sees it.

    ``target`` is a number of ``unit`` ("towns", "%"); without one the goal is said in words alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text_da = title(_("goal in Danish"))
    text_kl = title(_("goal in Kalaallisut"), blank=True)
    indicator = title(_("how one sees it"), blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    baseline = models.DecimalField(
        _("when it began"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    target = models.DecimalField(
        _("the aim"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)

    text = Bilingual()
    values: "RelatedManager[IndicatorValue]"

    class Meta:
        verbose_name = _("goal of an initiative")
        verbose_name_plural = _("goals of initiatives")
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(indicator=""),
                name="cooperation_goal_target_of_an_indicator",
                violation_error_message=_("Write how one sees it, when there is an aim."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)


class IndicatorValue(models.Model):
    """What an indicator showed on a day. Nothing for a day is not zero: then there is no row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(InitiativeGoal, models.CASCADE, related_name="values")
    measured_on = models.DateField(_("measured on"))
    value = models.DecimalField(
        _("value"), max_digits=10, decimal_places=1, validators=[MinValueValidator(Decimal(0))]
    )
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "measured_on"], name="cooperation_value_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="cooperation_value_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measured_on:%Y-%m-%d}: {self.value}"


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    """The vocabulary of status updates."""

    def published(self) -> Self:
        """Those that everybody in the cooperation reads; drafts are for whoever writes them."""
        return self.filter(published_at__isnull=False)

    def said_by(self, day: date) -> Self:
        """Those that speak of ``day`` or of days before it."""
        return self.filter(said_on__lte=day)


class StatusUpdate(models.Model):
    """How an initiative came along on a day, in words. One that is published is never changed."""

    class State(models.TextChoices):
        ON_TRACK = "on_track", _("On track")
        AT_RISK = "at_risk", _("At risk")
        LATE = "late", _("Late")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="updates")
    state = models.CharField(_("state"), max_length=10, choices=State)
    said_on = models.DateField(_("day"))
    words = words(_("in words"))
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("status update")
        verbose_name_plural = _("status updates")
        indexes = [
            models.Index(fields=["initiative", "-said_on"], name="cooperation_update_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"],
                condition=Q(published_at__isnull=True),
                name="cooperation_update_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(words=""),
                name="cooperation_update_published_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_on:%Y-%m-%d}: {self.get_state_display()}"
