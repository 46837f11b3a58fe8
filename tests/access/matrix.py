"""Who may open what: every address of the resolver, asked by every kind of person.

The reviewed table is ``access_matrix.txt``. Each line names a pattern and a method; below each
kind of person stands what that person gets:

    o  an answer (2xx)            s  sent on within the site (3xx)
    L  asked to sign in (also 401) F  refused (403)
    -  not there (404)            m  no such method (405)
    i  input refused (400, 409, 422)
    !  anything else: a fault

``pytest tests/access --write-access-matrix`` writes the table anew; read the difference before
committing it.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

TABLE = Path(__file__).with_name("access_matrix.txt")
METHODS = ("GET", "POST")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver, with what its placeholders are filled with."""

    pattern: str
    path: str


Samples = Callable[[str, dict[str, Any]], dict[str, Any] | None]


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every pattern below ``resolver``: its route in full, and the pattern itself."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.pattern


def outcome(response: Any) -> str:
    """The letter of the table for ``response``."""
    status = response.status_code
    if status in {301, 302, 303, 307}:
        return "L" if "/konto/log-ind/" in response["Location"] else "s"
    if 200 <= status < 300 or status == 304:
        return "o"
    letters = {401: "L", 403: "F", 404: "-", 405: "m", 400: "i", 409: "i", 422: "i"}
    return letters.get(status, "!")


def ask(client: Client, method: str, path: str) -> str:
    """Ask once, and undo whatever the answer changed."""
    cookies = client.cookies.output()
    kept = copy.deepcopy(client.cookies)
    cache.clear()
    with transaction.atomic():
        response = client.generic(method, path)
        if response.streaming:
            b"".join(response.streaming_content)  # a file is closed when it has been read
        letter = outcome(response)
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:
        client.cookies = kept
    translation.activate("da")
    return letter


def render(rows: dict[tuple[str, str], str], people: list[str]) -> str:
    """The table as text; the letters stand below the people's short names."""
    width = max(len(pattern) for pattern, _method in rows)
    lines = [
        "# Who gets what; read tests/access/matrix.py for the letters. One column per person:",
        *(f"#   {number + 1:2} {name}" for number, name in enumerate(people)),
    ]
    for (pattern, method), letters in sorted(rows.items()):
        lines.append(f"{pattern:<{width}}  {method:<4}  {letters}")
    return "\n".join(lines) + "\n"


def read(text: str) -> dict[tuple[str, str], str]:
    """The table as ``{(pattern, method): letters}``."""
    rows = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            *pattern, method, letters = line.split()
            rows[" ".join(pattern), method] = letters
    return rows
