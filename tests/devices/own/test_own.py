"""One's own devices on the pages of the server, and what coordinators hear of others'."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from devices import actions
from devices.models import Device
from people.own_data.exporting import exported
from tests.devices.own.conftest import NAME, Sealed
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db


def address(name: str, device: Device | None = None) -> str:
    return reverse(f"own_devices:{name}", args=[device.pk] if device else [])


def test_a_list_of_ones_own_and_of_nobody_elses(device, bo, browse):
    Sealed(bo).register(name="Bos telefon")

    page = browse(device.owner).get(address("list")).content.decode()

    assert NAME in page
    assert "Bos telefon" not in page


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_takes_the_same_queries_for_one_and_for_many(
    sealed, browse, django_assert_num_queries, count
):
    for _ in range(count):
        Sealed(sealed.owner).register()
    client = browse(sealed.owner)
    client.get(address("list"))

    with django_assert_num_queries(3):  # session, account, devices
        response = client.get(address("list"))

    assert len(response.context["rows"]) == count


def test_an_empty_list_is_a_beginning(anna, browse):
    page = browse(anna).get(address("list")).content.decode()

    assert reverse("devices:ready") in page


def test_a_device_is_renamed_and_a_number_is_refused_at_its_field(device, browse):
    client = browse(device.owner)
    number = "-".join(["010290", "1234"])

    refused = client.post(address("device", device), {"name": f"Om {number}"})
    empty = client.post(address("device", device), {"name": ""})
    renamed = client.post(address("device", device), {"name": "Kontoret"})

    assert (refused.status_code, empty.status_code) == (422, 422)
    assert number not in refused.content.decode().replace(f'value="Om {number}"', "")
    assert renamed.status_code == 302
    device.refresh_from_db()
    assert device.name == "Kontoret"


def test_shut_out_let_in_again_and_forgotten(device, browse):
    client = browse(device.owner)

    client.post(address("forget", device))
    assert Device.objects.exists()  # in use: it is not forgotten by mistake
    client.post(address("shut-out", device))
    client.post(address("shut-out", device))
    device.refresh_from_db()
    assert device.revoked_at is not None
    assert NAME in client.get(address("list")).content.decode()
    client.post(address("let-in", device))
    device.refresh_from_db()
    assert device.revoked_at is None

    client.post(address("shut-out", device))
    client.post(address("forget", device))
    assert not Device.objects.exists()
    assert client.post(address("forget", device)).status_code == 404


@pytest.mark.parametrize("name", ["device", "shut-out", "let-in", "forget"])
def test_the_device_of_somebody_else_is_not_found(device, bo, browse, name):
    client = browse(bo)

    assert client.post(address(name, device), {"name": "x"}).status_code == 404
    if name == "device":
        assert client.get(address(name, device)).status_code == 404
    else:
        assert browse(device.owner).get(address(name, device)).status_code == 405
    device.refresh_from_db()
    assert (device.name, device.revoked_at) == (NAME, None)


def test_the_own_data_hold_it_and_an_erasure_deletes_it(device):
    from core.declarations import all_records

    [records] = [one for one in all_records() if one.model == "devices.Device"]

    [row] = list(exported(records, device.owner))

    assert row["name"] == NAME
    assert "fingerprint" not in row


# --- What coordinators hear -----------------------------------------------------------------------


@pytest.fixture
def waiting(server_key):
    """A mentor of Upernavik whose device has three unsent records."""
    mentor = make_person(make_role("mentor", make_town("Upernavik")))
    device = Sealed(mentor).register()
    now = timezone.now()
    actions.note_contact(device, unsent_count=3, oldest_unsent_at=now - timedelta(days=4), at=now)
    return device


def test_the_coordinator_of_the_town_sees_who_waits_and_it_is_logged(waiting, device, browse):
    coordinator = make_person(make_role("coordinator", make_town("Upernavik")))

    response = browse(coordinator).get(address("unsent"))

    assert [row[0] for row in response.context["rows"]] == [waiting]
    assert AccessLog.objects.filter(action="list", record_id=str(waiting.pk)).exists()


def test_nobody_else_does(waiting, browse):
    elsewhere = make_person(make_role("coordinator", make_town("Sisimiut")))
    leader = make_person(make_role("leader", make_town("Upernavik")))

    assert list(browse(elsewhere).get(address("unsent")).context["rows"]) == []
    for other in (leader, waiting.owner):
        assert browse(other).get(address("unsent")).status_code == 403


def test_what_was_shut_out_or_sent_is_not_waited_for(waiting, browse):
    coordinator = make_person(make_role("coordinator", make_town("Upernavik")))
    client = browse(coordinator)

    actions.shut_out(waiting, at=timezone.now())
    assert list(client.get(address("unsent")).context["rows"]) == []
    actions.let_in_again(waiting, at=timezone.now())
    assert len(client.get(address("unsent")).context["rows"]) == 1
    actions.note_contact(waiting, unsent_count=0, oldest_unsent_at=None, at=timezone.now())
    assert list(client.get(address("unsent")).context["rows"]) == []


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_of_what_waits_takes_the_same_queries(
    server_key, browse, django_assert_num_queries, count
):
    for _ in range(count):
        mentor = make_person(make_role("mentor", make_town("Upernavik")))
        device = Sealed(mentor).register()
        actions.note_contact(device, unsent_count=1, oldest_unsent_at=None, at=timezone.now())
    coordinator = make_person(make_role("coordinator", make_town("Upernavik")))
    client = browse(coordinator)
    client.get(address("unsent"))

    with django_assert_num_queries(5):  # session, account, how many, the page, the log
        response = client.get(address("unsent"))

    assert len(response.context["rows"]) == count
