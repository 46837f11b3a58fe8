"""Devices, their owners, and the key of the server."""

import json
import os
import shutil
import time
import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client

from devices import actions, keys
from devices.models import Device
from people.models import Person
from tests.factories.mentoring import caseworker_of, content_for
from tests.factories.people import make_person

AT = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)
NAME = "Chrome, Android"


def wrap(key: bytes, owner: Person, device: uuid.UUID) -> bytes:
    """What a browser makes of its own key for the server; anybody could, the key is public."""
    public = serialization.load_der_public_key(b64decode(keys.public_key()[1]))
    assert isinstance(public, rsa.RSAPublicKey)
    label = f"sidemand/1/{owner.pk}/{device}".encode()
    way = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label)
    return public.encrypt(key, way)


class Sealed:
    """What a browser holds of a device: its own key, and that key wrapped for the server."""

    def __init__(self, owner: Person) -> None:
        self.id = uuid.uuid4()
        self.owner = owner
        self.key = os.urandom(32)
        self.key_id = keys.public_key()[0]
        self.wrapped = wrap(self.key, owner, self.id)

    def register(self, **changes: Any) -> Device:
        """Make the server know it."""
        facts: dict[str, Any] = {
            "device_id": self.id,
            "name": NAME,
            "is_shared": False,
            "fingerprint": keys.fingerprint(self.key),
            "at": AT,
        }
        return actions.register(self.owner, **{**facts, **changes})

    def seal(
        self, letter: Any, record: uuid.UUID | None = None, *, store: str = "records"
    ) -> dict[str, str]:
        """One record of the file, as the device seals it; or a draft."""
        record = record or uuid.uuid4()
        name = f"sidemand/1/{store}/{self.owner.pk}/{record}".encode()
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(self.key).encrypt(nonce, json.dumps(letter).encode(), name)
        return {"id": str(record), "sealed": b64encode(sealed).decode()}

    def file(self, *records: dict[str, str], **changes: Any) -> bytes:
        """The file that the device saves."""
        letter = {
            "format": "sidemand-unsent/1",
            "device": str(self.id),
            "made_at": "2026-02-01T12:00:00.000Z",
            "key": self.key_id,
            "wrapped": b64encode(self.wrapped).decode(),
            "records": list(records),
            **changes,
        }
        return json.dumps(letter).encode()


@pytest.fixture(scope="session")
def _key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "device-key.pem"
    keys.make(path)
    return path


@pytest.fixture
def server_key(_key: Path, tmp_path: Path, settings: Any) -> Path:
    """The file of the server's key."""
    own = tmp_path / "device-key.pem"
    shutil.copyfile(_key, own)
    settings.SIDEMAND_DEVICE_KEY_FILE = str(own)
    return own


@pytest.fixture
def anna(db: None) -> Person:
    return make_person()


@pytest.fixture
def bo(db: None) -> Person:
    return make_person()


@pytest.fixture
def sealed(server_key: Path, anna: Person) -> Sealed:
    """Anna's browser."""
    return Sealed(anna)


@pytest.fixture
def device(sealed: Sealed) -> Device:
    """Anna's device, as the server knows it."""
    return sealed.register()


Browse = Callable[..., Client]


@pytest.fixture
def browse() -> Browse:
    """A browser in which this person has signed in; ``fresh`` seconds ago with the password."""

    def signed_in(person: Person, fresh: float | None = None) -> Client:
        client = Client()
        assert person.user is not None
        client.force_login(person.user)
        if fresh is not None:
            session = client.session
            session["account_authentication_methods"] = [
                {"method": "password", "at": time.time() - fresh}
            ]
            session["account_authentication_methods_user"] = str(person.user.pk)
            session.save()
        return client

    return signed_in


def session_letter(pairing: Any, mentor: Person, **changes: Any) -> dict[str, Any]:
    """What the queue of a device seals for a session: method, address and body."""
    content = content_for(caseworker_of(pairing), held_on="2026-01-05")
    content |= changes.pop("content", {})
    body = {
        "pairing": str(pairing.pk),
        "version": str(uuid.uuid4()),
        "device_at": "2026-01-05T12:00:00-02:00",
        "content": content,
        **changes,
    }
    return {"method": "PUT", "url": f"/api/v1/sessions/{uuid.uuid4()}", "body": body}
