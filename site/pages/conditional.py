"""Answer "not modified" to a reader who has the page already.

The tag is made of what the page depends on, never of its bytes: each copy of a form carries
another mask of the CSRF token. A reader always asks (``no-cache``), which costs one small
request, and is never shown another reader's page (``private``).
"""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language

from core.data_saver import VARIES_ON, saves_data
from core.periods import local_day
from people.permissions import standing_of


def answer(
    request: HttpRequest, stamp: tuple[Any, ...], draw: Callable[[], HttpResponse]
) -> HttpResponse:
    """What ``draw`` draws, with its tag; or 304 where the reader has that already.

    Args:
        stamp: Changes with everything of the page itself that ``draw`` shows.
    """
    if len(get_messages(request)):  # shown once, so this page is nobody's next time
        response = draw()
        response["Cache-Control"] = "private, no-store"
        return response
    etag = etag_of(request, stamp)
    response = get_conditional_response(request, etag=etag) or draw()
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, VARIES_ON)
    return response


def etag_of(request: HttpRequest, stamp: tuple[Any, ...]) -> str:
    """The tag of a page that shows ``stamp``, in the frame that this reader sees."""
    parts = (
        release(),
        get_language(),
        local_day(timezone.now()),  # a rule may be overdue from today
        request.get_full_path(),
        saves_data(request),
        _reader(request),
        stamp,
    )
    return quote_etag(hashlib.sha256(repr(parts).encode()).hexdigest()[:32])


def _reader(request: HttpRequest) -> tuple[Any, ...]:
    """Who reads, as far as the page shows it; and the token that its forms carry."""
    if not request.user.is_authenticated:
        return ()
    get_token(request)  # makes one where there is none
    roles = [(role.key, role.scope) for role in standing_of(request.user).roles]
    return (request.user.pk, request.user.get_full_name(), roles, request.META["CSRF_COOKIE"])


@cache
def release() -> tuple[str, ...]:
    """What of the page comes with the release: the version and the files it loads."""
    return (settings.VERSION, static("dist/sidemand.css"), static("dist/sidemand.js"))
