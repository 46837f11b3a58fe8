"""Whether the addresses outside that pages link to still answer: asked at night, never by a reader.

Only public addresses are asked, so that nobody reaches the server's own network through a link; a
redirection counts as an answer and is not followed. One bad night is no dead link: an address is
called dead when it says so itself (404, 410), or when it did not answer three times in a row, a
week apart. A server that reaches no network at all calls nothing dead.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q

from pages.models.condition import OutsideLink

EVERY = timedelta(days=7)
#: So many addresses a run, so that a run ends; the longest unasked come first.
MOST = 40
SECONDS = 8
FAILURES_BEFORE_DEAD = 3
GONE = frozenset({404, 410})

#: Answers with a status, or raises one of these: the status is none then.
NO_ANSWER = (OSError, http.client.HTTPException, ValueError)


def check_outside_links(at: datetime, ask: Callable[[str], int] | None = None) -> int:
    """Ask the addresses that nobody asked for a week; how many were asked.

    The same address on several pages is asked once. May run again at any time.
    """
    if not settings.SIDEMAND_CHECK_LINKS:
        return 0
    ask = ask or status_of
    due = OutsideLink.objects.filter(page__live=True).filter(
        Q(checked_at=None) | Q(checked_at__lte=at - EVERY)
    )
    addresses = list(
        due.order_by(F("checked_at").asc(nulls_first=True), "address")
        .values_list("address", flat=True)
        .distinct()[:MOST]
    )
    answers = {address: _answer(address, ask) for address in addresses}
    if addresses and not any(answers.values()):
        return 0  # nothing answers: it is our own line
    for address, status in answers.items():
        _note(address, status, at=at)
    return len(addresses)


def _answer(address: str, ask: Callable[[str], int]) -> int | None:
    try:
        return ask(address)
    except NO_ANSWER:
        return None


def _note(address: str, status: int | None, *, at: datetime) -> None:
    links = OutsideLink.objects.filter(address=address)
    if status in GONE:
        links.update(checked_at=at, failures=F("failures") + 1, is_dead=True)
    elif status is None or status >= 500:
        links.update(checked_at=at, failures=F("failures") + 1)
        links.filter(failures__gte=FAILURES_BEFORE_DEAD).update(is_dead=True)
    else:
        links.update(checked_at=at, failures=0, is_dead=False)


# --- Asking one address -------------------------------------------------------------------------


def status_of(address: str) -> int:
    """The status with which ``address`` answers.

    Raises:
        OSError, http.client.HTTPException, ValueError: Where nothing answers, or where the name
            leads into a network that is not public.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("Not a web address.")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    options: dict[str, Any] = {"context": ssl.create_default_context()} if secure else {}
    connection = kind(parts.hostname, parts.port, timeout=SECONDS, **options)
    connection._create_connection = _connect_in_public  # type: ignore[attr-defined]  # its seam
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        for method in ("HEAD", "GET"):  # some answer to one of them only
            connection.request(method, path, headers={"User-Agent": "Sidemand link check"})
            status = connection.getresponse().status
            connection.close()
            if method == "GET" or status < 400:
                break
        return status
    finally:
        connection.close()


def _connect_in_public(
    address: tuple[str, int], timeout: Any = None, *_args: Any, **_kwargs: Any
) -> socket.socket:
    """Connect to the address that was looked at, not to a name that may lead elsewhere then."""
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    targets = [info[4] for info in found]
    if not targets or not all(is_public(str(target[0])) for target in targets):
        raise OSError("Not a public address.")
    return socket.create_connection((str(targets[0][0]), port), timeout=timeout)


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast
