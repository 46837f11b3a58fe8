"""Invitations: the only way to an account."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.person import Person


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """The vocabulary of invitations."""

    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; they may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """That a person was asked by e-mail to make an account; the roles wait at the person.

    The link in the mail is signed from ``id`` and ``sending`` (:mod:`people.invitations`), so
    that nothing kept here, in a task or in a backup, opens an account. Sending again counts
    ``sending`` up and thereby makes every earlier link worthless.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Invited")
        EXPIRED = "expired", _("Invitation expired")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    sending = models.PositiveSmallIntegerField(default=1)
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))
    asked_again_at = models.DateTimeField(_("asked for a new one"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="people_invitation_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="people_invitation_one_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def state(self, *, at: datetime) -> State:
        """What has become of it; it is open in the half-open window [sent, expires)."""
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        return self.State.OPEN if at < self.expires_at else self.State.EXPIRED
