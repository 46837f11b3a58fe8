"""The code of a certificate: unguessable, and easy to read aloud and type.

Consonants alone make no words, are not taken for one another (no digits, no I, O, Y), and no code
can look like a citizen's number. Sixteen of twenty letters are 69 bits.
"""

import re
import secrets

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 16


def new_code() -> str:
    """A code that nobody has."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def read_code(typed: str) -> str | None:
    """The code in ``typed``, however it was spelled; none where it cannot be one."""
    code = re.sub(r"[\s\-–—_.]", "", typed).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
