"""What has come from devices."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Person


class Record(models.Model):
    """Something that was made on a device and has arrived, known by the id that it was given there.

    What it says lies where its domain keeps it, and nowhere here. Rows are never changed: the same
    id gets the same receipt for ever. ``made_at`` is what the device's clock said.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="device_records")
    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("record from a device")
        verbose_name_plural = _("records from devices")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
