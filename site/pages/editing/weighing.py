"""What a page takes on the way to a reader's first visit, judged before it is published.

The page is drawn as a reader without an account gets it and compressed as the server does. Script
and style come with every page and are counted too; pictures by themselves, because they are loaded
when the reader comes near (in words: the first answer, all but pictures, each picture).
"""

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from files.models import Image
from files.pictures import COUNTED_AS, MOST_BYTES
from pages.weight import pictures_of

if TYPE_CHECKING:
    from pages.models import BasePage

MOST_HTML = 14_000
MOST_FIRST_VISIT = 25_000
MOST_REQUESTS = 4
#: What a form with its token and the reader's own progress add for whoever has signed in.
SIGNED_IN = 900
#: The link that pages are made for: 128 kbit/s, and the time of one way there and back.
BYTES_PER_SECOND = 16_000
TRIP_SECONDS = 0.8
#: Finding the server and agreeing with it, then the page, then what the page asks for.
TRIPS, TRIPS_FOR_MORE = 2, 1
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.)")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the page; ``size_bytes`` as a wide screen loads it."""

    title: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Weight:
    """What the first visit takes, in compressed bytes.

    ``html``: the first answer. ``others``: script and style. ``requests``: all but pictures.
    """

    html: int
    others: int
    requests: int
    pictures: tuple[Picture, ...] = ()

    @property
    def first_visit(self) -> int:
        """All but pictures."""
        return self.html + self.others

    @property
    def picture_bytes(self) -> int:
        """All pictures."""
        return sum(picture.size_bytes for picture in self.pictures)

    @property
    def total(self) -> int:
        """Everything."""
        return self.first_visit + self.picture_bytes

    @property
    def kilobytes(self) -> int:
        """All but pictures, as people say it."""
        return max(1, round(self.first_visit / 1000))

    @property
    def picture_kilobytes(self) -> int:
        """All pictures, as people say it."""
        return round(self.picture_bytes / 1000)

    @property
    def seconds(self) -> int:
        """When it can be read on the link that pages are made for."""
        trips = TRIPS + (TRIPS_FOR_MORE if self.requests > 1 else 0)
        return max(1, round(trips * TRIP_SECONDS + self.first_visit / BYTES_PER_SECOND))

    @property
    def problems(self) -> list[str]:
        """Where it lies above the budget, in words; empty where it does not."""
        found = []
        if self.html > MOST_HTML:
            found.append(
                _("The text weighs %(now)s kB, at most %(most)s kB is the aim.")
                % {"now": _tenths(self.html), "most": MOST_HTML // 1000}
            )
        if self.first_visit > MOST_FIRST_VISIT:
            found.append(
                _("Without images it weighs %(now)s kB, at most %(most)s kB is the aim.")
                % {"now": _tenths(self.first_visit), "most": MOST_FIRST_VISIT // 1000}
            )
        if self.requests > MOST_REQUESTS:
            found.append(
                _("It asks the server %(now)d times, at most %(most)d times is the aim.")
                % {"now": self.requests, "most": MOST_REQUESTS}
            )
        found += [
            _("The image “%(title)s” weighs %(now)s kB, at most %(most)s kB is the aim.")
            % {
                "title": picture.title,
                "now": _tenths(picture.size_bytes),
                "most": MOST_BYTES // 1000,
            }
            for picture in self.pictures
            if picture.size_bytes > MOST_BYTES
        ]
        return found

    @property
    def is_heavy(self) -> bool:
        """Whether anything lies above the budget."""
        return bool(self.problems)


def weigh(page: "BasePage") -> Weight:
    """What ``page`` takes as it stands now, published or not.

    A picture that has no sizes yet gets them here: drawing the page needs them. Where the files for
    the browser have not been collected yet, no page can be drawn, and the body alone is weighed.
    """
    if not _is_set_up():
        return Weight(html=page.draw().size_bytes, others=0, requests=1)
    html = _draw(page)
    parts = set(_asked_for(html))
    return Weight(
        html=len(gzip.compress(html.encode())) + SIGNED_IN,
        others=sum(_static_bytes(part) for part in parts),
        requests=1 + len(parts),
        pictures=tuple(Picture(image.title, _bytes_of(image)) for image in pictures_of(page)),
    )


def _bytes_of(image: Image) -> int:
    """What ``image`` weighs as a wide screen loads it; nothing where its file is lost."""
    try:
        return int(image.get_rendition(COUNTED_AS).file.size)
    except OSError:
        return 0


def _is_set_up() -> bool:
    """Whether the files for the browser have been collected, where they are served collected."""
    return bool(getattr(staticfiles_storage, "hashed_files", True))


def _draw(page: "BasePage") -> str:
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = "/"
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1"}
    request.user = AnonymousUser()
    request.is_preview = True  # type: ignore[attr-defined]  # Wagtail's own mark
    request.is_weighed = True  # type: ignore[attr-defined]  # our own: see the case's template
    with translation.override(page.language):
        context = page.get_context(request)
        return render_to_string(page.get_template(request), context, request)


def _asked_for(html: str) -> Iterable[str]:
    """What a browser loads at once: styles and scripts."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("link", rel="stylesheet"):
        yield str(link["href"])
    for script in soup.find_all("script", src=True):
        yield str(script["src"])


@lru_cache(maxsize=32)
def _static_bytes(url: str) -> int:
    """What one of our own static files weighs, compressed; its name may hold a hash."""
    name = HASH.sub("", url.removeprefix(settings.STATIC_URL))
    found = finders.find(name)
    return len(gzip.compress(Path(found).read_bytes())) if isinstance(found, str) else 0


def _tenths(size: int) -> str:
    """Kilobytes with one decimal, as Danish writes it."""
    return f"{size / 1000:.1f}".replace(".", ",")
