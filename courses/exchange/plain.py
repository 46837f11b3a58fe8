"""HTML of other systems as plain text: paragraphs and lists stay, everything else goes."""

import re
from html.parser import HTMLParser

from courses.exchange.draft import tidy

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|#x[0-9a-f]+|[A-Za-z]+\d*);|<!--")
_PARAGRAPHS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"}
_LINES = {"br", "li", "tr"}
_UNREAD = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math"}
_LOST = {"img", "audio", "video", "iframe", "object", "svg", "math"}


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unread = 0
        self.has_lost = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.has_lost = self.has_lost or tag in _LOST
        if tag in _UNREAD:
            self.unread += 1
        self._break(tag)
        if tag in _LINES:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD and self.unread:
            self.unread -= 1
        self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.has_lost = self.has_lost or tag in _LOST
        self.pieces.append("\n" if tag in _LINES else "")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.pieces.append("\n\n")


def plain_of(html: str) -> tuple[str, bool]:
    """The text of ``html``, and whether a picture, film or sound was left out."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return tidy("".join(parser.pieces)), parser.has_lost


def looks_like_html(text: str) -> bool:
    """Whether ``text`` holds a tag or an entity."""
    return bool(_TAG.search(text))
