"""Whose devices somebody may hear of, and whose files one may take in."""

from devices.models import Device
from devices.models.device import DeviceQuerySet
from people.permissions import Standing


def unsent_of_others(standing: Standing) -> DeviceQuerySet:
    """The devices with unsent work of the people one looks after, the longest wait first.

    How many records and since when, as the device last said; never what they say.
    """
    return (
        Device.objects.with_unsent()
        .in_use()
        .filter(owner__in=standing.people())
        .exclude(owner=standing.person)
        .select_related("owner")
        .order_by("oldest_unsent_at", "pk")
    )


def may_take_in(standing: Standing, device: Device) -> bool:
    """Whether the file of this device is one's own, or that of somebody whom one looks after."""
    if standing.person is not None and standing.person.pk == device.owner_id:
        return True
    return standing.manages_people and standing.people().filter(pk=device.owner_id).exists()
