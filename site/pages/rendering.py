"""The body of a page as HTML: drawn once, kept, and the same for every reader.

Only what all readers share is kept. What belongs to one reader (the quiz with its form, the
progress) is drawn around it at each request; see ``docs/fast-lessons.md``.
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from pages.explaining import Explainer
from pages.fallback import Comparison

if TYPE_CHECKING:
    from pages.models import BasePage

MOST_BODIES = 400
#: Blocks that speak for themselves: records with texts in both languages, or interface text.
WITHOUT_TEXT_OF_THEIR_OWN = frozenset(
    {"rule", "helpline", "quiz", "contact", "shared_checklist", "words", "example"}
)

#: The tag that a drawn block begins with.
_FIRST_TAG = re.compile(r"(\s*<[a-z][a-z0-9]*)\b([^<>]*>)")


@dataclass(frozen=True, slots=True)
class Body:
    """A drawn body, split where the quiz stands.

    ``is_untranslated``: a body in the source's words from its first to its last text.
    ``size_bytes``: what its HTML weighs on the way, compressed.
    """

    before_quiz: SafeString
    after_quiz: SafeString
    has_quiz: bool
    is_untranslated: bool
    size_bytes: int


class BodyCache:
    """The bodies drawn last, in this process."""

    def __init__(self, size: int = MOST_BODIES) -> None:
        self.size = size
        self._lock = Lock()
        self._bodies: OrderedDict[Hashable, Body] = OrderedDict()

    def get(self, key: Hashable) -> Body | None:
        """The body kept under ``key``, which counts as used."""
        with self._lock:
            body = self._bodies.get(key)
            if body is not None:
                self._bodies.move_to_end(key)
            return body

    def put(self, key: Hashable, body: Body) -> None:
        """Keep ``body``; the one unused for longest leaves when there are too many."""
        with self._lock:
            self._bodies[key] = body
            self._bodies.move_to_end(key)
            while len(self._bodies) > self.size:
                self._bodies.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._bodies.clear()


bodies = BodyCache()


@dataclass(frozen=True, slots=True)
class _Piece:
    html: str
    is_untranslated: bool


def draw_body(
    page: "BasePage", source: "BasePage | None" = None, *, saves_data: bool = False
) -> Body:
    """Draw the body of ``page``; ``source`` is the Danish page it is a translation of.

    Args:
        saves_data: For a reader who asks for each picture.
    """
    around = {"saves_data": saves_data}
    children = list(page.body)
    quiz = next((i for i, child in enumerate(children) if child.block_type == "quiz"), None)
    originals = {block["id"]: block["value"] for block in source.body.raw_data} if source else None
    explain = Explainer.of(children, page.language)
    shown = [child for child in children if child.block_type != "quiz"]
    pieces = [_draw(child, originals, explain, around) for child in shown]
    cut = len(pieces) if quiz is None else quiz
    before, after = _join(pieces[:cut]), _join(pieces[cut:])
    with_text = [piece for piece in pieces if piece.html.strip()]
    return Body(
        before_quiz=before,
        after_quiz=after,
        has_quiz=quiz is not None,
        is_untranslated=bool(with_text) and all(piece.is_untranslated for piece in with_text),
        size_bytes=len(gzip.compress((before + after).encode())),
    )


def _draw(
    child: Any, originals: dict[str, Any] | None, explain: Explainer, around: dict[str, Any]
) -> _Piece:
    if child.block_type in WITHOUT_TEXT_OF_THEIR_OWN:
        return _Piece(_named(child.render(around), child.id), is_untranslated=False)
    if originals is None:
        return _Piece(explain(_named(child.render(around), child.id)), is_untranslated=False)
    comparison = Comparison()
    marked = comparison.mark(child.value, originals.get(child.id))
    if comparison.is_untranslated:
        return _Piece(_named(child.render(around), child.id), is_untranslated=True)
    value = marked if comparison.danish else child.value
    drawn = _named(child.block.render(value, around), child.id)
    return _Piece(explain(drawn), is_untranslated=False)


def _named(html: str, block_id: str | None) -> SafeString:
    """``html`` with its first element named after its block: the same name in every language.

    Switching language finds the same spot by it (``assets/js/place.js``).
    """
    begin = _FIRST_TAG.match(html)
    named = html
    if begin is not None and block_id and "id=" not in begin[0]:
        named = f'{begin[1]} id="b-{block_id[:8]}"{begin[2]}{html[begin.end() :]}'
    return mark_safe(named)  # noqa: S308  a drawn block, and the hexadecimal of an id


def _join(pieces: list[_Piece]) -> SafeString:
    return mark_safe("\n".join(_runs(pieces)))  # noqa: S308  each piece is a drawn block


def _runs(pieces: list[_Piece]) -> Iterator[str]:
    """The pieces, neighbours in Danish under one mark."""
    for is_untranslated, run in groupby(pieces, key=lambda piece: piece.is_untranslated):
        html = mark_safe("\n".join(piece.html for piece in run))  # noqa: S308  drawn blocks
        if is_untranslated:
            html = render_to_string("components/fallback_text.html", {"html": html})
        yield html
