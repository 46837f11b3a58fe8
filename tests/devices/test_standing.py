"""A device that nobody is signed in on asks whether its owner's account is open."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from devices.models import Device
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
STANDING = "/api/v1/device/standing/"


def device_of(owner: Any) -> Device:
    now = timezone.now()
    return Device.objects.create(
        owner=owner,
        name="Chrome",
        is_shared=False,
        fingerprint=uuid.uuid4().hex * 2,
        registered_at=now,
        last_contact_at=now,
    )


def ask(client: Client, body: Any) -> Any:
    return client.post(STANDING, body, content_type="application/json")


@pytest.mark.parametrize(("is_active", "account"), [(True, "open"), (False, "closed")])
def test_it_is_told_whether_the_account_is_open_and_nothing_else(
    client: Client, account: str, *, is_active: bool
) -> None:
    owner = make_person()
    assert owner.user is not None
    owner.user.is_active = is_active
    owner.user.save()

    answer = ask(client, {"device": str(device_of(owner).pk)})

    assert (answer.status_code, answer.json()) == (200, {"account": account})


def test_a_device_that_is_not_known_learns_nothing(client: Client) -> None:
    assert ask(client, {"device": str(uuid.uuid4())}).json() == {"account": "unknown"}


@pytest.mark.parametrize("body", [{}, {"device": "x"}, {"device": 5}, [], b"{", b"\xff"])
def test_what_names_no_device_is_refused(client: Client, body: Any) -> None:
    assert ask(client, body).status_code == 400


def test_it_is_asked_by_post_so_that_the_id_stands_in_no_log(client: Client) -> None:
    assert client.get(STANDING).status_code == 405
