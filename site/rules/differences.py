"""What a rule says now and said before, word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rules.models import Rule

#: What makes a rule another rule. A new date of the check or a translation does not.
SUBSTANCE = (
    "statement_da",
    "paragraph",
    "deadline_da",
    "deadline_starts_da",
    "deadline_hours",
    "deadline_days",
    "deadline_months",
    "state",
)
#: What is shown side by side. The figures say what the time limit says in words.
SHOWN: Sequence[tuple[str, "Promise"]] = (
    ("paragraph", _("paragraph")),
    ("statement", _("the rule")),
    ("deadline", _("time limit")),
    ("deadline_starts", _("when the limit starts")),
)
#: A word with the blanks behind it.
_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text: kept, or left out or added by the change."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a rule before and after, each in pieces; a part that was empty has none."""

    label: "str | Promise"
    before: Sequence[Piece]
    after: Sequence[Piece]
    language: str = "da"

    @property
    def old(self) -> str:
        """The whole text before."""
        return "".join(piece.text for piece in self.before)

    @property
    def new(self) -> str:
        """The whole text after."""
        return "".join(piece.text for piece in self.after)


def is_another_rule(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two contents of a rule's versions differ in what they say."""
    return any(before.get(name) != after.get(name) for name in SUBSTANCE)


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], language: str = "da"
) -> list[Difference]:
    """The parts that differ, in ``language`` where both versions have it, else in Danish."""
    found = []
    for name, label in SHOWN:
        code = "da"
        if name != "paragraph":
            codes = (language, "da")
            code = next(
                (c for c in codes if _told(before, name, c) and _told(after, name, c)), "da"
            )
        old, new = _told(before, name, code), _told(after, name, code)
        if old != new:
            left, right = pieces(old, new)
            found.append(Difference(label, left, right, code))
    if before.get("state") != after.get("state"):
        states = dict(Rule.State.choices)
        old, new = (str(states.get(str(one.get("state")), "–")) for one in (before, after))
        found.append(Difference(_("state"), [Piece(old, True)], [Piece(new, True)]))
    return found


def _told(content: Mapping[str, Any], name: str, language: str) -> str:
    return str(content.get(name if name == "paragraph" else f"{name}_{language}") or "")


def pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, cut where they begin and cease to differ."""
    words = _WORDS.findall(old), _WORDS.findall(new)
    before, after = [], []
    for kind, a, b, c, d in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if b > a:
            before.append(Piece("".join(words[0][a:b]), kind != "equal"))
        if d > c:
            after.append(Piece("".join(words[1][c:d]), kind != "equal"))
    return before, after
