"""What a device is answered: its owner alone, in JSON, and the key for nobody who did not just
show who they are."""

import json
import uuid
from base64 import b64encode
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from devices import actions, keys
from devices.api import FRESH_SECONDS, MOST_BYTES
from devices.models import Device
from tests.devices.own.conftest import AT, NAME, Sealed

pytestmark = pytest.mark.django_db


def post(client: Client, name: str, body: object) -> tuple[int, dict]:
    raw = body if isinstance(body, str) else json.dumps(body)
    response = client.post(reverse(f"device:{name}"), raw, content_type="application/json")
    assert response["Content-Type"] == "application/json"
    return response.status_code, response.json()


def opening(sealed: Sealed, **changes: object) -> dict:
    return {
        "device": str(sealed.id),
        "key": sealed.key_id,
        "wrapped": b64encode(sealed.wrapped).decode(),
        **changes,
    }


def registering(sealed: Sealed, **changes: object) -> dict:
    return {
        "device": str(sealed.id),
        "name": NAME,
        "is_shared": True,
        "fingerprint": keys.fingerprint(sealed.key),
        **changes,
    }


def test_a_device_learns_who_has_signed_in_and_what_to_wrap_with(sealed, browse, settings):
    client = browse(sealed.owner)

    response = client.get(reverse("device:mine"))

    told = response.json()
    assert told["owner"] == str(sealed.owner.pk)
    assert told["key"]["id"] == sealed.key_id
    assert "no-store" in response["Cache-Control"]
    assert "csrftoken" in response.cookies  # for what it sends next
    settings.SIDEMAND_DEVICE_KEY_FILE = ""
    assert client.get(reverse("device:mine")).json()["key"] is None


@pytest.mark.parametrize("name", ["mine", "contact", "open"])
def test_signed_out_is_a_401(client, device, name):
    assert post(client, name, {}) == (401, {"error": "sign_in"})
    response = client.post(reverse(f"device:{name}"))
    assert (response.status_code, "no-store" in response["Cache-Control"]) == (401, True)
    if name == "mine":
        assert client.get(reverse("device:mine")).status_code == 401


def test_a_device_is_registered(sealed, browse):
    client = browse(sealed.owner)

    status, told = post(client, "mine", registering(sealed))

    assert (status, told) == (201, {"device": str(sealed.id)})
    device = Device.objects.get(pk=sealed.id)
    assert (device.owner, device.name, device.is_shared) == (sealed.owner, NAME, True)
    assert post(client, "mine", registering(sealed)) == (201, told)
    assert Device.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        '"x"',
        {"device": "x"},
        {"device": 5},
        {"name": "a\0b"},
        {"name": None},
        {"name": "\ud800"},
        {"is_shared": 1},
        {"is_shared": "yes"},
        {"fingerprint": ["a"]},
        {"more": "x" * MOST_BYTES},
    ],
)
def test_what_is_no_device_is_malformed(sealed, browse, body):
    sent = registering(sealed, **body) if isinstance(body, dict) else body

    assert post(browse(sealed.owner), "mine", sent)[0] == 400
    assert not Device.objects.exists()


def test_a_form_is_malformed(sealed, browse):
    response = browse(sealed.owner).post(reverse("device:mine"), registering(sealed))

    assert (response.status_code, response.json()) == (400, {"error": "malformed"})


def test_a_name_that_is_wrong_is_told_without_repeating_it(sealed, browse):
    client = browse(sealed.owner)
    number = "-".join(["010290", "1234"])

    for name in ("", "x" * 61, f"Om {number}"):
        status, told = post(client, "mine", registering(sealed, name=name))
        assert status == 422
        assert not name or name not in json.dumps(told)
    assert not Device.objects.exists()


def test_the_id_of_somebody_elses_device_is_taken(sealed, device, bo, browse):
    assert post(browse(bo), "mine", registering(sealed)) == (409, {"error": "taken"})


def test_contact_is_for_ones_own_device(sealed, device, bo, browse):
    since = timezone.now() - timedelta(days=2)
    body = {"device": str(sealed.id), "unsent": 2, "oldest_unsent_at": since.isoformat()}

    assert post(browse(sealed.owner), "contact", body) == (200, {"revoked": False})
    device.refresh_from_db()
    assert (device.unsent_count, device.oldest_unsent_at) == (2, since)

    body["unsent"] = 7
    assert post(browse(bo), "contact", body) == (404, {"error": "not_found"})
    body["device"] = str(uuid.uuid4())
    assert post(browse(sealed.owner), "contact", body) == (404, {"error": "not_found"})
    device.refresh_from_db()
    assert device.unsent_count == 2

    actions.shut_out(device, at=AT)
    body["device"] = str(sealed.id)
    assert post(browse(sealed.owner), "contact", body) == (200, {"revoked": True})


@pytest.mark.parametrize(
    "wrong",
    [
        {"unsent": -1},
        {"unsent": True},
        {"unsent": "2"},
        {"unsent": 1.5},
        {"oldest_unsent_at": "yesterday"},
        {"oldest_unsent_at": "2027-06-15T12:00:00"},
        {"oldest_unsent_at": 5},
    ],
)
def test_what_is_no_contact_is_malformed(sealed, device, browse, wrong):
    body = {"device": str(sealed.id), "unsent": 2, **wrong}

    assert post(browse(sealed.owner), "contact", body) == (400, {"error": "malformed"})


def test_more_than_any_device_holds_is_kept_as_very_many(sealed, device, browse):
    body = {"device": str(sealed.id), "unsent": 10**30}

    assert post(browse(sealed.owner), "contact", body)[0] == 200
    device.refresh_from_db()
    assert device.unsent_count == actions.MOST_UNSENT


def test_the_key_is_for_its_owner_who_has_just_signed_in(sealed, device, bo, browse):
    fresh = browse(sealed.owner, fresh=FRESH_SECONDS - 20)

    status, told = post(fresh, "open", opening(sealed))

    assert (status, told) == (200, {"opened": b64encode(sealed.key).decode()})
    for stale in (None, FRESH_SECONDS + 1):
        client = browse(sealed.owner, fresh=stale)
        assert post(client, "open", opening(sealed)) == (403, {"error": "reauthenticate"})
    assert post(browse(bo, fresh=0), "open", opening(sealed)) == (404, {"error": "not_found"})


def test_what_the_server_cannot_open_is_told(sealed, device, browse):
    client = browse(sealed.owner, fresh=0)

    assert post(client, "open", opening(sealed, wrapped="AAAA")) == (422, {"error": "unopened"})
    assert post(client, "open", opening(sealed, key="0" * 16)) == (409, {"error": "key_gone"})
    assert post(client, "open", opening(sealed, wrapped="ø"))[0] == 400
    actions.shut_out(device, at=AT)
    assert post(client, "open", opening(sealed)) == (403, {"error": "revoked"})


def test_without_the_token_nothing_is_done(sealed, device, browse):
    signed_in = browse(sealed.owner, fresh=0)
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in.cookies

    for name in ("mine", "contact", "open"):
        assert post(client, name, opening(sealed))[0] == 403


def test_contact_takes_few_queries(sealed, device, browse, django_assert_max_num_queries):
    client = browse(sealed.owner)
    body = {"device": str(sealed.id), "unsent": 2}
    post(client, "contact", body)

    with django_assert_max_num_queries(4):  # session, account, device, contact
        post(client, "contact", body)
