"""A round of side-by-side training as it is planned: what places need, what mentors bring."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competences.models import Competence
from core.identity import refuse_cpr_like
from core.periods import Period, PeriodQuerySet
from mentoring.models.pairing import Pairing, Recommendation
from people.models import Affiliation, LanguageSkill, Organisation, Person, Place

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

#: Most mentors that one place asks for in one need, and most colleagues of one mentor.
MOST_SEATS = 20
MOST_COLLEAGUES = 10
#: Most characters of a note or a goal.
MOST_NOTE = 500


def _has_end(name: str) -> models.CheckConstraint:
    """A plan has a last day; an open end could not be weighed against anything."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=False) & Q(ends_on__gt=F("starts_on")),
        name=name,
        violation_error_message=_("The last day lies before the first. Change one of them."),
    )


def _note(label: Any, **options: Any) -> Any:
    return models.CharField(
        label, max_length=MOST_NOTE, blank=True, validators=[refuse_cpr_like], **options
    )


class Round(Period):
    """A round: a period in which mentors come to places of some municipalities."""

    class State(models.TextChoices):
        PLANNED = "planned", _("In planning")
        GOING = "going", _("Goes ahead")
        PUT_OFF = "put_off", _("Put off")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=120, validators=[refuse_cpr_like])
    municipalities = models.ManyToManyField(
        Organisation, related_name="+", verbose_name=_("municipalities")
    )
    profession = models.CharField(
        _("profession"), max_length=20, blank=True, choices=Affiliation.Profession
    )
    goals = _note(_("goals"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    fewest_days = models.PositiveSmallIntegerField(
        _("days together at least"),
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
    )
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    needs: "RelatedManager[Need]"
    stays: "RelatedManager[Stay]"
    tags: "RelatedManager[RoundTag]"
    decisions: "RelatedManager[RoundDecision]"
    fixed: "RelatedManager[FixedPair]"
    objects = PeriodQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [*Period.Meta.constraints, _has_end("mentoring_round_has_an_end")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The coordinator's page of the round."""
        return reverse("mentoring:round", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether needs, stays and proposals may still change."""
        return self.state in {self.State.PLANNED, self.State.GOING}


class RoundTag(models.Model):
    """That a round belongs to a recommendation of the programme; its pairings inherit it."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="tags", verbose_name=_("round"))
    number = models.PositiveSmallIntegerField(_("recommendation"), choices=Recommendation)

    class Meta:
        verbose_name = _("programme tag")
        verbose_name_plural = _("programme tags")
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="mentoring_round_tag_once"),
            models.CheckConstraint(
                condition=Q(number__in=Recommendation.values), name="mentoring_round_tag_known"
            ),
        ]

    def __str__(self) -> str:
        return Recommendation(self.number).numbered


class RoundDecision(models.Model):
    """That a round was put off, goes ahead or was closed: by whom, when and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(
        Round, models.CASCADE, related_name="decisions", verbose_name=_("round")
    )
    state = models.CharField(_("state"), max_length=10, choices=Round.State)
    reason = _note(_("reason"))
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision about a round")
        verbose_name_plural = _("decisions about rounds")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="put_off") | ~Q(reason=""),
                name="mentoring_round_put_off_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.get_state_display()}"


class PlannedQuerySet(PeriodQuerySet[Any]):
    """The vocabulary of needs and stays."""

    def standing(self) -> Self:
        """Those that have not been taken out of their round."""
        return self.filter(withdrawn_at__isnull=True)


class Need(Period):
    """What a place asks for in a round: so many mentors, in one form, for a while.

    A place may ask for two forms or professions: each is a need of its own. Where the language
    calls for it the form is remote, and ``languages`` says which one must be spoken.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="needs", verbose_name=_("round"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="needs", verbose_name=_("town"))
    kind = models.CharField(_("form"), max_length=12, choices=Pairing.Kind)
    seats = models.PositiveSmallIntegerField(
        _("mentors"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
    )
    profession = models.CharField(
        _("profession"), max_length=20, blank=True, choices=Affiliation.Profession
    )
    has_interpreter = models.BooleanField(_("an interpreter can be had"), default=False)
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="+", verbose_name=_("competences asked for")
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_needs",
        verbose_name=_("local owner"),
    )
    note = _note(_("note"))
    pairing = models.OneToOneField(
        Pairing, models.SET_NULL, null=True, editable=False, related_name="need"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    languages: "RelatedManager[NeedLanguage]"
    items: "RelatedManager[Any]"
    objects = PlannedQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            *Period.Meta.constraints,
            _has_end("mentoring_need_has_an_end"),
            models.UniqueConstraint(
                fields=["round", "place", "kind", "profession"],
                name="mentoring_need_once",
                violation_error_message=_(
                    "The town already asks for this form and profession in the round."
                ),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1) & Q(seats__lte=MOST_SEATS),
                name="mentoring_need_some_seats",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.get_kind_display().lower()}"

    def clean(self) -> None:
        """The place lies in the round's municipalities, the period touches that of the round."""
        if self.round_id is None or self.place_id is None:
            return
        inside = self.round.municipalities.filter(pk=self.place.municipality_id)
        if not inside.exists():
            raise ValidationError(
                {"place": _("The town lies outside the municipalities of the round.")}
            )
        _must_touch(self, self.round)


class NeedLanguage(models.Model):
    """A language of the work in a place, and how well a mentor must speak it at least.

    One of them is enough; where an interpreter can be had, none is demanded.
    """

    need = models.ForeignKey(Need, models.CASCADE, related_name="languages", verbose_name=_("need"))
    language = models.CharField(_("language"), max_length=10, choices=LanguageSkill.Language)
    level = models.PositiveSmallIntegerField(
        _("spoken at least"), choices=LanguageSkill.Level, default=LanguageSkill.Level.WORKING
    )

    class Meta:
        verbose_name = _("language of a need")
        verbose_name_plural = _("languages of needs")
        constraints = [
            models.UniqueConstraint(
                fields=["need", "language"], name="mentoring_need_language_once"
            ),
            models.CheckConstraint(
                condition=Q(level__gte=1) & Q(level__lte=3), name="mentoring_need_language_level"
            ),
        ]

    def __str__(self) -> str:
        return self.get_language_display()


class StayQuerySet(PlannedQuerySet):
    """The vocabulary of stays."""

    def over(self, *, on: date) -> Self:
        """Those of whoever said when they can come, and has no such day from ``on``."""
        windows = StayWindow.objects.filter(stay=OuterRef("pk"))
        return self.filter(Exists(windows), ~Exists(windows.filter(ends_on__gt=on)))


class Stay(models.Model):
    """What a mentor brings to a round: when and in which form, what they can and wish.

    Languages stand at the person; where the mentor has been before is read from the pairings.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="stays", verbose_name=_("round"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="stays", verbose_name=_("mentor")
    )
    profession = models.CharField(_("profession"), max_length=20, choices=Affiliation.Profession)
    most_colleagues = models.PositiveSmallIntegerField(
        _("colleagues at most"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_COLLEAGUES)],
    )
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="+", verbose_name=_("competences")
    )
    travels_with = models.ManyToManyField(
        "self", blank=True, symmetrical=True, verbose_name=_("travels with")
    )
    note = _note(_("note"))
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    windows: "RelatedManager[StayWindow]"
    wishes: "RelatedManager[StayWish]"
    objects = models.Manager.from_queryset(StayQuerySet)()

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"],
                name="mentoring_stay_once",
                violation_error_message=_("This mentor already has a stay in the round."),
            ),
            models.CheckConstraint(
                condition=Q(most_colleagues__gte=1) & Q(most_colleagues__lte=MOST_COLLEAGUES),
                name="mentoring_stay_some_colleagues",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class StayWindow(Period):
    """Days on which a mentor can come, in one form; a mentor may have several."""

    stay = models.ForeignKey(Stay, models.CASCADE, related_name="windows", verbose_name=_("stay"))
    kind = models.CharField(_("form"), max_length=12, choices=Pairing.Kind)

    objects = PeriodQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("window of a stay")
        verbose_name_plural = _("windows of stays")
        constraints = [
            *Period.Meta.constraints,
            _has_end("mentoring_window_has_an_end"),
            models.UniqueConstraint(
                fields=["stay", "kind", "starts_on"], name="mentoring_window_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.starts_on}"


class StayWish(models.Model):
    """A place a mentor would like to go to; 1 is the first wish."""

    stay = models.ForeignKey(Stay, models.CASCADE, related_name="wishes", verbose_name=_("stay"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("town"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.UniqueConstraint(fields=["stay", "place"], name="mentoring_wish_place_once"),
            models.UniqueConstraint(
                fields=["stay", "position"], name="mentoring_wish_position_once"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="mentoring_wish_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.place}"


class FixedPair(models.Model):
    """That a mentor must go to a need, or must not, in every proposal of the round."""

    class Kind(models.TextChoices):
        LOCKED = "locked", _("Locked")
        FORBIDDEN = "forbidden", _("Forbidden")

    round = models.ForeignKey(Round, models.CASCADE, related_name="fixed")
    stay = models.ForeignKey(Stay, models.CASCADE, related_name="fixed")
    need = models.ForeignKey(Need, models.CASCADE, related_name="fixed")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("fixed pair")
        verbose_name_plural = _("fixed pairs")
        constraints = [
            models.UniqueConstraint(fields=["stay", "need"], name="mentoring_fixed_pair_once"),
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(kind="locked"),
                name="mentoring_locked_to_one_need",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay}, {self.need}: {self.get_kind_display()}"


def _must_touch(period: Period, around: Period) -> None:
    """Refuse a period that shares no day with the one it belongs to."""
    starts, ends = period.starts_on, period.ends_on
    if not (isinstance(starts, date) and isinstance(ends, date) and around.ends_on):
        return  # an empty field says so itself
    if starts >= around.ends_on or ends <= around.starts_on:
        raise ValidationError({"starts_on": _("These days lie outside the period of the round.")})
