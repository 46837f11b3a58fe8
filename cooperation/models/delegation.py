"""Who is invited to an event, who comes, who waits, and how seats were dealt."""

import uuid
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.models.event import Event, ProgrammeItem
from cooperation.models.fields import Sector, title
from core.identity import refuse_cpr_like
from people.models import Organisation, Person

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

#: Most seats of one delegation, and most names in it.
MOST_OF_A_DELEGATION = 40
MOST_NEED = 200


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """The vocabulary of invitations."""

    def standing(self) -> Self:
        """Those that nobody has taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def sent(self) -> Self:
        """Those that the invited have seen."""
        return self.standing().filter(sent_at__isnull=False)

    def unanswered(self) -> Self:
        """Those to which nobody has said yes or no."""
        return self.sent().filter(answered_at__isnull=True)


class Invitation(models.Model):
    """That an organisation may send so many people in one role: its delegation.

    ``contact`` registers them; where there is none, the municipality's coordinators do.
    ``all_or_none`` speaks of those for whom no seat is kept. ``version`` names what somebody saw.
    """

    class Role(models.TextChoices):
        COMMITTEE_CHAIR = "committee_chair", _("Chairs of committees")
        HEAD = "head", _("Heads of administration")
        LEADER = "leader", _("Leaders of the field")
        CASEWORKER = "caseworker", _("Caseworkers")
        TRAVELLING = "travelling", _("Travelling caseworkers")
        PARTNER = "partner", _("Partners in town")
        SPEAKER = "speaker", _("Speakers")
        GUEST = "guest", _("Guests")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    role = models.CharField(_("who is invited"), max_length=16, choices=Role)
    seats = models.PositiveSmallIntegerField(
        _("seats"), validators=[MaxValueValidator(MOST_OF_A_DELEGATION)]
    )
    contact = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who answers"),
    )
    all_or_none = models.BooleanField(_("all or none"), default=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    participants: "RelatedManager[Participant]"
    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to an event")
        verbose_name_plural = _("invitations to events")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organisation", "role"],
                condition=Q(withdrawn_at__isnull=True),
                name="cooperation_invited_once",
                violation_error_message=_("They are invited already. Change that invitation."),
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True) | Q(answered_at__isnull=False),
                name="cooperation_declined_is_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(seats__lte=MOST_OF_A_DELEGATION), name="cooperation_invited_seats"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"

    def get_absolute_url(self) -> str:
        """Where the delegation is registered."""
        return reverse("cooperation:delegation", args=[self.event_id, self.pk])

    def signed_up(self) -> "ParticipantQuerySet":
        """Those who are signed up, in the delegation's own order."""
        return Participant.objects.signed_up().filter(invitation=self).in_order()

    @property
    def in_the_draw(self) -> str:
        """What the draw is made with: the same for a delegation that signs off and on again."""
        return f"{self.organisation_id}:{self.role}"


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """The vocabulary of participants."""

    def signed_up(self) -> Self:
        """Those who have not been signed off."""
        return self.filter(cancelled_at__isnull=True, invitation__withdrawn_at__isnull=True)

    def seated(self) -> Self:
        """Those who have a seat."""
        return self.signed_up().filter(seated_at__isnull=False)

    def waiting(self) -> Self:
        """Those who wait for one."""
        return self.signed_up().filter(seated_at__isnull=True)

    def in_order(self) -> Self:
        """In the order their delegation gave them."""
        return self.order_by("position", "pk")


class Participant(models.Model):
    """Somebody in a delegation, with an account or not.

    ``seated_at`` is empty for whoever waits; ``asked_on`` is the day that the rule counts with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="participants")
    position = models.PositiveSmallIntegerField(_("position"))
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_seats",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=120, validators=[refuse_cpr_like])
    email = models.EmailField(_("e-mail"), blank=True)
    title = title(_("as what"), blank=True)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)
    asked_on = models.DateField()
    seated_at = models.DateTimeField(_("got a seat"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("signed off"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_how_at = models.DateTimeField(null=True, blank=True, editable=False)
    evaluated_on = models.DateField(null=True, blank=True, editable=False)

    wishes: "RelatedManager[WorkshopWish]"
    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant of an event")
        verbose_name_plural = _("participants of events")
        indexes = [models.Index(fields=["person"], name="cooperation_seat_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "person"],
                condition=Q(cancelled_at__isnull=True, person__isnull=False),
                name="cooperation_in_a_delegation_once",
                violation_error_message=_("The same person stands here twice."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParticipantNeeds(models.Model):
    """What somebody needs to take part; said freely, and deleted soon after the event."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="needs")
    lodging = models.BooleanField(_("needs lodging"), default=False)
    travel = models.CharField(
        _("travel"), max_length=MOST_NEED, blank=True, validators=[refuse_cpr_like]
    )
    diet = models.CharField(
        _("diet"), max_length=MOST_NEED, blank=True, validators=[refuse_cpr_like]
    )
    access = models.CharField(
        _("access needs"), max_length=MOST_NEED, blank=True, validators=[refuse_cpr_like]
    )
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("needs of a participant")
        verbose_name_plural = _("needs of participants")

    def __str__(self) -> str:
        return str(self.participant_id)


class WorkshopWishQuerySet(models.QuerySet["WorkshopWish"]):
    """The vocabulary of wishes for a workshop."""

    def standing(self) -> Self:
        """Those that hold: of somebody who is signed up, and not taken back."""
        return self.filter(
            cancelled_at__isnull=True,
            participant__cancelled_at__isnull=True,
            participant__invitation__withdrawn_at__isnull=True,
        )


class WorkshopWish(models.Model):
    """That a participant wants to be in a workshop, and since when there is a seat in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="wishes")
    workshop = models.ForeignKey(ProgrammeItem, models.CASCADE, related_name="wishes")
    all_or_none = models.BooleanField(_("all or none"), default=False)
    asked_on = models.DateField()
    seated_at = models.DateTimeField(_("got a seat"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = WorkshopWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for a workshop")
        verbose_name_plural = _("wishes for workshops")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "workshop"],
                condition=Q(cancelled_at__isnull=True),
                name="cooperation_wish_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.workshop_id}"


class Dealing(models.Model):
    """That seats were dealt: of the event, or of one workshop; never changed afterwards.

    ``shares`` says for each wish what it got and why, so that everybody can read it later. It
    names delegations, nobody's name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="dealings")
    workshop = models.ForeignKey(
        ProgrammeItem, models.CASCADE, null=True, blank=True, related_name="dealings"
    )
    dealt_at = models.DateTimeField()
    free = models.PositiveSmallIntegerField()
    shares = models.JSONField(default=list)

    class Meta:
        verbose_name = _("dealing of seats")
        verbose_name_plural = _("dealings of seats")
        indexes = [
            models.Index(fields=["event", "-dealt_at"], name="cooperation_dealings_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.dealt_at:%Y-%m-%d}"


class EventAttendance(models.Model):
    """That a participant was there on a day."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attended")
    held_on = models.DateField(_("day"))
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attendance at an event")
        verbose_name_plural = _("attendances at events")
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "held_on"], name="cooperation_event_attended_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.held_on:%Y-%m-%d}"
