"""What a device asks of the server, and what its owner decides about it."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import access_log
from core.identity import refuse_cpr_like
from devices import keys
from devices.models import Device
from people.models import Person

#: Somebody has a telephone, a computer or two, and those of before; a script has more.
MOST_DEVICES = 100
MOST_UNSENT = 1_000_000


class DeviceRefused(ValidationError):
    """Nothing was changed; ``code`` says why."""


@transaction.atomic
def register(
    owner: Person,
    *,
    device_id: UUID,
    name: str,
    is_shared: bool,
    fingerprint: str,
    at: datetime,
) -> Device:
    """Know a device from now on; as often as it takes, for its first answer may be lost.

    Raises:
        DeviceRefused: With code "taken" if the id is that of another device, "too_many".
        ValidationError: For a name that is empty, too long, or holds what looks like a CPR number.
    """
    # One after the other: they are counted.
    Person.objects.select_for_update(no_key=True).get(pk=owner.pk)
    known = Device.objects.filter(pk=device_id).first()
    if known is not None:
        if known.owner_id != owner.pk or known.fingerprint != fingerprint:
            raise DeviceRefused(_("The device is somebody else's."), code="taken")
        return known
    if Device.objects.filter(owner=owner).count() >= MOST_DEVICES:
        raise DeviceRefused(_("You have too many devices. Forget some first."), code="too_many")
    device = Device(
        id=device_id,
        owner=owner,
        name=name.strip(),
        is_shared=is_shared,
        fingerprint=fingerprint,
        registered_at=at,
        last_contact_at=at,
    )
    _check(device)
    try:
        with transaction.atomic():
            device.save(force_insert=True)
    except IntegrityError:
        raise DeviceRefused(_("The device is somebody else's."), code="taken") from None
    access_log.record(owner.user, "set_up_device", device, at=at)
    return device


def _check(device: Device) -> None:
    """What its owner says of it.

    Raises:
        ValidationError: It is empty, too long, or looks like a CPR number.
    """
    refuse_cpr_like(device.name)
    said = {"name", "fingerprint"}
    device.clean_fields(exclude={field.name for field in device._meta.fields} - said)


def note_contact(
    device: Device, *, unsent_count: int, oldest_unsent_at: datetime | None, at: datetime
) -> None:
    """Keep how much waits on the device, and since when; never a moment that is yet to come."""
    device.last_contact_at = at
    device.unsent_count = min(unsent_count, MOST_UNSENT)
    device.oldest_unsent_at = None
    if unsent_count and oldest_unsent_at is not None:
        device.oldest_unsent_at = min(oldest_unsent_at, at)
    device.save(update_fields=["last_contact_at", "unsent_count", "oldest_unsent_at"])


def note_arrival(device: Device, *, left: int) -> None:
    """Keep that no more than ``left`` records still wait: the others came by another way.

    A device that lives says at its next contact how many it knows of.
    """
    more = Device.objects.filter(pk=device.pk, unsent_count__gt=left)
    more.update(unsent_count=left, **({} if left else {"oldest_unsent_at": None}))


def open_key(device: Device, *, wrapped: bytes, key_id: str, at: datetime) -> bytes:
    """The key of the device, for its owner who has forgotten the PIN and has just signed in.

    Raises:
        DeviceRefused: With code "revoked" if the owner has shut the device out, "key_gone" if the
            server has lost the key that it was wrapped with, "unopened" if it is not the device's.
    """
    if device.revoked_at is not None:
        raise DeviceRefused(_("You have shut this device out."), code="revoked")
    opened = unwrapped(device, wrapped=wrapped, key_id=key_id)
    access_log.record(device.owner.user, "open_device", device, at=at)
    return opened


def unwrapped(device: Device, *, wrapped: bytes, key_id: str) -> bytes:
    """The key that the device wrapped for the server, known again by its fingerprint.

    Raises:
        DeviceRefused: With code "key_gone" or "unopened".
    """
    try:
        opened = keys.unwrap(wrapped, key_id=key_id, owner=device.owner_id, device=device.pk)
    except keys.NoKey:
        raise DeviceRefused(_("The server has lost the key for this."), code="key_gone") from None
    except keys.Unopened:
        opened = b""
    if keys.fingerprint(opened) != device.fingerprint:
        raise DeviceRefused(_("This is not the key of the device."), code="unopened")
    return opened


# --- What its owner decides -----------------------------------------------------------------------


def shut_out(device: Device, *, at: datetime) -> None:
    """Open its key no more, and take in none of its files; twice is once."""
    if device.revoked_at is None:
        device.revoked_at = at
        device.save(update_fields=["revoked_at"])
        access_log.record(device.owner.user, "shut_device_out", device, at=at)


def let_in_again(device: Device, *, at: datetime) -> None:
    """It was found."""
    if device.revoked_at is not None:
        device.revoked_at = None
        device.save(update_fields=["revoked_at"])
        access_log.record(device.owner.user, "let_device_in", device, at=at)


def rename(device: Device, *, name: str) -> None:
    """Call it something else.

    Raises:
        ValidationError: As for ``register``.
    """
    device.name = name.strip()
    _check(device)
    device.save(update_fields=["name"])


def forget(device: Device, *, at: datetime) -> None:
    """Know it no more. What still lies sealed on it opens with its PIN alone.

    Raises:
        DeviceRefused: With code "in_use" unless it was shut out first.
    """
    if device.revoked_at is None:
        raise DeviceRefused(_("Shut the device out first."), code="in_use")
    access_log.record(device.owner.user, "forget_device", device, at=at)
    device.delete()
