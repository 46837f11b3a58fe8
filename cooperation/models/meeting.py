"""Meetings of a body: when and where, the agenda, who was there, and the minutes.

What a body has open stands on the agenda of its next meeting without anybody putting it there
(:mod:`cooperation.meetings.agenda`); when the meeting begins, that agenda is written down as it
stands, so that the minutes can say something to each item.
"""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cooperation.models.body import Body, BodyMember
from cooperation.models.fields import MOST_MINUTES, title, words
from people.models import Person, Place

#: A meeting of two days at most.
MOST_DURATION = 2 * 24 * 60


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """The vocabulary of meetings."""

    def to_come(self) -> Self:
        """Those that nobody has held or cancelled, whatever the clock says."""
        return self.filter(state__in=[Meeting.State.PLANNED, Meeting.State.CALLED])

    def with_minutes(self) -> Self:
        """Those whose minutes the members read: sent round, or approved."""
        return self.filter(state__in=[Meeting.State.SENT, Meeting.State.APPROVED])


class Meeting(models.Model):
    """One meeting of a body.

    ``content`` and ``sha256`` are the minutes as they were approved; empty until then.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CALLED = "called", _("Agenda sent")
        CANCELLED = "cancelled", pgettext_lazy("of something planned", "Cancelled")
        HELD = "held", _("Minutes being written")
        SENT = "sent", _("Minutes sent")
        APPROVED = "approved", _("Minutes approved")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    starts_at = models.DateTimeField(_("begins"))
    duration_minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=120,
        validators=[MinValueValidator(15), MaxValueValidator(MOST_DURATION)],
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("town")
    )
    room = title(_("room, or how to join"), blank=True)
    note = words(_("practical information"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    called_at = models.DateTimeField(_("agenda sent"), null=True, blank=True)
    begun_at = models.DateTimeField(_("minutes begun"), null=True, blank=True)
    sent_at = models.DateTimeField(_("minutes sent"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_reason = words(_("why it is cancelled"))
    content = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            models.Index(fields=["body", "starts_at"], name="cooperation_meeting_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "starts_at"],
                condition=~Q(state="cancelled"),
                name="cooperation_meeting_once",
                violation_error_message=_("The body already meets then."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "called", "cancelled"], begun_at__isnull=True)
                | Q(state="held", begun_at__isnull=False, sent_at__isnull=True)
                | Q(state__in=["sent", "approved"], begun_at__isnull=False, sent_at__isnull=False),
                name="cooperation_meeting_minutes_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="approved",
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    content__isnull=False,
                )
                & ~Q(sha256="")
                | ~Q(state="approved")
                & Q(
                    approved_at__isnull=True,
                    approved_by__isnull=True,
                    content__isnull=True,
                    sha256="",
                ),
                name="cooperation_meeting_approved_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_reason=""),
                name="cooperation_meeting_cancelled_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.starts_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("cooperation:meeting", args=[self.pk])

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.duration_minutes)

    @property
    def is_to_come(self) -> bool:
        """Whether it has been neither held nor cancelled."""
        return self.state in {self.State.PLANNED, self.State.CALLED}

    @property
    def is_being_written(self) -> bool:
        """Whether its minutes can still change."""
        return self.state in {self.State.HELD, self.State.SENT}


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """The vocabulary of items."""

    def unsettled(self, *, at: datetime) -> Self:
        """Items whose meeting is over and which nobody dealt with or took up again.

        A meeting is over once it is held, cancelled, or simply gone by.
        """
        later = AgendaItem.objects.filter(earlier=OuterRef("pk"))
        over = ~Q(meeting__state__in=[Meeting.State.PLANNED, Meeting.State.CALLED]) | Q(
            meeting__starts_at__lt=at
        )
        return self.filter(
            over, ~Exists(later), kind=AgendaItem.Kind.OWN, outcome__in=["", "postponed"]
        )

    def in_order(self) -> Self:
        """As they are talked about."""
        return self.order_by("position", "written_at", "pk")


class AgendaItem(models.Model):
    """One item of an agenda, and what the minutes say of it.

    ``earlier`` is the item of a former meeting that is taken up again. An open decision or action
    becomes an item when the meeting begins: until then the agenda is asked for.
    """

    class Kind(models.TextChoices):
        OWN = "own", _("Item")
        DECISION = "decision", _("Decision that is open")
        ACTION = "action", _("Action that is open")

    class Outcome(models.TextChoices):
        DEALT = "dealt", _("Dealt with")
        POSTPONED = "postponed", _("Put off to the next meeting")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="items", verbose_name=_("meeting")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OWN)
    position = models.PositiveSmallIntegerField(_("position"))
    title = title(_("title"))
    text = words(_("what it is about"))
    earlier = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="later"
    )
    decision = models.ForeignKey(
        "cooperation.Decision", models.PROTECT, null=True, blank=True, related_name="taken_up"
    )
    action = models.ForeignKey(
        "cooperation.Action", models.PROTECT, null=True, blank=True, related_name="taken_up"
    )
    minutes = words(_("what was said"), most=MOST_MINUTES)
    outcome = models.CharField(_("outcome"), max_length=10, blank=True, choices=Outcome)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="own", decision__isnull=True, action__isnull=True)
                | Q(
                    kind="decision",
                    decision__isnull=False,
                    action__isnull=True,
                    earlier__isnull=True,
                )
                | Q(
                    kind="action",
                    decision__isnull=True,
                    action__isnull=False,
                    earlier__isnull=True,
                ),
                name="cooperation_item_of_one_kind",
            ),
            models.UniqueConstraint(
                fields=["meeting", "action"],
                condition=Q(action__isnull=False),
                name="cooperation_item_action_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "decision"],
                condition=Q(decision__isnull=False),
                name="cooperation_item_decision_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Whether somebody who had a seat was at a meeting."""

    class Presence(models.TextChoices):
        PRESENT = "present", _("There")
        EXCUSED = "excused", _("Sent apologies")
        ABSENT = "absent", _("Not there")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="attendances")
    presence = models.CharField(_("was there"), max_length=10, choices=Presence)

    class Meta:
        verbose_name = _("attendance at a meeting")
        verbose_name_plural = _("attendances at meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="cooperation_attendance_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.member_id}"
