"""What they agreed to do next: who does it, by when, and whether it is done."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mentoring.models.handover import Handover
from mentoring.models.pairing import Pairing, PairingMember
from mentoring.models.session import Session, SessionParticipant, SessionVersion
from people.models import Person


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """The vocabulary of agreements."""

    def open(self) -> Self:
        """Those that nobody has marked as done."""
        return self.filter(done_on__isnull=True)

    def late(self, *, on: date) -> Self:
        """Open ones whose day has gone by on that day."""
        return self.open().filter(due_on__lt=on)

    def handed_over_to(self, person: Person) -> Self:
        """Of pairings in which a handover to ``person`` is settled: what is theirs by now.

        Of a closed one that is whatever was agreed in it.
        """
        handed = Handover.objects.settled().filter(
            member__pairing=OuterRef("pairing"), receiver=person
        )
        is_closed = Q(pairing__state=Pairing.State.CLOSED)
        return self.filter(is_closed | Q(owner=person), Exists(handed))

    def for_next_session(self, pairing: Pairing, person: Person) -> Self:
        """What ``person`` takes up with the pairing: what was agreed in it or handed over to them.

        What was handed over is from sessions in the same town with somebody who is a caseworker
        of this pairing.
        """
        side = PairingMember.Side.CASEWORKER
        here = PairingMember.objects.with_days().filter(pairing=pairing, side=side)
        with_them = SessionParticipant.objects.filter(
            session=OuterRef("session"), side=side, person__in=here.values("person")
        )
        handed = (
            Agreement.objects.handed_over_to(person)
            .filter(Exists(with_them), pairing__place=pairing.place_id)
            .values("pk")
        )
        return self.filter(Q(pairing=pairing) | Q(pk__in=handed))

    def soonest_first(self) -> Self:
        """By the day they are due, those without a day last; the same on every page."""
        return self.order_by(F("due_on").asc(nulls_last=True), "made_at", "pk")

    def in_words(self) -> Self:
        """With whoever and whatever a line about them names, in the same query."""
        return self.select_related("owner", "done_by", "version", "pairing__place")


class Agreement(models.Model):
    """The next step of a session as a promise: somebody does it, perhaps by a day.

    There is at most one for a session, made and changed with the session's current version. What
    was agreed is the ``next_step`` of that ``version`` and stands nowhere else, so that erasing
    the text of the session erases it here too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="agreements", verbose_name=_("pairing")
    )
    session = models.OneToOneField(
        Session, models.PROTECT, related_name="agreement", verbose_name=_("session")
    )
    version = models.ForeignKey(SessionVersion, models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="agreements", verbose_name=_("who does it")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    made_at = models.DateTimeField()
    done_on = models.DateField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes = [
            models.Index(
                fields=["pairing", "due_on"],
                condition=Q(done_on__isnull=True),
                name="mentoring_agreement_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="mentoring_agreement_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}, {self.due_on or '–'}"

    @property
    def text(self) -> str | None:
        """What was agreed; None where the text of the session was erased."""
        text: str | None = self.version.content["next_step"]
        return text

    def is_late(self, *, on: date) -> bool:
        """Whether it is open, and its day has gone by."""
        return self.done_on is None and self.due_on is not None and self.due_on < on
