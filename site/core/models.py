"""Records that every app writes: who looked at named people, and which mails were sent."""

import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone


class AppendOnly(TypeError):
    """An entry of the access log was to be changed or deleted."""


class AccessLogQuerySet(models.QuerySet["AccessLog"]):
    """Entries are added and read. The database itself refuses a change (migration 0001)."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("The access log is append-only.")

    def delete(self) -> NoReturn:
        """Refused.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("The access log is append-only.")


class AccessLog(models.Model):
    """That somebody did something with a record about a named person; never any text of it.

    Persondataloven for Greenland (anordning 1238/2016) § 41 asks for measures against misuse;
    this is how misuse is found. Written by :func:`core.access_log.record` alone.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,  # the command line
        related_name="+",
        editable=False,
    )
    action = models.CharField(max_length=40, editable=False)
    kind = models.CharField(max_length=60, editable=False)
    record_id = models.CharField(max_length=36, editable=False)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "record_id", "at"], name="core_accesslog_record")]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.record_id}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused.

        Raises:
            AppendOnly: Always.
        """
        raise AppendOnly("The access log is append-only.")


class SentMail(models.Model):
    """That the mail named by ``key`` has left, so that a repeated task does not send it twice."""

    key = models.CharField(max_length=120, primary_key=True)
    sent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key


class DatabaseIdentity(models.Model):
    """Which database this is: one row. Read and written by :mod:`core.database_identity` alone.

    A backup leaves the row out, so that whatever is restored from one has another id.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    number = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="core_databaseidentity_only_one")
        ]

    def __str__(self) -> str:
        return str(self.number)
