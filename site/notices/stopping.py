"""Stopping mail from the mail itself: one press, no sign-in.

The address is made of the account's person and a signature, in letters alone: digits in a row
may look like a CPR number, and no address that does is ever answered. It stops mail and nothing
else, so it may be as long-lived as the mail it stands in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise
from django.utils.translation import override

from core.mail import absolute_url
from people.models import Person

_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
_DIGITS = str.maketrans("ghijklmnopabcdef", "0123456789abcdef")
_KEY_LENGTH, _PROOF_LENGTH = 32, 40


@dataclass(frozen=True, slots=True)
class Stoppable:
    """One sort of mail that can be stopped: what it is about, and what stops it."""

    key: str
    about: "str | Promise"
    stop: Callable[[Person], None]


_stoppable: dict[str, Stoppable] = {}


def register(stoppable: Stoppable) -> None:
    """Add it, or replace the one with its key; an app does so in ``AppConfig.ready``."""
    _stoppable[stoppable.key] = stoppable


def address(person: Person, key: str) -> str:
    """The full address that stops mail of the sort ``key`` to ``person``."""
    with override(person.language):
        return absolute_url(reverse("notices:stop", args=[key, token_of(person, key)]))


def token_of(person: Person, key: str) -> str:
    """The secret of that address."""
    return person.pk.hex.translate(_LETTERS) + _proof(person.pk, key)


def find(key: str, token: str) -> "tuple[Person, Stoppable] | None":
    """Whose mail of which sort ``token`` stops; none for one that we did not make."""
    stoppable = _stoppable.get(key)
    if stoppable is None or len(token) != _KEY_LENGTH + _PROOF_LENGTH:
        return None
    try:
        pk = UUID(token[:_KEY_LENGTH].translate(_DIGITS))
    except ValueError:
        return None
    if not constant_time_compare(token[_KEY_LENGTH:], _proof(pk, key)):
        return None
    person = Person.objects.filter(pk=pk).first()
    return None if person is None else (person, stoppable)


def headers(person: Person, key: str) -> dict[str, str]:
    """The lines by which a mail program offers to stop it with one press (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{address(person, key)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _proof(pk: UUID, key: str) -> str:
    made = salted_hmac("notices.stopping", f"{key}:{pk}", algorithm="sha256").hexdigest()
    return made[:_PROOF_LENGTH].translate(_LETTERS)
