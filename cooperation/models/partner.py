"""Who works with whom in a town, and what was agreed about it."""

import uuid
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models.body import Body
from cooperation.models.fields import Sector, title, words
from core.bilingual import Bilingual
from core.identity import refuse_cpr_like
from core.periods import Period, PeriodQuerySet
from people.contacts import phone_number, refuse_private_mail
from people.models import Organisation, Place

#: So long before an agreement ends those who keep it are told, the first time and the second.
FIRST_WARNING = timedelta(days=90)
LAST_WARNING = timedelta(days=30)


class PartnerQuerySet(models.QuerySet["Partner"]):
    """The vocabulary of partners."""

    def standing(self) -> Self:
        """Those that nobody has taken off the list."""
        return self.filter(removed_at__isnull=True)


class Partner(models.Model):
    """An office that others in the town work with, and how it is reached. Never a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keeper = models.ForeignKey(
        Organisation, models.PROTECT, related_name="kept_partners", verbose_name=_("kept by")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="partners", verbose_name=_("town")
    )
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)
    name_da = title(_("office in Danish"))
    name_kl = title(_("office in Kalaallisut"), blank=True)
    works_on_da = words(_("what you do together, in Danish"), most=300)
    works_on_kl = words(_("what you do together, in Kalaallisut"), most=400)
    phone = models.CharField(
        _("telephone of the office"), max_length=20, blank=True, validators=[phone_number]
    )
    email = models.EmailField(
        _("e-mail of the office"), blank=True, validators=[refuse_private_mail]
    )
    hours_da = title(_("when it answers, in Danish"), blank=True)
    hours_kl = title(_("when it answers, in Kalaallisut"), blank=True)
    checked_on = models.DateField(_("checked on"))
    groups = models.ManyToManyField(
        Body, blank=True, related_name="partners", verbose_name=_("working groups")
    )
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    name = Bilingual()
    works_on = Bilingual()
    hours = Bilingual()
    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name_da"],
                name="cooperation_partner_once",
                violation_error_message=_("This town has that office already."),
            ),
            models.CheckConstraint(
                condition=~Q(phone="", email=""),
                name="cooperation_partner_can_be_reached",
                violation_error_message=_("Write a telephone number or an e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.place}"

    @property
    def dialled(self) -> str:
        """The telephone number as a telephone takes it."""
        return self.phone.replace(" ", "")


class PactQuerySet(PeriodQuerySet["Pact"]):
    """The vocabulary of co-operation agreements."""

    def ending(self, *, on: date) -> Self:
        """Those that end within the first warning, and that nothing follows."""
        return self.valid_on(on).filter(ends_on__lte=on + FIRST_WARNING, followed_by__isnull=True)


class Pact(Period):
    """A co-operation agreement: between whom, about what, from when until when.

    Its own word, as an agreement between mentor and caseworker is something else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keeper = models.ForeignKey(
        Organisation, models.PROTECT, related_name="kept_pacts", verbose_name=_("looked after by")
    )
    title_da = title(_("title in Danish"))
    title_kl = title(_("title in Kalaallisut"), blank=True)
    scope_da = words(_("what is agreed, in Danish"), most=2000)
    scope_kl = words(_("what is agreed, in Kalaallisut"), most=2500)
    parties = models.ManyToManyField(
        Organisation, related_name="pacts", verbose_name=_("between whom")
    )
    other_parties = models.CharField(
        _("other parties"), max_length=300, blank=True, validators=[refuse_cpr_like]
    )
    places = models.ManyToManyField(
        Place, blank=True, related_name="pacts", verbose_name=_("towns")
    )
    followed_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="follows"
    )
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    #: The last day that somebody was told of, 90 and 30 days before; another end is told anew.
    told_first = models.DateField(null=True, blank=True, editable=False)
    told_last = models.DateField(null=True, blank=True, editable=False)

    title = Bilingual()
    scope = Bilingual()
    objects = PactQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("co-operation agreement")
        verbose_name_plural = _("co-operation agreements")
        indexes = [models.Index(fields=["ends_on"], name="cooperation_pact_ends")]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(followed_by__isnull=True) | ~Q(followed_by=F("id")),
                name="cooperation_pact_not_after_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:pact", args=[self.pk])

    def is_ending(self, *, on: date) -> bool:
        """Whether it ends soon and nothing follows."""
        return (
            self.is_valid_on(on)
            and self.ends_on is not None
            and self.ends_on <= on + FIRST_WARNING
            and self.followed_by_id is None
        )
