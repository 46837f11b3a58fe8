"""Who decides and works together: bodies, and who sits in them."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models.fields import Sector, title, words
from cooperation.models.initiative import Initiative
from core.bilingual import Bilingual
from core.periods import Period, PeriodQuerySet
from people.models import Organisation, Person, Place


class Body(Period):
    """A group that meets: the steering group, the chiefs, the municipalities, a working group.

    ``keeper`` is the organisation that looks after it: its coordinators write the members, and,
    with chair and secretary, agendas and minutes.
    """

    class Kind(models.TextChoices):
        STEERING = "steering", _("Steering group")
        CHIEFS = "chiefs", _("Chief group")
        MUNICIPALITIES = "municipalities", _("Municipality meeting")
        PRE_MEETING = "pre_meeting", _("Pre-meeting")
        WORKING_GROUP = "working_group", _("Working group")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    name_da = title(_("name in Danish"))
    name_kl = title(_("name in Kalaallisut"), blank=True)
    purpose_da = words(_("what it is for, in Danish"))
    purpose_kl = words(_("what it is for, in Kalaallisut"))
    keeper = models.ForeignKey(
        Organisation, models.PROTECT, related_name="kept_bodies", verbose_name=_("looked after by")
    )
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    places = models.ManyToManyField(
        Place, blank=True, related_name="bodies", verbose_name=_("towns")
    )
    initiatives = models.ManyToManyField(
        Initiative, blank=True, related_name="bodies", verbose_name=_("initiatives")
    )
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)

    name = Bilingual()
    purpose = Bilingual()
    objects = PeriodQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:body", args=[self.pk])

    @property
    def sector_names(self) -> list[str]:
        """The sectors that meet in it, in words."""
        return [str(Sector(one).label) for one in self.sectors if one in Sector.values]


class BodyMemberQuerySet(PeriodQuerySet["BodyMember"]):
    """The vocabulary of seats."""

    def of(self, person: Person, *, on: date) -> Self:
        """The seats that ``person`` has on that day."""
        return self.valid_on(on).filter(person=person)

    def running(self) -> Self:
        """The seats of those who write agenda and minutes."""
        return self.filter(role__in=[BodyMember.Role.CHAIR, BodyMember.Role.SECRETARY])


class BodyMember(Period):
    """That somebody sits in a body for an organisation, for a while.

    Whoever moves to another organisation has a new seat: old minutes say whom one spoke for then.
    """

    class Role(models.TextChoices):
        CHAIR = "chair", _("Chair")
        SECRETARY = "secretary", _("Secretary")
        MEMBER = "member", _("Member")
        OBSERVER = "observer", _("Observer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(Body, models.CASCADE, related_name="members", verbose_name=_("body"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="seats", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="seats", verbose_name=_("for which organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    title = title(_("as what"), blank=True)

    objects = BodyMemberQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("member of a body")
        verbose_name_plural = _("members of bodies")
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["body", "person"],
                condition=Q(ends_on__isnull=True),
                name="cooperation_seat_once_at_a_time",
                violation_error_message=_("This person already has a seat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"
