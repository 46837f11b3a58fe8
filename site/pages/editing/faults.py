"""What an editor should look at before others do: dead and malformed links, texts for pictures.

Warnings, never refusals: a link may lead to a page that goes live tomorrow. What needs the network
(whether a foreign address still answers) is asked in the background (``pages.editing.links``).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText

from files.models import Image

if TYPE_CHECKING:
    from pages.models import BasePage

#: Names that cameras, phones and programs give to pictures.
FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|heic|tiff?)$|^(?:img|dsc[nf]?|pxl|image|billede|foto|scan|"
    r"screenshot|skærmbillede)[-_ ]?\d",
    re.IGNORECASE,
)
#: What a reader's device says by itself.
SAYS_PICTURE = re.compile(
    r"^(?:et |en )?(?:billede|foto|fotografi|illustration|tegning|image|picture|photo) (?:af|of)\b",
    re.IGNORECASE,
)
SHORTEST_ALT = 4
LANGUAGES = dict(settings.LANGUAGES)
only_web_addresses = URLValidator(schemes=["http", "https"])


class Kind(models.TextChoices):
    """What is wrong, in the order in which it is told."""

    DEAD_PAGE = "dead_page", _("The link leads to a page that is not there or not published")
    DEAD_FILE = "dead_file", _("The link leads to a document that is not there")
    MALFORMED = "malformed", _("The address is not written as a web address")
    NO_ALT = "no_alt", _("The image has no text for whoever cannot see it")
    FILE_NAME = "file_name", _("The text of the image is the name of a file")
    SAYS_PICTURE = "says_picture", _("Leave out “picture of”: the device says that by itself")
    DEAD_OUTSIDE = "dead_outside", _("The address outside does not answer any more")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to look at; ``words`` is what it stands at: a link's text, a picture's title."""

    kind: Kind
    words: str

    @property
    def label(self) -> "str | Promise":
        """What is wrong, in words."""
        return self.kind.label

    @property
    def is_link(self) -> bool:
        """Whether it is about a link."""
        links = {Kind.DEAD_PAGE, Kind.DEAD_FILE, Kind.MALFORMED, Kind.DEAD_OUTSIDE}
        return self.kind in links


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a page: to a page or document of ours by id, or to an address."""

    words: str
    page: int | None = None
    document: int | None = None
    address: str = ""

    @property
    def is_outside(self) -> bool:
        """Whether it leads to a web address."""
        return self.address.lower().startswith(("http://", "https://"))


def faults_of(page: "BasePage") -> list[Fault]:
    """What is wrong with the links and pictures of ``page`` as it stands now. Three queries."""
    links = list(links_of(page))
    found = [*_dead(links), *_malformed(links)]
    found += [fault for image in _images_of(page) if (fault := _fault_of(image))]
    order = list(Kind)
    return sorted(found, key=lambda fault: order.index(fault.kind))


def links_of(page: "BasePage") -> Iterator[Link]:
    """Every link in the blocks of ``page``, in their order."""
    for value in _values_of(page):
        if isinstance(value, RichText):
            yield from _links_in(value.source)
        elif isinstance(value, StructValue):
            for name in value:
                if name.endswith("url") and value[name]:
                    yield Link(_name_of(value) or value[name], address=str(value[name]))


def _links_in(html: str) -> Iterator[Link]:
    for anchor in BeautifulSoup(html, "html.parser").find_all("a"):
        words = " ".join(anchor.get_text(" ").split())
        kind, key = str(anchor.get("linktype") or ""), str(anchor.get("id") or "")
        if kind == "page" and key.isdecimal():
            yield Link(words, page=int(key))
        elif kind == "document" and key.isdecimal():
            yield Link(words, document=int(key))
        elif address := str(anchor.get("href") or ""):
            yield Link(words or address, address=address)


def _dead(links: list[Link]) -> Iterator[Fault]:
    pages = {link.page for link in links if link.page is not None}
    files = {link.document for link in links if link.document is not None}
    own = {link.address for link in links if link.address.startswith("/")}
    live = set(Page.objects.live().filter(pk__in=pages).values_list("pk", flat=True))
    there = set(
        get_document_model().objects.filter(pk__in=files).values_list("pk", flat=True)
        if files
        else ()
    )
    answered = set(_that_answer(own)) if own else set()
    for link in links:
        if link.page is not None and link.page not in live:
            yield Fault(Kind.DEAD_PAGE, link.words)
        elif link.document is not None and link.document not in there:
            yield Fault(Kind.DEAD_FILE, link.words)
        elif link.address in own and link.address not in answered:
            yield Fault(Kind.DEAD_PAGE, link.words)


def _that_answer(addresses: Iterable[str]) -> Iterator[str]:
    """Those of our own addresses that lead somewhere; what is a page's is looked up as one."""
    ends: dict[str, tuple[str, str]] = {}
    for address in addresses:
        path = address.partition("#")[0].partition("?")[0]
        language = path.split("/")[1]
        try:
            with translation.override(language if language in LANGUAGES else None):
                found = resolve(path)
        except Resolver404:
            continue
        if found.url_name != "wagtail_serve":
            yield address
            continue
        below = path.split("/", 2)[2].strip("/")
        ends[address] = (language, f"/{below}/" if below else "/")
    if not ends:
        return
    wanted = Q()
    for language, end in ends.values():
        wanted |= Q(locale__language_code=language, url_path__endswith=end)
    live = [
        (language, "/" + path.split("/", 2)[2])
        for language, path in Page.objects.live()
        .filter(wanted, depth__gt=1)
        .values_list("locale__language_code", "url_path")
    ]
    yield from (address for address, end in ends.items() if end in live)


def _malformed(links: Iterable[Link]) -> Iterator[Fault]:
    for link in links:
        if not link.address or link.address.startswith(("/", "#", "mailto:", "tel:", "sms:")):
            continue
        try:
            only_web_addresses(link.address)
        except ValidationError:
            yield Fault(Kind.MALFORMED, link.words)


def _images_of(page: "BasePage") -> Iterator[Any]:
    return (value for value in _values_of(page) if isinstance(value, Image))


def _fault_of(image: Any) -> Fault | None:
    """What is wrong with the text that stands for a picture."""
    if image.decorative:
        return None
    text = (image.contextual_alt_text or "").strip()
    if len(text) < SHORTEST_ALT:
        return Fault(Kind.NO_ALT, image.title)
    if FILE_NAME.search(text) or text == image.filename:
        return Fault(Kind.FILE_NAME, text)
    return Fault(Kind.SAYS_PICTURE, text) if SAYS_PICTURE.search(text) else None


# --- Walking through blocks ---------------------------------------------------------------------


def _values_of(page: "BasePage") -> Iterator[Any]:
    """Everything that stands in the streams of ``page``: rich texts, pictures, records, groups."""
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            yield from _below(getattr(page, field.name))


def _below(value: Any) -> Iterator[Any]:
    if value is None:
        return
    yield value
    if isinstance(value, StreamValue):
        for child in value:
            yield from _below(child.value)
    elif isinstance(value, ListValue):
        for part in value:
            yield from _below(part)
    elif isinstance(value, StructValue):
        for name in value:
            yield from _below(value[name])


def _name_of(value: StructValue) -> str:
    """What a group of fields with an address is called."""
    return next((str(value[name]) for name in ("title", "topic", "source") if value.get(name)), "")
