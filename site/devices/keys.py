"""The server's key pair for devices: a device wraps its own key with the public half.

So a forgotten PIN loses nothing. What is wrapped names its owner and its device in the label of
RSA-OAEP: it opens for nobody else. docs/device-safety.md tells the whole.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings

BITS = 3072
#: Bytes of a device's own key (AES-256).
KEY_BYTES = 32
_END = b"-----END PRIVATE KEY-----"


class NoKey(LookupError):
    """The server has no key, or none of this id: whoever runs it has to put it in place."""


class Unopened(ValueError):
    """This was not wrapped for this owner on this device."""


def public_key() -> tuple[str, str]:
    """The id of the key that devices are to use, and its public half (SPKI, base64).

    Raises:
        NoKey: If the server has none.
    """
    keys = _keys()
    if not keys:
        raise NoKey("SIDEMAND_DEVICE_KEY_FILE names no key.")
    key_id, key = next(iter(keys.items()))
    return key_id, base64.b64encode(_spki(key)).decode()


def unwrap(wrapped: bytes, *, key_id: str, owner: UUID, device: UUID) -> bytes:
    """The key of ``device``, which it wrapped with our key ``key_id``.

    Raises:
        NoKey: If that key is gone.
        Unopened: If it is not that of this owner and this device.
    """
    key = _keys().get(key_id)
    if key is None:
        raise NoKey(key_id)
    label = f"sidemand/1/{owner}/{device}".encode()
    way = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label)
    try:
        opened = key.decrypt(wrapped, way)
    except ValueError:
        raise Unopened from None
    if len(opened) != KEY_BYTES:
        raise Unopened
    return opened


def fingerprint(key: bytes) -> str:
    """By what the server knows a device's key again, without keeping it."""
    return hashlib.sha256(key).hexdigest()


# --- The file -----------------------------------------------------------------------------------


def make(path: Path) -> None:
    """Put a new key first in the file at ``path``; those that are there stay, and still open."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    before = path.read_bytes() if path.exists() else b""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(pem + before)
    unfinished.replace(path)


def _keys() -> Mapping[str, rsa.RSAPrivateKey]:
    path = settings.SIDEMAND_DEVICE_KEY_FILE
    if not path or not Path(path).is_file():
        return {}
    return _read(Path(path).read_bytes())


@lru_cache(maxsize=4)
def _read(pems: bytes) -> Mapping[str, rsa.RSAPrivateKey]:
    """The keys of a file by their id, the first first."""
    keys: dict[str, rsa.RSAPrivateKey] = {}
    for pem in pems.split(_END)[:-1]:
        key = serialization.load_pem_private_key(pem.lstrip() + _END, password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise NoKey("The file holds a key that is no RSA key.")
        keys[hashlib.sha256(_spki(key)).hexdigest()[:16]] = key
    return keys


def _spki(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
