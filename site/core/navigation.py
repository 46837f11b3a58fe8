"""The five words at the top: apps say what they offer, a request decides what is shown.

An app registers its items in ``AppConfig.ready``::

    register(NavigationItem("courses", _("Courses"), "courses:catalogue", position=20))
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

MOST_ITEMS = 5


def everybody(_request: HttpRequest) -> bool:
    """Shown to all, signed in or not."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """Shown to whoever has signed in."""
    return bool(request.user.is_authenticated)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One word of the main navigation.

    Args:
        key: Names the item once in the whole site.
        label: What it is called, one or two words.
        url_name: Reversed without arguments; the item is current on every address below it.
        position: Lower comes first; the first five visible ones are shown.
        visible_to: Judges the request; may ask the standing, must not query by itself.
    """

    key: str
    label: "str | Promise"
    url_name: str
    position: int
    visible_to: Callable[[HttpRequest], bool] = everybody


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A navigation item as one request sees it."""

    label: "str | Promise"
    url: str
    is_current: bool


_items: dict[str, NavigationItem] = {}


def register(item: NavigationItem) -> None:
    """Add ``item``, or replace the one with its key."""
    _items[item.key] = item


def links_for(request: HttpRequest) -> list[NavigationLink]:
    """At most five links that ``request`` may see, in order, the closest one current."""
    return list(_links(request))


def _links(request: HttpRequest) -> Iterator[NavigationLink]:
    ordered = sorted(_items.values(), key=lambda item: (item.position, item.key))
    shown = [item for item in ordered if item.visible_to(request)][:MOST_ITEMS]
    urls = [_url(item.url_name, get_language()) for item in shown]
    current = max((url for url in urls if request.path.startswith(url)), key=len, default=None)
    for item, url in zip(shown, urls, strict=True):
        yield NavigationLink(item.label, url, url == current)


@cache
def _url(name: str, _language: str | None) -> str:
    """The address of ``name`` in the active language; every page asks for the same few."""
    return reverse(name)
