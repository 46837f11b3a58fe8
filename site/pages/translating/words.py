"""Which words of the glossary stand in a text."""

import re
from collections.abc import Iterable

from pages.models import GlossaryTerm


def words_in(texts: Iterable[str]) -> list[GlossaryTerm]:
    """The glossary's words in ``texts``, by their Danish spelling. One query.

    A word may stand with an ending ("underretningen"), or begin a longer one.
    """
    text = "\n".join(texts).casefold()
    terms = GlossaryTerm.objects.order_by("term_da", "key")
    return [term for term in terms if _stands_in(term.term_da, text)]


def _stands_in(term: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(term.casefold())}", text) is not None
