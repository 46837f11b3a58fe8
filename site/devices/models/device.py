"""A browser on which somebody keeps work sealed until there is net."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Person

MOST_CHARACTERS = 60
#: A device that has not been heard of for so long is likely not in use any more.
QUIET_FOR = timedelta(days=60)


class DeviceQuerySet(models.QuerySet["Device"]):
    """The vocabulary of devices."""

    def in_use(self) -> Self:
        """Not shut out."""
        return self.filter(revoked_at=None)

    def with_unsent(self) -> Self:
        """Those that said at their last contact that something waits."""
        return self.filter(unsent_count__gt=0)

    def newest_contact_first(self) -> Self:
        """By when they were last heard of."""
        return self.order_by("-last_contact_at", "pk")


class Device(models.Model):
    """One browser of one person. It makes the id; two people on one computer have a device each.

    The server never sees what lies there: it knows of its key the fingerprint alone, and can open
    the key only where the device hands over what it wrapped (``devices.keys``).

    ``last_contact_at``: when it last told how much waits on it, at first when it was set up.
    ``revoked_at``: its owner gave it up, as when it was lost: the server opens its key no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        Person, models.CASCADE, related_name="devices", verbose_name=_("whose")
    )
    name = models.CharField(_("name of the device"), max_length=MOST_CHARACTERS)
    is_shared = models.BooleanField(_("others use it, too"))
    fingerprint = models.CharField(max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}\Z")])
    registered_at = models.DateTimeField(_("set up"))
    last_contact_at = models.DateTimeField(_("last heard of"))
    unsent_count = models.PositiveIntegerField(_("not sent"), default=0)
    oldest_unsent_at = models.DateTimeField(_("the oldest of it"), null=True)
    revoked_at = models.DateTimeField(_("shut out"), null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        indexes = [
            models.Index(fields=["owner", "-last_contact_at"], name="devices_device_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(unsent_count=0, oldest_unsent_at__isnull=True) | Q(unsent_count__gt=0),
                name="devices_nothing_unsent_is_not_old",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_quiet(self, *, at: datetime) -> bool:
        """Whether it has not been heard of for two months."""
        return at - self.last_contact_at >= QUIET_FOR
