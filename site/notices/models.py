"""What people are told, how they want it, and when recurring work was last done."""

import uuid
from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Person


class DueRun(models.Model):
    """The state of one job that is registered in code: one row for each key."""

    key = models.CharField(max_length=80, primary_key=True)
    last_started_at = models.DateTimeField(null=True)
    last_done_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class NoticeQuerySet(models.QuerySet["Notice"]):
    """The vocabulary of notices."""

    def unread(self) -> Self:
        """Not opened and not put away."""
        return self.filter(read_at=None, archived_at=None)

    def newest_first(self) -> Self:
        """By when they were told; the same on every page."""
        return self.order_by("-made_at", "pk")


class Notice(models.Model):
    """That a person was told something: its kind and facts, never a text of anybody.

    Said in the reader's language when it is read (:mod:`notices.saying`). ``digest_at``: it
    waits for the next mail that gathers several; empty again once that has been queued.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=80, blank=True)
    url_args = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField()
    digest_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notices_of_person"),
            models.Index(
                fields=["person"],
                condition=models.Q(digest_at__isnull=False),
                name="notices_for_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"


class MailChoice(models.Model):
    """How often a person wants mail about messages; nobody has a row before they choose."""

    class Often(models.TextChoices):
        NOW = "now", _("At once")
        DAILY = "daily", _("Once a day, gathered")
        WEEKLY = "weekly", _("Once a week, gathered")
        NEVER = "never", _("Never; I look here")

    person = models.OneToOneField(Person, models.CASCADE, related_name="mail_choice")
    often = models.CharField(_("mail"), max_length=6, choices=Often, default=Often.NOW)
    digested_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("choice of mail")
        verbose_name_plural = _("choices of mail")

    def __str__(self) -> str:
        return f"{self.person_id} {self.often}"
