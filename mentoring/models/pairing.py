"""Who works with whom, where, and from when until when."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.identity import refuse_cpr_like
from core.periods import Period, PeriodQuerySet, valid_on
from core.prepared import Prepared
from people.models import Person, Place, Role

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


def in_reach(place: Any, municipality: Any) -> Q:
    """A filter for the roles that reach a town of a municipality, each an id or an expression."""
    return Q(scope=Role.Scope.COUNTRY) | Q(municipality=municipality) | Q(place=place)


class PairingQuerySet(models.QuerySet["Pairing"]):
    """The vocabulary of pairings."""

    def of(self, person: Person, *, on: date) -> Self:
        """Pairings that ``person`` is a member of on that day."""
        return self.filter(pk__in=PairingMember.objects.of(person, on=on).values("pairing"))


class Pairing(Period):
    """A round of side-by-side training in a town: one or more mentors, one or more caseworkers.

    Not every town has a visiting mentor; ``kind`` holds the other forms.
    """

    class Kind(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        REMOTE = "remote", _("Remote")
        TRAVELLING = "travelling", _("Travelling")
        FREELANCE = "freelance", _("Freelance")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        READY = "ready", _("Ready")
        ACTIVE = "active", pgettext_lazy("of a pairing", "Active")
        HANDOVER = "handover", _("Handover")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="pairings", verbose_name=_("town")
    )
    kind = models.CharField(_("form"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    language_note = models.CharField(
        _("language note"), max_length=200, blank=True, validators=[refuse_cpr_like]
    )
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    members: "RelatedManager[PairingMember]"
    tags: "RelatedManager[PairingTag]"
    objects = PairingQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        indexes = [models.Index(fields=["place", "state"], name="mentoring_pairing_in_town")]

    def __str__(self) -> str:
        return f"{self.place}, {self.get_kind_display().lower()}"

    def get_absolute_url(self) -> str:
        """The coordinator's page of the pairing."""
        return reverse("mentoring:pairing", args=[self.pk])

    @classmethod
    def joined(cls, pk: UUID, person: Person, side: str, *, on: date) -> "Pairing | None":
        """The pairing, if ``person`` stands on that side of it on the day.

        One query, which also answers :meth:`there_on` for that day.
        """
        members = _members(pairing=pk, day=on)
        for member in members:
            if (member.person_id, member.side) == (person.pk, side) and member.is_valid_on(on):
                member.pairing._members_by_day[on] = members
                return member.pairing
        return None

    def there_on(self, day: date) -> "list[PairingMember]":
        """Whom a session of that day may name, with their person; asked once for each object and
        day. Whoever is a member on it comes after whoever left on it.
        """
        if day not in self._members_by_day:
            self._members_by_day[day] = _members(pairing=self.pk, day=day)
        there = [member for member in self._members_by_day[day] if member.was_there_on(day)]
        return sorted(there, key=lambda member: member.is_valid_on(day))

    @cached_property
    def _members_by_day(self) -> "dict[date, list[PairingMember]]":
        return {}


class PairingMemberQuerySet(PeriodQuerySet["PairingMember"]):
    """The vocabulary of memberships."""

    def of(self, person: Person, *, on: date) -> Self:
        """The memberships of ``person`` that hold on that day."""
        return self.filter(valid_on(on), person=person)

    def with_days(self) -> Self:
        """Those that hold on some day; one that was ended before it began holds on none."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")))

    def lasting(self, *, on: date) -> Self:
        """Those that hold on that day or will hold on a later one."""
        return self.with_days().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))


class PairingMember(Period):
    """That a person takes part in a pairing, on one side, for a while.

    The database refuses two memberships of one person that overlap.
    """

    class Side(models.TextChoices):
        MENTOR = "mentor", _("Mentor")
        CASEWORKER = "caseworker", _("Caseworker")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="members", verbose_name=_("pairing")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    side = models.CharField(_("side"), max_length=10, choices=Side)

    objects = PairingMemberQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [
            models.Index(fields=["person", "ends_on"], name="mentoring_member_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_side_display()}"

    def was_there_on(self, day: date) -> bool:
        """Whether a session of that day may name them: as a member, or because they left on it.

        Who hands over at noon, or whose membership is ended then, has worked in the morning. One
        that ends with its pairing was not ended that day: its last day is the one before.
        """
        if self.is_valid_on(day):
            return True
        is_cut_short = self.pairing.ends_on is None or day < self.pairing.ends_on
        return self.ends_on == day and self.starts_on < day and is_cut_short


# Asked by every session that is logged, so the SQL is written once (core.prepared).
@Prepared
def _members(pairing: UUID, day: date) -> models.QuerySet[PairingMember]:
    has_not_left = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    members = PairingMember.objects.filter(has_not_left, pairing=pairing, starts_on__lte=day)
    return members.select_related("person", "pairing__place")


class Recommendation(models.IntegerChoices):
    """The recommendations of the Greenlandic-Danish programme whose titles are public."""

    PARENTING = 1, _("Stronger parenting skills (MANU)")
    EARLY_EFFORT = 2, _("Working across professions in Tidlig Indsats")
    DAY_CARE = 3, _("Training of day care staff")
    BACKLOG = 5, _("Fewer unhandled cases of children and young people")
    CASEWORK = 6, _("Support of the municipalities' casework")
    TRAINING_OFFERS = 7, _("Overview of offers of training")
    DROP_IN_CENTRES = 8, _("Drop-in centres for children")
    FAMILY_CENTRES = 9, _("The work of the family centres")
    ABUSE = 10, _("Treatment of abused children (Børnerejseholdet)")

    @property
    def numbered(self) -> str:
        """Its number and title, as the programme names it."""
        return f"{self.value}. {self.label}"


class PairingTag(models.Model):
    """That a pairing belongs to a recommendation of the programme; it may belong to several."""

    pairing = models.ForeignKey(
        Pairing, models.CASCADE, related_name="tags", verbose_name=_("pairing")
    )
    number = models.PositiveSmallIntegerField(_("recommendation"), choices=Recommendation)

    class Meta:
        verbose_name = _("programme tag")
        verbose_name_plural = _("programme tags")
        constraints = [
            models.UniqueConstraint(fields=["pairing", "number"], name="mentoring_tag_once"),
            models.CheckConstraint(
                condition=Q(number__in=Recommendation.values), name="mentoring_tag_known"
            ),
        ]

    def __str__(self) -> str:
        return Recommendation(self.number).numbered
