"""Telling somebody that something happened: any app says it, :mod:`notices` delivers it.

An app registers in ``AppConfig.ready`` what it may have to tell, and tells it inside the
transaction that made it true::

    register(Kind("mentoring.planned", _("Planned sessions"), _("Session planned: %(when)s")))
    tell(person, "mentoring.planned", {"when_at": …, "zone": …, "town": …}, url="mentoring:plans")

What is told is kept and mailed: facts are ids, moments, numbers, names of towns and titles of
published texts. Never what a session says, never what a person typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal
from django.utils.functional import Promise

#: Sent with ``person``, ``notice`` (a :class:`Notice`) by :func:`tell`.
told = Signal()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that is told.

    Args:
        key: Names it for ever, ``app.what``.
        about: What it is about, in a few words.
        title: One sentence, with the facts in ``%(name)s``. A fact ``when_at``, with ``zone`` and
            ``town``, becomes ``%(when)s`` as people say it; a day ``begins_on`` ``%(begins)s``.
        more: What to do now; may be empty.
        always: Mailed at once whatever the person chose: it is about their account or data.
    """

    key: str
    about: "str | Promise"
    title: "str | Promise"
    more: "str | Promise" = ""
    always: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that leaves with the mail; made in code, never uploaded."""

    name: str
    content: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told once: its kind, facts, and the name and arguments of where it leads."""

    kind: str
    facts: Mapping[str, Any]
    url: str = ""
    url_args: Sequence[Any] = ()
    attachments: Sequence[Attachment] = ()


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add ``kind``, or replace the one with its key."""
    _kinds[kind.key] = kind


def kind_of(key: str) -> Kind | None:
    """The kind of that key; none for one that a release has dropped."""
    return _kinds.get(key)


def kind_told(key: str) -> Kind:
    """The kind of that key, which this release tells.

    Raises:
        ValueError: Nobody registered it.
    """
    if key not in _kinds:
        raise ValueError(f"Nobody has registered {key}.")
    return _kinds[key]


def kinds() -> list[Kind]:
    """Every kind, by its key."""
    return [_kinds[key] for key in sorted(_kinds)]


def tell(
    person: Any,
    kind: str,
    facts: Mapping[str, Any],
    *,
    url: str = "",
    url_args: Sequence[Any] = (),
    attachments: Sequence[Attachment] = (),
) -> None:
    """Tell ``person``; heard by :mod:`notices`, in the running transaction.

    Raises:
        ValueError: For a kind that nobody registered.
    """
    notice = Notice(kind_told(kind).key, dict(facts), url, tuple(url_args), tuple(attachments))
    told.send(None, person=person, notice=notice)
