"""The texts of a page, one by one, as a translator gets them; and how two of them differ.

A passage is named by its place (a field, or the ids of the blocks around it), which a translation
keeps. What is compared is its words: markup, links and pictures follow the Danish page.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.text import capfirst
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from core.seen_versions import LETTERS
from rules.differences import Piece, pieces

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
#: Part of the address, not of the text.
NOT_READ = frozenset({"slug"})


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a page: where it stands, and as the translator's HTML."""

    path: str
    data: str

    @property
    def words(self) -> str:
        """What is read."""
        return words_of(self.data)

    @property
    def key(self) -> tuple[str, str]:
        """Where it stands and what is read there."""
        return self.path, self.words


@dataclass(frozen=True, slots=True)
class Changed:
    """One passage as it was and as it is now, each in pieces; one that was added has no before."""

    label: str
    before: Sequence[Piece]
    after: Sequence[Piece]


def words_of(data: str) -> str:
    """The words of a translator's HTML."""
    return " ".join(html.unescape(_TAG.sub("", _BREAK.sub(" ", data))).split())


def passages_of(page: Page) -> list[Passage]:
    """Every text of ``page`` in its order."""
    return [
        Passage(segment.path, segment.string.data)
        for segment in extract_segments(page)
        if isinstance(segment, StringSegmentValue) and segment.path not in NOT_READ
    ]


def told(passages: Iterable[Passage]) -> list[list[str]]:
    """The passages as they are kept: places and words."""
    return [list(passage.key) for passage in passages]


def digest_of(passages: Iterable[Passage]) -> str:
    """Names exactly these words in these places."""
    return hashlib.sha256(
        json.dumps(told(passages), ensure_ascii=False).encode("utf-8", "surrogatepass")
    ).hexdigest()


def version_of(passages: Iterable[Passage]) -> str:
    """Names what is read in letters, for a form that says what its reader had before them.

    Places are left out: a list that is stored without ids gets new ones whenever it is read.
    """
    said = json.dumps([passage.words for passage in passages])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest().translate(LETTERS)


def changes(
    before: Iterable[Sequence[str]], after: Iterable[Sequence[str]], page: Page
) -> list[Changed]:
    """The passages that differ, in the order of the page as it is now; what is gone comes last."""
    old, new = _by_place(before), _by_place(after)
    return [
        changed
        for path in dict.fromkeys([*new, *old])
        for changed in _of_place(old.get(path, []), new.get(path, []), label_of(page, path))
    ]


def _by_place(told_ones: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, words in told_ones:
        found.setdefault(path, []).append(words)
    return found


def _of_place(old: list[str], new: list[str], label: str) -> Iterator[Changed]:
    """Paragraphs of one place are paired in their order, where they begin and cease to differ."""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for at in range(max(b - a, d - c)):
            left = old[a + at] if a + at < b else ""
            right = new[c + at] if c + at < d else ""
            yield Changed(label, *pieces(left, right))


def label_of(page: Page, path: str) -> str:
    """What an editor calls the place ``path`` of ``page``: "Fact box: Heading"."""
    return ": ".join(str(name) for name, _block in _steps(page, path) if name)


def room_for(page: Page, path: str) -> int | None:
    """How many characters fit into the place; none where there is no limit."""
    steps = list(_steps(page, path))
    if not steps:
        return None
    place = steps[-1][1]
    return getattr(getattr(place, "field", place), "max_length", None)


def _steps(page: Page, path: str) -> Iterator[tuple[str, Any]]:
    """The field, or the blocks, that lead to a place, each with its name; list items have none."""
    name, *rest = path.split(".")
    field = page._meta.get_field(name)
    value = field.value_from_object(page) if rest else None
    if not isinstance(value, StreamValue):
        yield capfirst(str(getattr(field, "verbose_name", name))), field
        return
    child = next((child for child in value if child.id == rest[0]), None)
    if child is None:
        return
    block: Any = child.block
    yield str(block.label), block
    for part in rest[1:]:
        children = getattr(block, "child_blocks", None)
        if children is None:
            block = getattr(block, "child_block", None)
            yield "", block
        elif part in children:
            block = children[part]
            yield str(block.label), block
        else:
            return
