"""The server's key for devices: its file, and who it opens for. The browser's side is tested in
``tests/browser/device``."""

import stat
import uuid
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.management import CommandError, call_command

from devices import keys

OWNER, DEVICE = uuid.UUID(int=1), uuid.UUID(int=2)
SECRET = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path, settings) -> Path:
    settings.SIDEMAND_DEVICE_KEY_FILE = str(tmp_path / "keys" / "device-key.pem")
    return tmp_path / "keys" / "device-key.pem"


@pytest.fixture(autouse=True)
def _small_keys(monkeypatch) -> None:
    """Drawing a large key takes a second; how it is used does not hang on its size."""
    monkeypatch.setattr(keys, "BITS", 2048)


def wrap(secret: bytes = SECRET, owner: uuid.UUID = OWNER, device: uuid.UUID = DEVICE) -> bytes:
    """What a device makes of its key."""
    public = serialization.load_der_public_key(b64decode(keys.public_key()[1]))
    assert isinstance(public, rsa.RSAPublicKey)
    label = f"sidemand/1/{owner}/{device}".encode()
    way = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label)
    return public.encrypt(secret, way)


def test_what_a_device_wrapped_opens_for_its_owner_on_it_alone(path):
    keys.make(path)
    key_id, _spki = keys.public_key()
    wrapped = wrap()

    assert keys.unwrap(wrapped, key_id=key_id, owner=OWNER, device=DEVICE) == SECRET
    for owner, device in [(DEVICE, DEVICE), (OWNER, OWNER), (DEVICE, OWNER)]:
        with pytest.raises(keys.Unopened):
            keys.unwrap(wrapped, key_id=key_id, owner=owner, device=device)


@pytest.mark.parametrize("wrapped", [b"", b"\0" * 256, b"x" * 255])
def test_what_was_not_wrapped_is_refused(path, wrapped):
    keys.make(path)

    with pytest.raises(keys.Unopened):
        keys.unwrap(wrapped, key_id=keys.public_key()[0], owner=OWNER, device=DEVICE)


def test_a_secret_of_another_length_is_no_key(path):
    keys.make(path)

    with pytest.raises(keys.Unopened):
        keys.unwrap(wrap(SECRET[:-1]), key_id=keys.public_key()[0], owner=OWNER, device=DEVICE)


def test_a_renewed_key_is_the_one_to_use_and_the_old_one_still_opens(path):
    call_command("make_device_key")
    old_id, _spki = keys.public_key()
    wrapped = wrap()

    call_command("make_device_key", renew=True)

    new_id, _spki = keys.public_key()
    assert new_id != old_id
    assert keys.unwrap(wrapped, key_id=old_id, owner=OWNER, device=DEVICE) == SECRET
    with pytest.raises(keys.Unopened):
        keys.unwrap(wrapped, key_id=new_id, owner=OWNER, device=DEVICE)
    with pytest.raises(keys.NoKey):
        keys.unwrap(wrapped, key_id="0" * 16, owner=OWNER, device=DEVICE)


def test_the_command_never_replaces_a_key(path, settings):
    call_command("make_device_key", once=True)
    made = path.read_bytes()

    call_command("make_device_key", once=True)
    with pytest.raises(CommandError, match="--renew"):
        call_command("make_device_key")

    assert path.read_bytes() == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings.SIDEMAND_DEVICE_KEY_FILE = ""
    with pytest.raises(CommandError, match="names no file"):
        call_command("make_device_key")


def test_without_a_file_there_is_no_key(path, settings):
    with pytest.raises(keys.NoKey):
        keys.public_key()
    settings.SIDEMAND_DEVICE_KEY_FILE = ""
    with pytest.raises(keys.NoKey):
        keys.public_key()


def test_a_file_with_another_kind_of_key_is_told(path):
    path.parent.mkdir()
    path.write_text(
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8Q"
        "ERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n"
    )

    with pytest.raises(keys.NoKey):
        keys.public_key()
