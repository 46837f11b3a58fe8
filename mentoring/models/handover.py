"""What a mentor hands over, who takes it, and what is followed up once the mentor has left.

A handover belongs to one membership: each mentor who leaves hands over their own. While it is
prepared and read, its dossier is built anew from the log; once it is settled, what it showed is
kept as it was (:mod:`mentoring.handover.keeping`), and the database refuses every change but that
a text becomes nothing. docs/handover.md tells the whole.
"""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.identity import refuse_cpr_like
from core.periods import midnight
from mentoring.models.pairing import Pairing, PairingMember, in_reach
from mentoring.models.session import MOST_CHARACTERS, Session
from people.models import Person, Role

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

#: The roles that let somebody take over what a mentor leaves: the next one, or who travels.
RECEIVERS = (Role.Key.MENTOR, Role.Key.TRAVELLING)
#: So long a handover waits before its receiver is reminded and the coordinator sees it.
CONFIRM_WITHIN = timedelta(days=7)


class HandoverQuerySet(models.QuerySet["Handover"]):
    """The vocabulary of handovers."""

    def settled(self) -> Self:
        """Those that somebody has confirmed, or that were closed from the log."""
        return self.filter(settled_at__isnull=False)

    def sent(self) -> Self:
        """Those that a receiver can read: sent, or settled."""
        return self.exclude(state=Handover.State.PREPARING)

    def waiting(self) -> Self:
        """Those that wait for their receiver."""
        return self.filter(state=Handover.State.SENT)

    def with_receiver_there(self, *, on: date) -> Self:
        """Annotate ``is_read``: the receiver has a role to take over in the town on that day; and
        ``is_awaited``: they will have one.
        """
        place = "member__pairing__place"
        roles = Role.objects.filter(
            in_reach(OuterRef(place), OuterRef(f"{place}__municipality")),
            person=OuterRef("receiver"),
            key__in=RECEIVERS,
        )
        return self.annotate(
            is_read=Exists(roles.valid_on(on)), is_awaited=Exists(roles.filter(starts_on__gt=on))
        )

    def stuck(self, *, on: date) -> Self:
        """Sent and not confirmed: a week after, or at once where nobody can confirm it any more.

        One whose receiver's role is still to begin waits for that.
        """
        long_sent = Q(sent_at__lt=midnight(on - CONFIRM_WITHIN + timedelta(days=1)))
        return (
            self.waiting()
            .with_receiver_there(on=on)
            .filter(Q(long_sent, is_read=True) | Q(is_read=False, is_awaited=False))
        )

    def in_pairing(self, pairing: Pairing) -> Self:
        """Those of one pairing."""
        return self.filter(member__pairing=pairing)


class Handover(models.Model):
    """That one mentor leaves a pairing, and what the next one takes over.

    ``content`` and ``sha256`` are empty until it is settled.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("Being prepared")
        SENT = "sent", _("Waits for the receiver")
        CONFIRMED = "confirmed", _("Confirmed")
        FROM_LOG = "from_log", _("Closed from the log")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.OneToOneField(
        PairingMember, models.PROTECT, related_name="handover", verbose_name=_("mentor")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARING)
    receiver = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="received_handovers",
        verbose_name=_("receiver"),
    )
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("sent"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    content = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    parts: "RelatedManager[HandoverPart]"
    texts: "RelatedManager[HandoverText]"
    follow_ups: "RelatedManager[FollowUp]"
    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        indexes = [
            models.Index(fields=["receiver", "state"], name="mentoring_handover_received"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["preparing", "sent"],
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                    content__isnull=True,
                    sha256="",
                )
                | Q(
                    state__in=["confirmed", "from_log"],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                    content__isnull=False,
                )
                & ~Q(sha256=""),
                name="mentoring_handover_settled_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="preparing", sent_at__isnull=True)
                | Q(state="sent", sent_at__isnull=False, receiver__isnull=False)
                | Q(state="confirmed", sent_at__isnull=False, receiver__isnull=False)
                | Q(state="from_log"),
                name="mentoring_handover_sent_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.get_state_display()}"

    @property
    def is_settled(self) -> bool:
        """Whether what it showed is kept."""
        return self.settled_at is not None


class HandoverPart(models.Model):
    """What a settled handover says of one caseworker; nothing once that person is erased."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="parts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    content = models.JSONField(null=True)

    class Meta:
        verbose_name = _("part of a handover")
        verbose_name_plural = _("parts of handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "person"], name="mentoring_handover_part_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}: {self.person_id}"


class HandoverText(models.Model):
    """A text of a handover: what somebody wrote for it, or what it took from a session.

    A note may be rewritten until it is sent; everything else stays as it was written, and may
    only become nothing. Texts of sessions are copied when the handover is settled.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("Words of the mentor")
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        REASON = "reason", _("Reason")
        SESSION = "session", _("Text of a session")
        AGREEMENT = "agreement", _("Agreement")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    #: The caseworker a note is about; nobody for one about the team.
    about = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="+")
    #: Which of a session's texts it is.
    part = models.CharField(max_length=10, blank=True)
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    text = models.CharField(max_length=MOST_CHARACTERS, null=True, validators=[refuse_cpr_like])
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("text of a handover")
        verbose_name_plural = _("texts of handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "about"],
                condition=Q(kind="note"),
                name="mentoring_handover_note_once",
            ),
            models.UniqueConstraint(
                fields=["handover"],
                condition=Q(kind="note", about__isnull=True),
                name="mentoring_handover_team_note_once",
            ),
            models.UniqueConstraint(
                fields=["reply_to"],
                condition=Q(kind="answer"),
                name="mentoring_handover_answer_once",
            ),
            models.UniqueConstraint(
                fields=["handover", "kind", "session", "part"],
                condition=Q(session__isnull=False),
                name="mentoring_handover_taken_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="answer", reply_to__isnull=False)
                | ~Q(kind="answer") & Q(reply_to__isnull=True),
                name="mentoring_handover_answer_answers",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["session", "agreement"], session__isnull=False)
                | ~Q(kind__in=["session", "agreement"]) & Q(session__isnull=True),
                name="mentoring_handover_taken_from_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}: {self.get_kind_display()}"


#: The roles that let somebody own a follow-up.
OWNERS = (
    Role.Key.CASEWORKER,
    Role.Key.TRAVELLING,
    Role.Key.MENTOR,
    Role.Key.LEADER,
    Role.Key.COORDINATOR,
)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """The vocabulary of follow-ups."""

    def open(self) -> Self:
        """Those that nobody has done."""
        return self.filter(done_on__isnull=True)

    def late(self, *, on: date) -> Self:
        """Open ones whose day has gone by on that day."""
        return self.open().filter(due_on__lt=on)

    def with_owner_there(self, *, on: date) -> Self:
        """Annotate ``is_owned``: whether its owner holds a role in its town on that day."""
        place = "handover__member__pairing__place"
        reaching = in_reach(OuterRef(place), OuterRef(f"{place}__municipality"))
        roles = Role.objects.valid_on(on).filter(reaching, key__in=OWNERS)
        return self.annotate(is_owned=Exists(roles.filter(person=OuterRef("owner"))))

    def need_somebody(self, *, on: date) -> Self:
        """Open ones that are late on that day, or that nobody owns who still works in the town."""
        found = self.open().with_owner_there(on=on)
        return found.filter(Q(due_on__lt=on) | Q(is_owned=False))

    def of(self, person: Person) -> Self:
        """Those that ``person`` owns."""
        return self.filter(owner=person)

    def soonest_first(self) -> Self:
        """By the day they are due; the same on every page."""
        return self.order_by("due_on", "months", "pk")


class FollowUp(models.Model):
    """That somebody sees how it goes some months after the last mentor left.

    ``owner`` is nobody until the leader has named one, where there was no receiver to begin with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(_("months"))
    due_on = models.DateField(_("due"))
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("owner"),
    )
    done_on = models.DateField(_("done"), null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    note = models.CharField(
        _("note"), max_length=MOST_CHARACTERS, blank=True, validators=[refuse_cpr_like]
    )
    #: The due day that the owner was reminded of, and that everybody was told was over.
    told_of = models.DateField(null=True, editable=False)
    told_late_of = models.DateField(null=True, editable=False)

    moves: "RelatedManager[FollowUpMove]"
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(done_on__isnull=True),
                name="mentoring_follow_up_owned",
            ),
            models.Index(
                fields=["due_on"],
                condition=Q(done_on__isnull=True),
                name="mentoring_follow_up_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["handover", "months"], name="mentoring_follow_up_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="mentoring_follow_up_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}: {self.months}"

    def is_late(self, *, on: date) -> bool:
        """Whether it is open, and its day has gone by."""
        return self.done_on is None and self.due_on < on


class FollowUpMove(models.Model):
    """That a follow-up was put off, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="moves")
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(_("reason"), max_length=MOST_CHARACTERS, validators=[refuse_cpr_like])
    moved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("follow-up that was moved")
        verbose_name_plural = _("follow-ups that were moved")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gt=F("from_on")), name="mentoring_follow_up_moved_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id}: {self.from_on:%Y-%m-%d} → {self.to_on:%Y-%m-%d}"


def still_to_hand_over(pairing: "Pairing | OuterRef") -> "models.QuerySet[PairingMember]":
    """The mentors of ``pairing`` whose handover is not settled, whether they are there or gone.

    One who came back counts by the last stay alone; one who never began has nothing to hand over.
    The database asks the same before it lets a pairing be closed.
    """
    settled = Handover.objects.settled().filter(member=OuterRef("pk"))
    later = PairingMember.objects.filter(
        pairing=OuterRef("pairing"),
        person=OuterRef("person"),
        side=PairingMember.Side.MENTOR,
        starts_on__gt=OuterRef("starts_on"),
    )
    return PairingMember.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
        ~Exists(settled),
        ~Exists(later),
        pairing=pairing,
        side=PairingMember.Side.MENTOR,
    )
