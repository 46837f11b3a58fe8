"""Following every link of the site as one person, without a browser."""

from collections import Counter, deque
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Comment, Declaration, Doctype
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
    found = []
    for text in soup.find_all(string=True):
        if isinstance(text, Comment | Declaration | Doctype):
            continue
        if _is_read(text):
            found.append((str(text), text.parent))
    for name in SPOKEN:
        spoken = soup.find_all(attrs={name: True})
        found += [(tag[name], tag) for tag in spoken if _is_read(tag)]
    found += [(tag["value"], tag) for tag in soup.find_all("input", type=PRESSED, value=True)]
    return [
        [" ".join(text.split()), _language(element)]
        for text, element in found
        if any(letter.isalpha() for letter in text)
    ]


def _is_read(part: Any) -> bool:
    return not any(
        part.find_parent(**where)
        for where in ({"name": SKIPPED}, {"lang": "en"}, {"class_": "code"})
    )


def _language(element: object) -> str:
    while element is not None:
        if language := getattr(element, "attrs", {}).get("lang"):
            return str(language)
        element = element.parent  # type: ignore[attr-defined]  # a tag, or None
    return ""
