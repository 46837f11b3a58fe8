"""What is written once and shown on many pages: contact cards and checklists.

A page shows what the record says now, not a copy: a new telephone number is right everywhere at
once (:mod:`pages.editing.shared`).
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from core.bilingual import Bilingual, Translated
from core.identity import refuse_cpr_like
from people.contacts import phone_number, refuse_private_mail


class ContactCard(index.Indexed, Translated):
    """How an office of a town is reached. Never a person: a card outlives whoever works there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(
        "people.Place", models.PROTECT, related_name="+", verbose_name=_("town")
    )
    name_da = models.CharField(
        _("office in Danish"),
        max_length=120,
        validators=[refuse_cpr_like],
        help_text=_("What it is called on its door, for example: Familieafdelingen."),
    )
    name_kl = models.CharField(
        _("office in Kalaallisut"), max_length=160, blank=True, validators=[refuse_cpr_like]
    )
    phone = models.CharField(
        _("telephone of the office"), max_length=20, blank=True, validators=[phone_number]
    )
    email = models.EmailField(
        _("e-mail of the office"),
        blank=True,
        validators=[refuse_private_mail],
        help_text=_("The shared mailbox of the office, never the address of a person."),
    )
    hours_da = models.CharField(
        _("when it answers, in Danish"),
        max_length=200,
        blank=True,
        validators=[refuse_cpr_like],
        help_text=_("For example: Hverdage kl. 9–15. Uden for tiden: politiet."),
    )
    hours_kl = models.CharField(
        _("when it answers, in Kalaallisut"),
        max_length=250,
        blank=True,
        validators=[refuse_cpr_like],
    )
    checked_on = models.DateField(_("checked on"), help_text=_("When somebody last tried it."))

    name = Bilingual()
    hours = Bilingual()

    search_fields = [
        index.SearchField("name_da"),
        index.SearchField("name_kl"),
        index.AutocompleteField("name_da"),
    ]

    class Meta:
        verbose_name = _("contact card")
        verbose_name_plural = _("contact cards")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "name_da"],
                name="pages_contact_once",
                violation_error_message=_("This town has a card for that office already."),
            ),
            models.CheckConstraint(
                condition=~Q(phone="", email=""),
                name="pages_contact_can_be_reached",
                violation_error_message=_("Write a telephone number or an e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.name_da}"

    @property
    def dialled(self) -> str:
        """The telephone number as a telephone takes it."""
        return self.phone.replace(" ", "")


class Checklist(index.Indexed, Translated, ClusterableModel):
    """Points to go through that several pages show. Nothing that a reader ticks is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title_da = models.CharField(
        _("heading in Danish"), max_length=120, unique=True, validators=[refuse_cpr_like]
    )
    title_kl = models.CharField(
        _("heading in Kalaallisut"), max_length=160, blank=True, validators=[refuse_cpr_like]
    )

    title = Bilingual()

    search_fields = [
        index.SearchField("title_da"),
        index.SearchField("title_kl"),
        index.AutocompleteField("title_da"),
    ]

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")

    def __str__(self) -> str:
        return self.title_da

    @property
    def is_older_in_part(self) -> bool:
        """Whether the Danish of something that is shown translated has changed since.

        For a template that has asked for the points already; else one query.
        """
        points = self.points_in_order()
        return self.title.is_older or any(point.text.is_older for point in points)

    def points_in_order(self) -> "list[ChecklistPoint]":
        """The points as they are gone through."""
        points: Any = self.points
        return list(points.all())  # an Orderable comes in its order


class ChecklistPoint(Translated, Orderable):
    """One point of a checklist."""

    checklist = ParentalKey(Checklist, on_delete=models.CASCADE, related_name="points")
    text_da = models.CharField(
        _("point in Danish"),
        max_length=300,
        validators=[refuse_cpr_like],
        help_text=_("Begin with a verb: Write down the time."),
    )
    text_kl = models.CharField(
        _("point in Kalaallisut"), max_length=400, blank=True, validators=[refuse_cpr_like]
    )

    text = Bilingual()

    class Meta(Orderable.Meta):
        verbose_name = _("point")
        verbose_name_plural = _("points")

    def __str__(self) -> str:
        return self.text_da
