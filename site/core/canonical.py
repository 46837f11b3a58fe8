"""One spelling for one content: the bytes that a receipt's hash is taken of.

A subset of RFC 8785 (JSON Canonicalization Scheme), so that a device can make the same hash in
a few lines: sorted keys, no spaces, UTF-8, only what must be escaped is escaped. Text is in
Unicode form NFC first. There are no fractions, whose spelling is the hard part of the RFC.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping

Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None


def canonical_json(value: Json) -> bytes:
    """The one spelling of ``value``.

    Raises:
        ValueError: For a fraction, a key that is not ASCII, or half a surrogate pair.
    """
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8")


def content_hash(value: Json) -> str:
    """The SHA-256 of the canonical spelling, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _plain(value: Json) -> Json:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        if not all(key.isascii() for key in value):
            raise ValueError("Keys are ASCII.")
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        raise ValueError("Fractions have no agreed spelling.")  # noqa: TRY004  one error for all
    return value
