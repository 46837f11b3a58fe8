"""Which parts of a translated page are still Danish, and how that is marked.

A page in Kalaallisut starts as a copy of the Danish one and keeps the ids of its blocks. A text
that still equals the Danish one has not been translated: it is marked ``lang="da"`` and drawn
with a thin line (``docs/translation.md``). Comparing texts needs no knowledge of how the
translation was made.
"""

from collections.abc import Mapping
from itertools import repeat
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import ChoiceBlock, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.rich_text import RichText

from pages.richtext import CleanText

SOURCE_LANGUAGE = settings.LANGUAGE_CODE


class Comparison:
    """How many texts of a block are still in Danish.

    ``mark`` walks through a block's value beside the Danish one and answers a copy in which
    each Danish text is marked on its own, for blocks that are translated in part.
    """

    def __init__(self) -> None:
        self.texts = 0
        self.danish = 0

    @property
    def is_untranslated(self) -> bool:
        """Whether there are texts and all of them are Danish."""
        return 0 < self.texts == self.danish

    def mark(self, value: Any, source: Any) -> Any:
        """``value`` with the texts that equal ``source`` marked as Danish."""
        if isinstance(value, RichText):
            return self._rich_text(value, source if isinstance(source, str) else "")
        if isinstance(value, StructValue):
            originals = source if isinstance(source, Mapping) else {}
            chosen = {
                name
                for name, block in value.block.child_blocks.items()
                if isinstance(block, ChoiceBlock)  # a word for the code, not for the reader
            }
            return StructValue(
                value.block,
                [
                    (name, part if name in chosen else self.mark(part, originals.get(name)))
                    for name, part in value.items()
                ],
            )
        if isinstance(value, ListValue):
            return self._list(value, source if isinstance(source, list) else [])
        if isinstance(value, str) and value.strip() and not isinstance(value, SafeString):
            return self._plain(value, source)
        return value

    def _plain(self, value: str, source: Any) -> str:
        if value.startswith(("http://", "https://")):
            return value
        self.texts += 1
        if value != source:
            return value
        self.danish += 1
        return format_html('<span class="fallback" lang="{}">{}</span>', SOURCE_LANGUAGE, value)

    def _list(self, value: ListValue, source: list[Any]) -> list[Any]:
        """Points are paired by their ids; a list that was stored without them, by place."""
        named = {
            item["id"]: item["value"]
            for item in source
            if isinstance(item, Mapping) and "id" in item
        }
        if named:
            return [self.mark(child.value, named.get(child.id)) for child in value.bound_blocks]
        places = [*source, *repeat(None, max(0, len(value) - len(source)))]
        return [self.mark(child, place) for child, place in zip(value, places, strict=False)]

    def _rich_text(self, value: RichText, source: str) -> RichText:
        originals = {_words(part) for part in _segments(BeautifulSoup(source, "html.parser"))}
        soup = BeautifulSoup(value.source, "html.parser")
        for part in _segments(soup):
            words = _words(part)
            if not words:
                continue
            self.texts += 1
            if words in originals:
                self.danish += 1
                part["lang"] = SOURCE_LANGUAGE
        return MarkedText(str(soup))


class MarkedText(CleanText):
    """Rich text whose Danish paragraphs carry ``lang`` and are drawn with the line beside."""

    def __html__(self) -> str:
        soup = BeautifulSoup(super().__html__(), "html.parser")
        for part in soup.find_all(lang=SOURCE_LANGUAGE):
            part["class"] = "fallback"
        return mark_safe(str(soup))  # noqa: S308  clean, and only a class was added


def _segments(soup: BeautifulSoup) -> list[Tag]:
    """What a translator gets one by one: list points, and other paragraphs."""
    return [
        part
        for part in soup.find_all(["p", "h2", "h3", "h4", "li", "blockquote"])
        if not part.find(["p", "li"])
    ]


def _words(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())
