"""Seminars and conferences: the series, the event, and what happens at it hour by hour."""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cooperation.models.fields import title, words
from cooperation.models.initiative import Initiative
from core.bilingual import Bilingual
from core.periods import Period, PeriodQuerySet
from people.models import Organisation, Person, Place

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from cooperation.models.delegation import Invitation

#: Answers to an evaluation are taken so long after the last day, unless the host says otherwise.
EVALUATED_FOR = timedelta(days=14)
#: Most days and seats of one event.
MOST_DAYS = 14
MOST_SEATS = 500
MOST_DURATION = 12 * 60


class EventSeries(models.Model):
    """Events that come again, and which organisation holds the next one, where and when.

    ``next_on`` is the first day as far as it is known; none while nobody has said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    about_da = words(_("what it is for, in Danish"))
    about_kl = words(_("what it is for, in Kalaallisut"))
    keeper = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("looked after by")
    )
    next_host = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("next host"),
    )
    next_place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("next town")
    )
    next_on = models.DateField(_("next time"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    title = Bilingual()
    about = Bilingual()
    events: "RelatedManager[Event]"

    class Meta:
        verbose_name = _("series of events")
        verbose_name_plural = _("series of events")

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:series", args=[self.pk])


class EventQuerySet(PeriodQuerySet["Event"]):
    """The vocabulary of events."""

    def announced(self) -> Self:
        """Those that everybody may see, cancelled ones too."""
        return self.exclude(state=Event.State.DRAFT)

    def standing(self) -> Self:
        """Those that are announced and not cancelled."""
        return self.filter(state=Event.State.OPEN)

    def dealing_seats(self, *, on: date) -> Self:
        """Those whose free seats are dealt on that day."""
        return self.standing().filter(answer_by__lt=on, starts_on__gte=on)

    def to_come(self, *, on: date) -> Self:
        """Those that are not over on that day."""
        return self.filter(ends_on__gt=on)

    def over(self, *, on: date) -> Self:
        """Those whose last day has gone by."""
        return self.filter(ends_on__lte=on)

    def going_on(self, *, on: date) -> Self:
        """Those to come, and those that take answers to their evaluation still; none cancelled."""
        answered = Q(evaluate_until__gte=on) | Q(
            evaluate_until=None, ends_on__gt=on - EVALUATED_FOR
        )
        return self.exclude(state=Event.State.CANCELLED).filter(Q(ends_on__gt=on) | answered)

    def evaluated_within(self, since: date, until: date) -> Self:
        """Those whose last day for answers (``evaluation_ends_on``) lies in [since, until)."""
        own = Q(evaluate_until__gte=since, evaluate_until__lt=until)
        usual = EVALUATED_FOR - timedelta(days=1)  # from the day after the event
        return self.filter(
            own | Q(evaluate_until=None, ends_on__gte=since - usual, ends_on__lt=until - usual)
        )


class Event(Period):
    """A seminar or conference of some days in one town.

    ``ends_on`` is the first day after it. ``answer_by`` is the last day for answers: until then
    each delegation's seats are kept for it. ``sequence`` grows with what calendars must learn.
    """

    class Kind(models.TextChoices):
        SEMINAR = "seminar", _("Seminar")
        CONFERENCE = "conference", _("Conference")
        COURSE_DAYS = "course_days", _("Course days")
        STUDY_VISIT = "study_visit", _("Study visit")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Announced")
        CANCELLED = "cancelled", pgettext_lazy("of something planned", "Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(
        EventSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("series"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SEMINAR)
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    about_da = words(_("what it is about, in Danish"))
    about_kl = words(_("what it is about, in Kalaallisut"))
    host = models.ForeignKey(
        Organisation, models.PROTECT, related_name="hosted_events", verbose_name=_("host")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="events", verbose_name=_("town"))
    initiatives = models.ManyToManyField(
        Initiative, blank=True, related_name="events", verbose_name=_("initiatives")
    )
    venue = title(_("where in the town"), blank=True)
    seats = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    answer_by = models.DateField(_("last day for answers"))
    travel_da = words(_("travel, in Danish"))
    travel_kl = words(_("travel, in Kalaallisut"))
    lodging_da = words(_("lodging, in Danish"))
    lodging_kl = words(_("lodging, in Kalaallisut"))
    practical_da = words(_("meals, access and other things, in Danish"))
    practical_kl = words(_("meals, access and other things, in Kalaallisut"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    cancelled_reason = title(_("why it is cancelled"), blank=True)
    evaluate_until = models.DateField(_("last day of the evaluation"), null=True, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    title = Bilingual()
    about = Bilingual()
    travel = Bilingual()
    lodging = Bilingual()
    practical = Bilingual()
    programme: "RelatedManager[ProgrammeItem]"
    invitations: "RelatedManager[Invitation]"
    objects = EventQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["state", "starts_on"], name="cooperation_event_to_come")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False) & Q(ends_on__gt=F("starts_on")),
                name="cooperation_event_has_days",
                violation_error_message=_(
                    "The last day lies before the first. Change one of them."
                ),
            ),
            models.CheckConstraint(
                condition=Q(answer_by__lt=F("starts_on")),
                name="cooperation_event_answers_before",
                violation_error_message=_("The last day for answers lies before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1) & Q(seats__lte=MOST_SEATS),
                name="cooperation_event_has_seats",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="cooperation_event_cancelled_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:event", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the town."""
        return ZoneInfo(self.place.time_zone)

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        last = self.last_day or self.starts_on
        return [self.starts_on + timedelta(days=n) for n in range((last - self.starts_on).days + 1)]

    def workshops(self) -> "ProgrammeItemQuerySet":
        """What one signs up for, as it happens."""
        return ProgrammeItem.objects.workshops().filter(event=self).in_order()

    @property
    def is_standing(self) -> bool:
        """Whether it is announced and not cancelled."""
        return self.state == self.State.OPEN

    def is_over(self, *, on: date) -> bool:
        """Whether its last day has gone by."""
        return self.ends_on is not None and self.ends_on <= on

    def takes_answers(self, *, on: date) -> bool:
        """Whether delegations may still be changed: until the day before it begins."""
        return self.is_standing and on < self.starts_on

    def keeps_seats(self, *, on: date) -> bool:
        """Whether each delegation's own seats are still kept for it."""
        return on <= self.answer_by

    def deals_seats(self, *, on: date) -> bool:
        """Whether free seats are dealt: until its first day, when the day before is dealt with."""
        return self.is_standing and self.answer_by < on <= self.starts_on

    def is_evaluated(self, *, on: date) -> bool:
        """Whether participants may say how it was: from its last day on."""
        return self.is_standing and self.evaluation_begins_on <= on <= self.evaluation_ends_on

    @property
    def evaluation_begins_on(self) -> date:
        """The last day of the event."""
        return self.last_day or self.starts_on

    @property
    def evaluation_ends_on(self) -> date:
        """The last day on which answers are taken; results are shown from the day after."""
        return self.evaluate_until or self.evaluation_begins_on + EVALUATED_FOR


class ProgrammeItemQuerySet(models.QuerySet["ProgrammeItem"]):
    """The vocabulary of the programme."""

    def in_order(self) -> Self:
        """As it happens."""
        return self.order_by("starts_at", "room", "pk")

    def workshops(self) -> Self:
        """What one signs up for."""
        return self.filter(capacity__isnull=False)


class ProgrammeItem(models.Model):
    """Something on the programme: a talk, a break, a workshop with so many seats.

    With a ``capacity`` one signs up for it. ``speakers`` are lines as they are printed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="programme")
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(5), MaxValueValidator(MOST_DURATION)]
    )
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    about_da = words(_("what it is about, in Danish"))
    about_kl = words(_("what it is about, in Kalaallisut"))
    room = title(_("room"), blank=True)
    theme = title(_("theme"), blank=True)
    speakers = words(_("who speaks"))
    capacity = models.PositiveSmallIntegerField(
        _("seats, if one signs up for it"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
    )

    title = Bilingual()
    about = Bilingual()
    objects = ProgrammeItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a programme")
        verbose_name_plural = _("parts of programmes")
        indexes = [models.Index(fields=["event", "starts_at"], name="cooperation_programme")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5) & Q(minutes__lte=MOST_DURATION),
                name="cooperation_programme_minutes",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1),
                name="cooperation_programme_capacity",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def speaker_lines(self) -> list[str]:
        """Who speaks, one by one."""
        return [line.strip() for line in self.speakers.splitlines() if line.strip()]

    def overlaps(self, other: "ProgrammeItem") -> bool:
        """Whether nobody can be at both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at
