"""The pages that start without net, and what the service worker is told of them.

Such a page is neutral: it knows no person and is the same, byte for byte, for everybody who reads
its language. The device keeps it under the hash of its bytes and fills it from its own store.

An app names its pages where it names their addresses::

    path("offline/", shell_page("devices:offline", "devices/offline.html"), name="offline")
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.functional import Promise
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

#: What every page of the shell loads.
ASSETS = ("dist/sidemand.css", "dist/sidemand.js", "dist/device.js", "dist/travel.js")
WORKER = "dist/sw.js"
OFFLINE = "devices:offline"

View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class ShellPage:
    """One page that starts without net.

    Args:
        url_name: Reversed without arguments.
        template: Extends ``devices/base.html``; drawn without a request.
        label: One or two words; a page that has them stands in the menu of the device pages and
            on the page that is shown without net.
        hint: What one does there, in a sentence, beside the label.
        position: Lower comes first.
        context: What the template takes; asked once per process and language.
        stands_for: The name of a page of the server, in the place of which this one opens on a
            device that is set up, with net and without.
    """

    url_name: str
    template: str
    label: "str | Promise" = ""
    hint: "str | Promise" = ""
    position: int = 0
    context: Callable[[], dict[str, Any]] = field(default=dict)
    stands_for: str = ""


class Drawn(NamedTuple):
    """Bytes with their hash, as the worker writes it."""

    content: bytes
    hash: str


_pages: dict[str, ShellPage] = {}


def shell_page(url_name: str, template: str, **rest: Any) -> View:
    """The view of a page of the shell, which is known to the service worker from here on.

    Open to everybody: the page shows nobody.
    """
    page = _pages[url_name] = ShellPage(url_name, template, **rest)

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        language = translation.get_language() or settings.LANGUAGE_CODE
        return _answer(request, draw(page.url_name, language), "text/html; charset=utf-8")

    return view


def pages() -> list[ShellPage]:
    """Every page of the shell, in the order of the menu."""
    return sorted(_pages.values(), key=lambda page: (page.position, page.url_name))


def draw(url_name: str, language: str) -> Drawn:
    """The page in ``language``; drawn once per process."""
    return (_draw if settings.DEBUG else _drawn)(url_name, language)


def worker() -> Drawn:
    """The script of the service worker, led by the addresses and hashes of all that it keeps."""
    return (_write if settings.DEBUG else _written)(get_urlconf())


def manifest(language: str) -> Drawn:
    """How the site looks as an app, in the words of ``language``."""
    with translation.override(language):
        described = {
            "id": "/",
            "name": settings.WAGTAIL_SITE_NAME,
            "short_name": settings.WAGTAIL_SITE_NAME,
            "lang": language,
            "dir": "ltr",
            "start_url": reverse("start"),
            "scope": "/",
            "display": "standalone",
            "background_color": BACKGROUND,
            "theme_color": THEME,
            "icons": [
                {
                    "src": static(f"devices/{name}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
                for name, size, purpose in ICONS
            ],
        }
    return _with_hash(json.dumps(described, ensure_ascii=False).encode())


#: The ground of a page, and what can be pressed, as in ``assets/scss/_tokens.scss``.
BACKGROUND, THEME = "#ffffff", "#004d99"
#: Drawn by ``scripts/icons.py``.
ICONS = (
    ("icon-192", 192, "any"),
    ("icon-512", 512, "any"),
    ("icon-maskable-512", 512, "maskable"),
)


def answer_worker(request: HttpRequest) -> HttpResponse:
    """The script; a browser that has it already is told so."""
    return _answer(request, worker(), "text/javascript; charset=utf-8")


def answer_manifest(request: HttpRequest, language: str) -> HttpResponse:
    """The manifest in ``language``."""
    return _answer(request, manifest(language), "application/manifest+json")


def forget_drawn() -> None:
    """Draw everything anew, because something it is made of has changed."""
    _drawn.cache_clear()
    _written.cache_clear()


def _answer(request: HttpRequest, drawn: Drawn, content_type: str) -> HttpResponse:
    etag = quote_etag(drawn.hash)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(drawn.content, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response


def _with_hash(content: bytes) -> Drawn:
    digest = urlsafe_b64encode(hashlib.sha256(content).digest())
    return Drawn(content, digest.decode().rstrip("="))


def _draw(url_name: str, language: str) -> Drawn:
    page = _pages[url_name]
    with translation.override(language):
        html = render_to_string(page.template, _frame(page, language) | page.context())
    return _with_hash(html.encode())


_drawn = lru_cache(maxsize=None)(_draw)


def _frame(page: ShellPage, language: str) -> dict[str, Any]:
    """What ``devices/base.html`` shows around a page."""
    return {
        "language": language,
        "interface_language": settings.LANGUAGE_CODE,
        "here": reverse(page.url_name),
        "languages": [
            (code, name, _address(page.url_name, code)) for code, name in settings.LANGUAGES
        ],
        "places": [
            {"label": other.label, "hint": other.hint, "url": reverse(other.url_name)}
            for other in pages()
            if other.label
        ],
        "demo_mark": settings.SIDEMAND_DEMO,
        "help_phone": settings.SIDEMAND_HELP_PHONE,
        "help_email": settings.SIDEMAND_HELP_EMAIL,
    }


def _address(url_name: str, language: str) -> str:
    with translation.override(language):
        return reverse(url_name)


def _write(_urlconf: str | None) -> Drawn:
    """The worker's script. A test's own addresses hold other pages, so they are part of the key."""
    languages = [code for code, _name in settings.LANGUAGES]
    shell = {
        "release": settings.VERSION,
        "assets": {static(name): _with_hash(_read(name)).hash for name in ASSETS},
        "pages": {code: dict(_hashes(code)) for code in languages},
        "offline": {code: _address(OFFLINE, code) for code in languages},
        "instead": {code: dict(_instead(code)) for code in languages},
    }
    told = f"self.SHELL = {json.dumps(shell)};\n"
    return _with_hash(told.encode() + _read(WORKER))


_written = lru_cache(maxsize=None)(_write)


def _hashes(language: str) -> list[tuple[str, str]]:
    found = []
    for page in pages():
        try:
            found.append((_address(page.url_name, language), draw(page.url_name, language).hash))
        except NoReverseMatch:  # a page of addresses that are not served here
            continue
    return found


def _instead(language: str) -> list[tuple[str, str]]:
    found = []
    for page in pages():
        if not page.stands_for:
            continue
        try:
            there, here = (_address(name, language) for name in (page.stands_for, page.url_name))
        except NoReverseMatch:
            continue
        found.append((there, here))
    return found


def _read(name: str) -> bytes:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_bytes()
