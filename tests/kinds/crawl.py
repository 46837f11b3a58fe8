"""Following every link of the site as one person, without a browser."""

from collections import Counter, deque
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Comment, Declaration, Doctype, Tag
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.kinds.site import Site

SKIPPED = ["script", "style", "template", "noscript", "code", "mark", "textarea"]
PRESSED = ["submit", "button", "reset"]
SPOKEN = ["title", "aria-label", "alt", "placeholder", "aria-description"]


class Walk:
    """A walk from ``begin`` over all links whose address begins with ``within``."""

    def __init__(self, site: Site, who: str, *, begin: list[str], within: str, of_a_kind: int):
        self.within, self.of_a_kind = within, of_a_kind
        self._cookie = f"sessionid={site.people[who]}" if who else ""
        self._host = urlsplit(site.url).netloc
        self._ahead = deque(begin)
        self._known = set(begin)
        self._kinds: Counter[str] = Counter()

    def pages(self) -> Iterator[tuple[str, int, list[list[str]]]]:
        """Address, status and texts (each with its language) of every page on the way."""
        while self._ahead:
            address = self._ahead.popleft()
            status, kind, html = self._get(address)
            if status in {301, 302, 303}:
                self._note(urljoin(address, html))
                continue
            if not kind.startswith("text/html"):
                continue
            soup = BeautifulSoup(html, "html.parser")
            for link in soup.find_all("a", href=True):
                if not link.has_attr("download"):
                    self._note(urljoin(address, link["href"]))
            yield address, status, texts_of(soup)

    def _get(self, address: str) -> tuple[int, str, str]:
        """Status, type, and text; of a redirect where it leads."""
        headers = {"Cookie": self._cookie, "Accept": "text/html", "Host": "localhost"}
        connection = HTTPConnection(self._host, timeout=60)
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, answer.headers.get_content_type(), answer.headers["Location"] or body

    def _note(self, address: str) -> None:
        """Go there later, unless it is elsewhere, known, or enough of its kind were seen."""
        parts = urlsplit(urldefrag(address).url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.netloc not in {"", "localhost"} or not target.startswith(self.within):
            return
        if target in self._known:
            return
        try:
            with translation.override("kl" if target.startswith("/kl/") else "da"):
                kind = resolve(parts.path).view_name + ("?" if parts.query else "")
        except Resolver404:
            kind = target  # a dead link is followed, and found
        self._known.add(target)
        self._kinds[kind] += 1
        if self._kinds[kind] <= self.of_a_kind:
            self._ahead.append(target)


def texts_of(soup: BeautifulSoup) -> list[list[str]]:
    """What ``english.TEXTS`` finds in a browser."""
    return [
        [" ".join(text.split()), language]
        for text, language in _told(soup, "")
        if any(letter.isalpha() for letter in text)
    ]


def _told(element: Tag, language: str) -> Iterator[tuple[str, str]]:
    """Everything said in ``element``, with its language: once down the tree, never up again."""
    for part in element.children:
        if isinstance(part, Tag):
            spoken = str(part.attrs.get("lang") or language)
            for name in SPOKEN:
                if name in part.attrs:
                    yield str(part.attrs[name]), spoken
            if part.name == "input" and part.attrs.get("type") in PRESSED and "value" in part.attrs:
                yield str(part.attrs["value"]), spoken
            if not _is_skipped(part):
                yield from _told(part, spoken)
        elif not isinstance(part, Comment | Declaration | Doctype):
            yield str(part), language


def _is_skipped(tag: Tag) -> bool:
    attrs = tag.attrs
    return tag.name in SKIPPED or attrs.get("lang") == "en" or "code" in attrs.get("class", ())
