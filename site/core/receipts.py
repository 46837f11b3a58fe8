"""The code of a receipt: what one reads out on the phone to say which record is meant."""

import hashlib
from uuid import UUID

# Crockford's alphabet: no letter that looks or sounds like a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8


def code_of(key: UUID) -> str:
    """Eight characters for an id, always the same for the same one, for example ``7QK2-M9XD``."""
    drawn = int.from_bytes(hashlib.sha256(key.bytes).digest()[:5], "big")
    digits = [_ALPHABET[drawn >> 5 * place & 31] for place in range(_LENGTH)]
    return "".join(digits[:4]) + "-" + "".join(digits[4:])
