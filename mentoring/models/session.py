"""What they wrote about the work.

What a session says is a chain of immutable versions; the session itself only points at the one
that holds and keeps its facts (day, minutes, who, what) for lists and reports. The text lies in
the versions alone, so that a page without text never loads any. The database itself refuses to
change a version, or a session that everybody has confirmed: see docs/session-chain.md.
"""

import uuid
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competences.models import Competence
from mentoring.models.pairing import Pairing, PairingMember
from people.models import Person, Place

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from mentoring.models.goals import Reflection

#: The free texts of a session's content; an erasure blanks them.
TEXTS = ("went_well", "next_step", "tools")
MOST_MINUTES = 720
MOST_CHARACTERS = 500
#: Of a version: it belongs to an amendment that is not decided yet.
AMENDING = Q(
    amendment__isnull=False,
    amendment__holds_since__isnull=True,
    amendment__withdrawn_at__isnull=True,
)

#: Of a session: it was not erased because it was logged by mistake.
HAPPENED = ~Q(erase_reason="mistake")
#: Of a session: it happened, and is not linked to another log of the same hour.
COUNTS = HAPPENED & Q(same_hour__isnull=True)


class Kept(TypeError):
    """Something that is kept as it was sent was to be changed or deleted."""


class KeptQuerySet(models.QuerySet[Any]):
    """Rows are added and read. The database itself refuses anything else (migration 0002)."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused.

        Raises:
            Kept: Always.
        """
        raise Kept("What was sent is kept as it is.")

    def delete(self) -> NoReturn:
        """Refused.

        Raises:
            Kept: Always.
        """
        raise Kept("What was sent is kept as it is.")


class KeptModel(models.Model):
    """A record that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the record.

        Raises:
            Kept: When it has been inserted before.
        """
        if not self._state.adding:
            raise Kept("What was sent is kept as it is.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused.

        Raises:
            Kept: Always.
        """
        raise Kept("What was sent is kept as it is.")


class Mode(models.TextChoices):
    """Who leads the work; the movement from in front to behind is the sign that it works."""

    IN_FRONT = "in_front", _("In front")
    BESIDE = "beside", _("Beside")
    BEHIND = "behind", _("Behind")


class Observed(models.TextChoices):
    """How completely the mentor saw a competence practised, the least first."""

    PARTLY = "partly", _("Partly")
    MOSTLY = "mostly", _("Almost whole")
    FULLY = "fully", _("Whole")


class SessionQuerySet(models.QuerySet["Session"]):
    """The vocabulary of sessions."""

    def open(self) -> Self:
        """Sessions that may still get a new version."""
        return self.filter(locked_at__isnull=True, erased_at__isnull=True)

    def with_person(self, person: Person, side: str | None = None) -> Self:
        """Sessions that ``person`` took part in, on one side or on any."""
        conditions = {} if side is None else {"side": side}
        return self.filter(Exists(_participants_of(person, **conditions)))

    def awaiting(self, person: Person) -> Self:
        """Sessions that wait for ``person`` to confirm what holds, or an amendment of it."""
        confirmed = Confirmation.objects.filter(version=OuterRef("current"), person=person)
        took_part = _participants_of(person, side=PairingMember.Side.CASEWORKER)
        is_open = Q(locked_at__isnull=True, erased_at__isnull=True)
        by_person = Confirmation.objects.filter(version=OuterRef("pk"), person=person)
        amended = SessionVersion.objects.filter(
            AMENDING, ~Exists(by_person), session=OuterRef("pk"), session__erased_at__isnull=True
        )
        return self.filter(Exists(took_part)).filter(
            Q(is_open, ~Exists(confirmed)) | Q(Exists(amended))
        )

    def happened(self) -> Self:
        """Without what was logged by mistake."""
        return self.filter(HAPPENED)

    def counted(self) -> Self:
        """What happened, each hour once: without what is linked to another log of that hour."""
        return self.filter(COUNTS)

    def newest_first(self) -> Self:
        """By the day they worked together, then by arrival; the same on every page."""
        return self.order_by("-held_on", "-received_at", "pk")


class Session(models.Model):
    """One time they worked together. The device makes the id; it is never used again.

    Everything but the states below repeats the current version, for lists and reports.
    ``locked_at``: every caseworker who took part has confirmed the current version.
    ``erased_at``: the text of all versions was blanked; day, minutes, who and hashes stay.
    """

    class EraseReason(models.TextChoices):
        IDENTIFIES = "identifies", _("It could show who a citizen is")
        ABOUT_CASE = "about_case", _("It is about a case, not about the work")
        MISTAKE = "mistake", _("It was logged by mistake")
        REQUEST = "request", _("The person it is about asked for it")
        OLD = "old", _("It was kept as long as it may be")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="sessions", verbose_name=_("pairing")
    )
    author = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    received_at = models.DateTimeField(_("received"))
    current = models.ForeignKey(
        "SessionVersion", models.PROTECT, related_name="+", verbose_name=_("current version")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("town"))
    held_on = models.DateField(_("date"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    mode = models.CharField(_("how"), max_length=10, choices=Mode)
    topics = models.JSONField(_("what you worked on"))
    locked_at = models.DateTimeField(_("locked"), null=True)
    erased_at = models.DateTimeField(_("erased"), null=True)
    erased_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    erase_reason = models.CharField(_("reason"), max_length=12, choices=EraseReason, null=True)

    versions: "RelatedManager[SessionVersion]"
    participants: "RelatedManager[SessionParticipant]"
    competences: "RelatedManager[SessionCompetence]"
    reflections: "RelatedManager[Reflection]"
    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["pairing", "-held_on"], name="mentoring_session_of_pairing"),
            models.Index(
                fields=["pairing"],
                condition=Q(locked_at__isnull=True),
                name="mentoring_session_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=MOST_MINUTES),
                name="mentoring_session_minutes",
            ),
            models.CheckConstraint(
                condition=Q(
                    erased_at__isnull=True, erased_by__isnull=True, erase_reason__isnull=True
                )
                | Q(erased_at__isnull=False, erase_reason__isnull=False),
                name="mentoring_session_erased_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d}, {self.minutes} min"

    def get_absolute_url(self) -> str:
        """The session's own page, for those who may read its text."""
        return reverse("mentoring:session", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it may still get a new version."""
        return self.locked_at is None and self.erased_at is None


class SessionParticipantQuerySet(models.QuerySet["SessionParticipant"]):
    """The vocabulary of who took part."""

    def unconfirmed(self) -> Self:
        """Caseworkers who have not confirmed the current version of an open session."""
        confirmed = Confirmation.objects.filter(
            version=OuterRef("session__current"), person=OuterRef("person")
        )
        return self.filter(
            ~Exists(confirmed),
            side=PairingMember.Side.CASEWORKER,
            session__locked_at__isnull=True,
            session__erased_at__isnull=True,
        )


class SessionParticipant(models.Model):
    """That a person took part in a session, on one side, by its current version."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="sessions")
    side = models.CharField(max_length=10, choices=PairingMember.Side)

    objects = SessionParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"], name="mentoring_participant_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_side_display()}"


class SessionCompetence(models.Model):
    """That a competence was practised in a session, and how completely, by its current version."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="competences")
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="sessions")
    observed = models.CharField(_("observed"), max_length=6, choices=Observed)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "competence"], name="mentoring_competence_once"
            ),
            models.CheckConstraint(
                condition=Q(observed__in=Observed.values), name="mentoring_competence_observed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competence}, {self.get_observed_display()}"


class SessionVersionQuerySet(KeptQuerySet):
    """The vocabulary of versions."""

    def unsettled(self) -> Self:
        """Versions that stand beside the current one: nothing follows them, nobody chose.

        An amendment is none of them: it waits for the caseworkers, not for a choice.
        """
        followed = SessionVersion.objects.filter(Q(parent=OuterRef("pk")) | Q(joins=OuterRef("pk")))
        return self.filter(~Q(session__current=F("pk")), ~Exists(followed), amendment__isnull=True)

    def amending(self) -> Self:
        """The versions of amendments that are not decided yet."""
        return self.filter(AMENDING)


class SessionVersion(KeptModel):
    """What was sent, once and for ever; ``sha256`` is of its canonical JSON.

    An edit names the version it was made from as ``parent``. When somebody else was faster it
    is kept beside the current one, until a later version ``joins`` it: either text stays
    readable. The content of an erased session keeps its facts, the hash of what was written,
    and null for each text.

    Where no mentor is left to choose, a caseworker does: such a version says word for word what
    one of the two says and is its author's still; ``chosen_by`` is who chose.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    joins = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined_by")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chosen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    device_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    confirmations: "RelatedManager[Confirmation]"
    change_requests: "RelatedManager[ChangeRequest]"
    objects = SessionVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="mentoring_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} v{self.number}"

    def blank_texts(self) -> None:
        """Keep the facts and the hash, but no text: part of erasing the session."""
        self.content = {**self.content, **dict.fromkeys(TEXTS)}
        models.QuerySet(SessionVersion).filter(pk=self.pk).update(content=self.content)


class Confirmation(KeptModel):
    """That a caseworker who took part stands by one version. Sending is the mentor's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(SessionVersion, models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="confirmations")
    confirmed_at = models.DateTimeField()

    objects = KeptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"], name="mentoring_confirmation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.confirmed_at:%Y-%m-%d}"


class ChangeRequestQuerySet(KeptQuerySet):
    """The vocabulary of requests for change."""

    def standing(self) -> Self:
        """Requests that whoever asked has not taken back by confirming the version after all."""
        confirmed = Confirmation.objects.filter(
            version=OuterRef("version"), person=OuterRef("person")
        )
        return self.filter(~Exists(confirmed))


class ChangeRequest(KeptModel):
    """That a caseworker who took part asks the mentor to change one version, and what in it.

    A reason from a list, never free text: the two of them sit side by side. A new version
    answers it.
    """

    class What(models.TextChoices):
        TIME = "time", _("Date or minutes")
        PEOPLE = "people", _("Who took part")
        WORK = "work", _("What we worked on, or how")
        TEXT = "text", _("The text")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(SessionVersion, models.PROTECT, related_name="change_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    what = models.CharField(_("what"), max_length=10, choices=What)
    asked_at = models.DateTimeField()

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person", "what"], name="mentoring_change_request_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_what_display()}"


class WarningTally(models.Model):
    """How often a kind of warning was shown on a day, and sent all the same; never the text."""

    day = models.DateField()
    kind = models.CharField(max_length=20)
    shown = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "kind"], name="mentoring_warning_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.kind}: {self.shown}/{self.sent}"


def _participants_of(person: Person, **conditions: str) -> "models.QuerySet[SessionParticipant]":
    return SessionParticipant.objects.filter(session=OuterRef("pk"), person=person, **conditions)
