"""Organisations and towns, and who belongs where; all of them change over the years."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.periods import Period, PeriodQuerySet


class Organisation(Period):
    """A municipality, agency, school, … under the name it bore in its period.

    A renaming, merger or division ends the old record and names its ``successors``, so that
    what was written then still says the name of then.
    """

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality")
        AGENCY = "agency", _("Agency")
        LENDER = "lender", _("Lending municipality")
        SCHOOL = "school", _("School")
        DAY_CARE = "day_care", _("Day care")
        POLICE = "police", _("Police")
        HEALTH = "health", _("Health service")
        FAMILY_CENTRE = "family_centre", _("Family centre")
        ASSOCIATION = "association", _("Association")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="predecessors",
        verbose_name=_("succeeded by"),
    )

    objects = PeriodQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    def lineage(self) -> set[UUID]:
        """Its own key and those of all it came from: a series over years counts them together."""
        return _followed({self.pk}, "predecessors")

    def heirs(self) -> set[UUID]:
        """Its own key and those of all that came of it."""
        return _followed({self.pk}, "successors")


def _followed(found: set[UUID], way: str) -> set[UUID]:
    """Those of ``found`` and all that lie behind them on the way; one query for each step."""
    ahead = set(found)
    while ahead:
        step = Organisation.objects.filter(pk__in=ahead).values_list(way, flat=True)
        ahead = {pk for pk in step if pk is not None} - found
        found = found | ahead
    return found


class PlaceQuerySet(models.QuerySet["Place"]):
    """The vocabulary of towns."""

    def of(self, municipalities: Iterable[UUID], *, on: date) -> Self:
        """The towns that belonged to one of these municipalities on that day.

        A town of which nobody has kept where it belonged then has always been where it is.
        """
        kept = Belonging.objects.filter(place=OuterRef("pk"))
        then = Belonging.objects.valid_on(on).filter(
            place=OuterRef("pk"), municipality__in=municipalities
        )
        return self.filter(Q(Exists(then)) | Q(~Exists(kept), municipality__in=municipalities))


class Place(models.Model):
    """A town. Settlements are never stored: a place plus one detail identifies a child."""

    class Dialect(models.TextChoices):
        WEST = "west", _("West Greenlandic")
        NORTH = "north", _("North Greenlandic")
        EAST = "east", _("East Greenlandic")

    class Link(models.TextChoices):
        GOOD = "good", pgettext_lazy("of a link", "Good")
        MEDIUM = "medium", _("Medium")
        RADIO = "radio", _("Radio chain")
        SATELLITE = "satellite", _("Satellite")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    district = models.CharField(_("district"), max_length=60)
    municipality = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="towns",
        limit_choices_to={"kind": Organisation.Kind.MUNICIPALITY},
        verbose_name=_("municipality"),
    )
    dialect = models.CharField(_("dialect"), max_length=10, choices=Dialect)
    dialect_note = models.CharField(_("dialect note"), max_length=300, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="America/Nuuk")
    link = models.CharField(_("link"), max_length=10, choices=Link)
    link_note = models.CharField(_("link note"), max_length=300, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "district", "name"], name="people_place_natural_key"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Belonging(Period):
    """To which municipality a town belongs, from when until when.

    ``Place.municipality`` says where it belongs today; what is counted for a day long gone asks
    here (:meth:`PlaceQuerySet.of`), so that a division never moves old figures.
    """

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="belongings", verbose_name=_("town")
    )
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("municipality")
    )

    objects = PeriodQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("municipality of a town")
        verbose_name_plural = _("municipalities of towns")
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(ends_on__isnull=True),
                name="people_belonging_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.municipality}"


class Affiliation(Period):
    """That a person works for an organisation, in a town, in a profession, for a while."""

    class Profession(models.TextChoices):
        SOCIAL_WORKER = "social_worker", _("Social worker")
        CASEWORKER = "caseworker", _("Caseworker")
        FAMILY_THERAPIST = "family_therapist", _("Family therapist")
        LEADER = "leader", _("Leader")
        INTERPRETER = "interpreter", _("Interpreter or translator")
        OTHER = "other", _("Other")

    person = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="affiliations", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="affiliations",
        verbose_name=_("organisation"),
    )
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="affiliations",
        verbose_name=_("town"),
    )
    profession = models.CharField(_("profession"), max_length=20, choices=Profession)

    objects = PeriodQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "organisation", "profession"],
                condition=Q(ends_on__isnull=True),
                name="people_affiliation_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_profession_display()}, {self.organisation}"
