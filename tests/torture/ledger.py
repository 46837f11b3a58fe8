"""What was typed, and what must be found of it: kept beside the browsers, never asked of them."""

import random
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from mentoring.models.session import MOST_CHARACTERS

#: What a mentor may write, and what has been lost by others: characters of two bytes to four, a
#: letter and its accent apart, both directions, markup, formulas, ends of lines.
PIECES = (
    *("Øvede samtalen på kontoret.", "Illoqarfimmi ilinniartitsineq.", "ĸaĸaĸ, æøå, ÆØÅ"),
    *("\U0001f9ca \U0001f468\u200d\U0001f469\u200d\U0001f467", "e\u0301 og a\u030a hver for sig"),
    *("\u05e9\u05dc\u05d5\u05dd", "<b>ikke fed</b> &amp; &lt;", "=SUM(A1)", "'; DROP TABLE --"),
    *("linje\nog\n\nlinje", "\ttabulator", "…  to  mellemrum", "\u00a0hårdt\u00a0mellemrum\u00a0x"),
)


def written(number: int, chance: random.Random) -> str:
    """A text that no other resembles: it begins with its number."""
    pieces = chance.choices(PIECES, k=chance.randint(1, 6))
    return f"[{number:05d}] " + " ".join(pieces) + " ."


def spelt(text: str) -> str:
    """As it is kept: one spelling of each letter, one end of lines."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


@dataclass
class Entry:
    """One text as it stood in a form.

    Args:
        is_sure: The device has acknowledged it: it was there for a second, or was queued.
        heirs: Texts that were made from it and hold all of it, or that its writer put in its place.
    """

    text: str
    is_sure: bool = False
    heirs: "list[Entry]" = field(default_factory=list)


@dataclass
class Ledger:
    """Every text of a run."""

    chance: random.Random
    entries: list[Entry] = field(default_factory=list)

    def write(self) -> Entry:
        """A new text."""
        return self._add(written(len(self.entries), self.chance))

    def go_on(self, text: str) -> Entry:
        """A text that begins with another, which is known or was found on a device.

        Where a field holds no more, the new text stands in the place of the other.
        """
        new = written(len(self.entries), self.chance)
        longer = f"{text} {new}"
        entry = self._add(longer if len(spelt(longer)) <= MOST_CHARACTERS else new)
        before = self.of(text)
        if before is not None:
            before.heirs.append(entry)
        return entry

    def of(self, text: str) -> Entry | None:
        """The entry of this very text."""
        return next((one for one in self.entries if spelt(one.text) == spelt(text)), None)

    def _add(self, text: str) -> Entry:
        self.entries.append(Entry(text))
        return self.entries[-1]

    # --- The end -------------------------------------------------------------------------------

    def lost(self, found: Iterable[str]) -> list[str]:
        """What is sure and nowhere, neither itself nor what was made from it."""
        there = {spelt(text) for text in found}

        def is_there(entry: Entry) -> bool:
            return spelt(entry.text) in there or any(map(is_there, entry.heirs))

        return [one.text for one in self.entries if one.is_sure and not is_there(one)]

    def altered(self, stored: Iterable[str]) -> list[str]:
        """What is stored and was never typed."""
        typed = {spelt(one.text) for one in self.entries}
        return [text for text in stored if text not in typed]

    def known(self, texts: Iterable[str]) -> set[str]:
        """Those of the texts that are of this ledger: a row shows days and names beside them."""
        typed = {spelt(one.text) for one in self.entries}
        return typed & set(texts)

    @staticmethod
    def doubled(stored: Iterable[str]) -> list[str]:
        """What is stored more than once."""
        return [text for text, count in Counter(stored).items() if count > 1]
