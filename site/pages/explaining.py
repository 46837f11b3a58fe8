"""Words of the glossary explained where they first stand in the text of a page.

The word becomes a button that opens its meaning beside it: with a finger, a mouse or the keyboard,
without any script (the ``popover`` of HTML). A browser that does not know it shows the meaning as
plain text behind the word, so nothing is ever hidden from anybody. Each word is explained once per
page, in running text only: never in a heading, in a link or in what is still in another language.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from bs4 import BeautifulSoup
from bs4.element import NavigableString
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from pages.models import GlossaryTerm

#: Endings of Danish nouns and verbs; a longer rest makes another word ("underretningspligt").
ENDING = r"(?:e?n|e?t|e?r|e?rne|e?ne|e?s|e)?"
#: Where nothing is explained: what is pressed already, what is read at a glance.
NOT_IN = frozenset(["a", "button", "summary", "h1", "h2", "h3", "h4", "figcaption", "label"])


class Explainer:
    """Explains each of its words at the first place where it is asked to look and finds it."""

    def __init__(self, words: "Iterable[GlossaryTerm]", language: str) -> None:
        self.language = language
        self.left: dict[str, GlossaryTerm] = {
            term: word for word in words if (term := getattr(word, f"term_{language}"))
        }

    @classmethod
    def of(cls, children: Iterable[Any], language: str) -> Self:
        """For a body: the words that its block of words has chosen and that readers may see."""
        chosen = (
            word
            for child in children
            if child.block_type == "words"
            for word in child.value["words"]
        )
        return cls((word for word in chosen if word is not None and word.is_shown), language)

    def __call__(self, html: SafeString) -> SafeString:
        """``html`` with the first place of each word that is left explained."""
        if not self.left or not html:
            return html
        soup = BeautifulSoup(html, "html.parser")
        for text in list(soup.find_all(string=True)):
            if self.left and self._may_hold(text):
                self._explain_in(text)
        return mark_safe(str(soup))  # noqa: S308  clean html, and what our template drew

    def _may_hold(self, text: NavigableString) -> bool:
        return type(text) is NavigableString and not any(
            parent.name in NOT_IN or parent.get("lang", self.language) != self.language
            for parent in text.parents
        )

    def _explain_in(self, text: NavigableString) -> None:
        """Explain the first word found in ``text``; what stands behind it is looked at next."""
        found = self._first_in(str(text))
        if found is None:
            return
        term, match = found
        word = self.left.pop(term)
        html = render_to_string(
            "pages/explained_word.html",
            {"said": match.group(), "word": word, "key": word.key, "language": self.language},
        ).strip()
        rest = NavigableString(str(text)[match.end() :])
        text.insert_after(rest)
        for piece in reversed(list(BeautifulSoup(html, "html.parser").contents)):
            text.insert_after(piece)
        text.replace_with(NavigableString(str(text)[: match.start()]))
        self._explain_in(rest)

    def _first_in(self, text: str) -> "tuple[str, re.Match[str]] | None":
        """Which of the words comes first in ``text``; of two at one place, the longer."""
        hits = [
            (term, match)
            for term in self.left
            if (match := _pattern(term, self.language).search(text)) is not None
        ]
        return min(hits, key=lambda hit: (hit[1].start(), -len(hit[0])), default=None)


def _pattern(term: str, language: str) -> re.Pattern[str]:
    ending = ENDING if language == settings.LANGUAGE_CODE else ""
    return re.compile(rf"\b{re.escape(term)}{ending}\b", re.IGNORECASE)
