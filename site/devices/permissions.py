"""Whose devices somebody may hear of, and whose files one may take in."""

from datetime import timedelta

from django.db.models import QuerySet

from devices.models import Device
from devices.models.device import DeviceQuerySet
from people.models import Person
from people.permissions import Standing

#: How long after somebody has left what they wrote before is received.
RECEIVED_FOR = timedelta(days=90)


def unsent_of_others(standing: Standing) -> DeviceQuerySet:
    """The devices with unsent work of the people one looks after, the longest wait first.

    How many records and since when, as the device last said; never what they say.
    """
    return (
        Device.objects.with_unsent()
        .in_use()
        .filter(owner__in=_looked_after(standing))
        .exclude(owner=standing.person)
        .select_related("owner")
        .order_by("oldest_unsent_at", "pk")
    )


def may_take_in(standing: Standing, device: Device) -> bool:
    """Whether the file of this device is one's own, or that of somebody whom one looks after."""
    if standing.person is not None and standing.person.pk == device.owner_id:
        return True
    people = _looked_after(standing)
    return standing.manages_people and people.filter(pk=device.owner_id).exists()


def _looked_after(standing: Standing) -> "QuerySet[Person]":
    """Nobody whose towns are others by now, once nothing of theirs is received there any more."""
    return standing.people(since=standing.day - RECEIVED_FOR)
