"""What the server keeps of a device, and for whom it opens one."""

import os
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.models import AccessLog
from devices import actions
from devices.actions import DeviceRefused
from devices.models import Device
from tests.devices.own.conftest import AT, NAME, Sealed, wrap

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def logged(device: Device) -> list[str]:
    lines = AccessLog.objects.filter(kind="devices.device", record_id=str(device.pk))
    return list(lines.order_by("pk").values_list("action", flat=True))


def test_a_device_is_registered_once_however_often_it_asks(sealed):
    first = sealed.register()
    again = sealed.register(at=LATER, name="Something else")

    assert again == first
    assert Device.objects.values("owner", "name", "registered_at").get() == {
        "owner": sealed.owner.pk,
        "name": NAME,
        "registered_at": AT,
    }
    assert logged(first) == ["set_up_device"]


def test_the_id_of_anothers_device_or_with_another_key_is_taken(sealed, device, bo):
    of_bo = Sealed(bo)
    of_bo.id = sealed.id
    for taking in (of_bo.register, lambda: sealed.register(fingerprint="0" * 64)):
        with pytest.raises(DeviceRefused) as refusal:
            taking()
        assert refusal.value.code == "taken"

    assert Device.objects.get() == device


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 61},
        {"name": "Telefon " + "-".join(["010290", "1234"])},
        {"fingerprint": "A" * 64},
        {"fingerprint": "a" * 63},
        {"fingerprint": "a" * 64 + "\n"},
    ],
)
def test_what_is_wrong_is_refused(sealed, wrong):
    with pytest.raises(ValidationError):
        sealed.register(**wrong)

    assert not Device.objects.exists()


def test_the_longest_name_is_kept(sealed):
    assert sealed.register(name=" " + "æ" * 60).name == "æ" * 60


def test_nobody_has_more_than_a_hundred(sealed, monkeypatch):
    monkeypatch.setattr(actions, "MOST_DEVICES", 2)
    sealed.register()
    Sealed(sealed.owner).register()

    with pytest.raises(DeviceRefused) as refusal:
        Sealed(sealed.owner).register()

    assert refusal.value.code == "too_many"
    assert sealed.register().pk == sealed.id  # one that is known is no further one


def test_contact_keeps_how_much_waits_and_since_when(device):
    actions.note_contact(device, unsent_count=3, oldest_unsent_at=AT, at=LATER)

    device.refresh_from_db()
    assert (device.unsent_count, device.oldest_unsent_at) == (3, AT)
    assert device.last_contact_at == LATER

    actions.note_contact(device, unsent_count=0, oldest_unsent_at=AT, at=LATER)
    device.refresh_from_db()
    assert (device.unsent_count, device.oldest_unsent_at) == (0, None)


def test_a_clock_that_runs_ahead_does_not_make_the_future(device):
    ahead = LATER + timedelta(days=3)

    actions.note_contact(device, unsent_count=1, oldest_unsent_at=ahead, at=LATER)

    device.refresh_from_db()
    assert device.oldest_unsent_at == LATER


def test_the_database_keeps_no_age_of_nothing(device):
    device.oldest_unsent_at = AT
    with pytest.raises(IntegrityError):
        device.save()


def test_the_key_opens_and_it_is_logged(sealed, device):
    opened = actions.open_key(device, wrapped=sealed.wrapped, key_id=sealed.key_id, at=LATER)

    assert opened == sealed.key
    assert logged(device) == ["set_up_device", "open_device"]


def test_a_device_that_was_shut_out_opens_again_once_it_was_found(sealed, device):
    def opening():
        return actions.open_key(device, wrapped=sealed.wrapped, key_id=sealed.key_id, at=LATER)

    actions.shut_out(device, at=LATER)
    actions.shut_out(device, at=LATER + timedelta(hours=1))
    with pytest.raises(DeviceRefused) as refusal:
        opening()
    assert (refusal.value.code, device.revoked_at) == ("revoked", LATER)

    actions.let_in_again(device, at=LATER)
    actions.let_in_again(device, at=LATER)
    assert opening() == sealed.key
    assert logged(device) == ["set_up_device", "shut_device_out", "let_device_in", "open_device"]


def test_the_key_of_another_device_of_the_same_owner_is_not_given(sealed, device):
    other = Sealed(sealed.owner)
    other.register()

    for wrapped, code in [(other.wrapped, "unopened"), (os.urandom(384), "unopened")]:
        with pytest.raises(DeviceRefused) as refusal:
            actions.open_key(device, wrapped=wrapped, key_id=sealed.key_id, at=LATER)
        assert refusal.value.code == code
    with pytest.raises(DeviceRefused) as refusal:
        actions.open_key(device, wrapped=sealed.wrapped, key_id="0" * 16, at=LATER)
    assert refusal.value.code == "key_gone"


def test_a_key_that_somebody_else_wrapped_for_this_device_is_not_the_devices(sealed, device):
    """Wrapping needs nothing but the public key: the fingerprint says whose it is."""
    wrapped = wrap(os.urandom(32), sealed.owner, sealed.id)

    with pytest.raises(DeviceRefused) as refusal:
        actions.open_key(device, wrapped=wrapped, key_id=sealed.key_id, at=LATER)

    assert refusal.value.code == "unopened"


def test_only_a_device_that_was_shut_out_is_forgotten(device):
    with pytest.raises(DeviceRefused) as refusal:
        actions.forget(device, at=LATER)
    assert refusal.value.code == "in_use"

    actions.shut_out(device, at=LATER)
    key = device.pk
    actions.forget(device, at=LATER)

    assert not Device.objects.exists()
    assert AccessLog.objects.filter(record_id=str(key), action="forget_device").exists()


def test_a_name_is_changed_and_guarded(device):
    actions.rename(device, name=" Kontoret ")
    device.refresh_from_db()
    assert device.name == "Kontoret"
    for name in ("", "010290" + "1234"):
        with pytest.raises(ValidationError):
            actions.rename(device, name=name)
    device.refresh_from_db()
    assert device.name == "Kontoret"


def test_queries_name_what_is_in_use_and_what_waits(sealed, device, bo):
    waiting = Sealed(bo).register()
    actions.note_contact(waiting, unsent_count=2, oldest_unsent_at=AT, at=LATER)
    gone = Sealed(bo).register()
    actions.shut_out(gone, at=LATER)

    assert set(Device.objects.in_use()) == {device, waiting}
    assert list(Device.objects.with_unsent()) == [waiting]
    assert Device.objects.newest_contact_first().first() == waiting
    assert [one.is_quiet(at=AT + timedelta(days=60)) for one in (device, waiting)] == [True, False]
