"""Sending from a device: every status, and never a page that looks like success."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.actions import confirm_sessions, erase_session
from mentoring.models import Pairing, Session, SessionVersion
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(pairing: Pairing, browse: Callable[[Person], Client]) -> Client:
    return browse(mentor_of(pairing))


def letter(pairing: Pairing, **changes: Any) -> dict[str, Any]:
    content = content_for(caseworker_of(pairing), held_on="2026-01-05")
    return {
        "pairing": str(pairing.pk),
        "session": str(uuid.uuid4()),
        "version": str(uuid.uuid4()),
        "device_at": "2026-01-05T12:00:00-02:00",
        "content": content | changes.pop("content", {}),
        **changes,
    }


def post(client: Client, body: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(reverse("mentoring:api-sessions"), raw, content_type="application/json")


def test_first_arrival_is_201_and_the_same_again_200_with_the_same_receipt(
    device: Client, pairing: Pairing
) -> None:
    body = letter(pairing)

    first, again = post(device, body), post(device, body)

    version = SessionVersion.objects.get()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["sha256"] == version.sha256
    assert first.json()["session"] == body["session"]
    assert version.device_at is not None


def test_one_log_is_small(device: Client, pairing: Pairing) -> None:
    body = letter(pairing, content={"went_well": "æ" * 500, "next_step": "ø" * 500})
    assert len(json.dumps(body, ensure_ascii=False).encode()) <= 4096
    assert len(post(device, body).content) <= 1024


def test_other_content_is_409_with_both_versions(device: Client, pairing: Pairing) -> None:
    body = letter(pairing)
    post(device, body)

    response = post(device, body | {"content": body["content"] | {"minutes": 15}})

    assert response.status_code == 409
    told = response.json()
    assert told["error"] == "conflict"
    assert (told["current"]["content"]["minutes"], told["kept"]["content"]["minutes"]) == (90, 15)


def test_right_parent_makes_a_new_version(device: Client, pairing: Pairing) -> None:
    body = letter(pairing)
    post(device, body)
    edit = letter(pairing, session=body["session"], parent=body["version"], content={"minutes": 15})

    assert post(device, edit).status_code == 201
    assert Session.objects.get().minutes == 15


def test_locked_is_409_and_erased_410(device: Client, pairing: Pairing) -> None:
    body = letter(pairing)
    post(device, body)
    session = Session.objects.get()
    edit = letter(pairing, session=body["session"], parent=body["version"], content={"minutes": 15})
    confirm_sessions(caseworker_of(pairing), [session.current_id], at=timezone.now())
    assert (post(device, edit).status_code, post(device, edit).json()) == (
        409,
        {"error": "locked"},
    )

    erase_session(session, by=mentor_of(pairing), reason="mistake", at=timezone.now())
    assert post(device, edit).status_code == 410
    assert post(device, body).status_code == 200  # what was sent was received


def test_invalid_is_422_with_fields_and_never_the_text(device: Client, pairing: Pairing) -> None:
    number = "-".join(["010190", "1234"])
    response = post(device, letter(pairing, content={"minutes": 0, "went_well": number}))

    assert response.status_code == 422
    assert set(response.json()["fields"]) == {"minutes", "went_well"}
    assert number not in response.content.decode()
    assert not Session.objects.exists()


def test_warnings_are_422_until_the_author_has_looked(device: Client, pairing: Pairing) -> None:
    body = letter(pairing, content={"went_well": "Barnet er 7 år."})
    response = post(device, body)
    assert response.status_code == 422
    assert response.json()["warnings"] == {"went_well": [["age", 10, 14]]}
    assert post(device, body | {"looked_again": True}).status_code == 201


def test_signed_out_is_401_in_json(client: Client, pairing: Pairing) -> None:
    response = post(client, letter(pairing))
    assert (response.status_code, response.json()) == (401, {"error": "sign_in"})


def test_pairing_of_others_is_404(pairing: Pairing, browse: Callable[[Person], Client]) -> None:
    stranger = browse(mentor_of(make_pairing(place=make_town("Uummannaq"))))
    assert post(stranger, letter(pairing)).status_code == 404
    assert post(browse(make_person("caseworker")), letter(pairing)).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'"text"',
        b"[" * 3000,
        b'{"content": {}}',
        b'{"content": [], "pairing": 1}',
        b'{"minutes": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_letter_is_400(device: Client, body: bytes) -> None:
    assert post(device, body).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"session": "x"},
        {"version": 5},
        {"parent": ["x"]},
        {"device_at": "yesterday"},
        {"device_at": "2026-01-05T12:00:00"},
        {"content": {"went_well": "\ud800"}},
        {"content": {"participants": {"a": 1}}},
        {"content": {"minutes": float("nan")}},
        {"content": {"held_on": "9999-99-99"}},
        {"content": {"topics": [[]]}},
        {"content": {"place": {"x": 1}}},
        {"content": {"schema": "1"}},
    ],
)
def test_strange_values_are_refused(
    device: Client, pairing: Pairing, changes: dict[str, Any]
) -> None:
    assert post(device, letter(pairing, **changes)).status_code in {400, 422}
    assert not Session.objects.exists()


def test_too_large_is_413(device: Client, pairing: Pairing) -> None:
    assert post(device, letter(pairing, content={"tools": "x" * 20_000})).status_code == 413
