"""The kinds of records: who takes which, and how a domain reads what was sent and says no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from core.canonical import content_hash
from people.models import Person
from people.permissions import Standing


class Malformed(ValueError):
    """What was sent is no record of its kind."""


class Refused(Exception):
    """The domain does not take the record: nothing was kept.

    Args:
        code: The reason, in one word for programs.
        status: 404, 409, 410 or 422.
        told: What the device needs to show it; never the text that was sent.
    """

    def __init__(self, code: str, status: int = 422, **told: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.told = told


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a record: the person, what they may do today, and the request it came with."""

    person: Person
    standing: Standing
    request: HttpRequest


@dataclass(frozen=True, slots=True)
class Sent:
    """One record as it came. ``made_at`` is what the device's clock said, ``at`` what ours says."""

    id: UUID
    kind: str
    subject: UUID | None
    content: Mapping[str, Any]
    made_at: datetime
    sha256: str
    looked_again: bool
    at: datetime

    @classmethod
    def read(cls, key: UUID, letter: Any, *, at: datetime) -> "Sent":
        """What ``letter`` says.

        Raises:
            Malformed: It is no record.
        """
        try:
            hashed = {name: letter[name] for name in ("kind", "subject", "content", "made_at")}
            made_at = parse_datetime(hashed["made_at"])
            if made_at is None or made_at.tzinfo is None or not isinstance(hashed["kind"], str):
                raise Malformed("made_at")
            if not isinstance(hashed["content"], dict) or holds_nul(hashed):
                raise Malformed("content")
            return cls(
                id=key,
                kind=hashed["kind"],
                subject=None if hashed["subject"] is None else UUID(hashed["subject"]),
                content=hashed["content"],
                made_at=made_at,
                sha256=content_hash(hashed),
                looked_again=letter.get("looked_again") is True,
                at=at,
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Malformed("record") from error

    @property
    def about(self) -> UUID:
        """The subject of a record that has one.

        Raises:
            Malformed: Without one.
        """
        if self.subject is None:
            raise Malformed("subject")
        return self.subject

    def text(self, name: str, default: str | None = None) -> str:
        """A text of the content.

        Raises:
            Malformed: For anything else, and without one where there is no ``default``.
        """
        value = self.content.get(name, default)
        if not isinstance(value, str):
            raise Malformed(name)
        return value

    def choice(self, name: str, *values: str) -> str:
        """One of ``values``."""
        value = self.text(name)
        if value not in values:
            raise Malformed(name)
        return value

    def number(self, name: str) -> int:
        """A whole number from nought on."""
        value = self.content.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
            raise Malformed(name)
        return value

    def flag(self, name: str) -> bool:
        """Yes or no."""
        value = self.content.get(name)
        if not isinstance(value, bool):
            raise Malformed(name)
        return value

    def key(self, name: str) -> UUID:
        """An id."""
        return as_key(self.content.get(name), name)

    def day(self, name: str) -> date:
        """A day."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise Malformed(name) from error

    def moment(self, name: str) -> datetime | None:
        """A moment with its time zone, if it is stated; never later than now."""
        if self.content.get(name) is None:
            return None
        try:
            value = parse_datetime(self.text(name))
        except ValueError as error:
            raise Malformed(name) from error
        if value is None or value.tzinfo is None:
            raise Malformed(name)
        return min(value, self.at)


def as_key(value: object, name: str) -> UUID:
    """``value`` as an id.

    Raises:
        Malformed: It is none.
    """
    try:
        return UUID(value) if isinstance(value, str) else _none(name)
    except ValueError as error:
        raise Malformed(name) from error


def _none(name: str) -> UUID:
    raise Malformed(name)


def holds_nul(value: object) -> bool:
    """Whether a text in ``value`` holds the character that no database keeps."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(map(holds_nul, (*value, *value.values())))
    return isinstance(value, list) and any(map(holds_nul, value))


Keep = Callable[[Sender, Sent], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Args:
        keep: Does what the web page does, by the very same action, and gives what the receipt
            says of it. Runs in the transaction of the record. May raise ``Refused``,
            ``Malformed``, ``Http404`` and ``ValidationError``.
        content: Its content, in the words of JSON Schema.
        subject: What its subject is, in a sentence; empty for a kind without one.
        outcome: What the receipt says of it, in the words of JSON Schema.
    """

    name: str
    keep: Keep
    content: Mapping[str, Any]
    subject: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Take records of these kinds; called from ``AppConfig.ready``."""
    _kinds.update({kind.name: kind for kind in kinds})


def kinds() -> list[Kind]:
    """Every kind, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        Malformed: There is none.
    """
    if name not in _kinds:
        raise Malformed("kind")
    return _kinds[name]
