"""Who may open what: every address of the resolver, asked by every kind of person.

The reviewed table is ``access_matrix.txt``. Each line names a pattern and a method; below each
kind of person stands what that person gets:

    o  an answer (2xx)             s  sent on within the site (3xx)
    L  asked to sign in (also 401) F  refused (403)
    f  sent back to the front of /admin/, which is how Wagtail refuses
    -  not there (404)             m  no such method (405)
    i  input refused (400, 409, 410, 422)
    !  anything else: a fault

An address of somebody's record stands in the table three times: with the record of people in the
table, with one *of others* (a pairing of another municipality), and with one that is *missing*. An
address of a round stands there a fourth time, with one *shared* by two municipalities: that of the
people in the table, whose town its need lies in, and the other.

PUT is asked of those addresses whose view does something of its own at it. A form of Django's takes
a PUT for a POST without fields, and a redirect goes on with any method.

``pytest tests/access --write-access-matrix`` writes the table anew; read the difference before
committing it.

Wagtail 8 has other addresses below /admin/, and refuses some sooner. ``access_matrix_wagtail8.txt``
has these lines, and under that Wagtail they go before those of the table; an address that it has
no more says ``gone``.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.views.generic import RedirectView
from django.views.generic.edit import ProcessFormView
from wagtail import VERSION

TABLE = Path(__file__).with_name("access_matrix.txt")
#: What the newest Wagtail does otherwise; empty under the one that the site runs on.
NEWEST = Path(__file__).with_name("access_matrix_wagtail8.txt")
IS_NEWEST = VERSION >= (8,)
GONE = "gone"
METHODS = ("GET", "POST")
PUT = "PUT"
#: What a record in an address belongs to: the people of the table, others, nobody, several.
OF_OTHERS, MISSING, SHARED = " (of others)", " (missing)", " (shared)"
#: The addresses of a round, and of what is proposed in one.
OF_ROUNDS = ("da/sidemand/runder/<uuid:round>/", "da/sidemand/forslag/<uuid:proposal>/")
#: The placeholders that name somebody's record.
RECORDS = re.compile(
    r"<uuid:(session|version|pairing|member|attempt|play|pk|role_pk|assignment|reminder"
    r"|certificate|round|need|stay|proposal|item|person|note|remark|export|notice|plan|goal|view"
    r"|handover|follow_up|asked|agreement|body|report|file"
    r"|seat|meeting|point|decision|action|paper|practice|partner|pact|initiative|aim"
    r"|event|invitation|participant|part|series|output|device|record)>"
)
_WRITES = re.compile(
    r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE
)


#: ``{(address, method): letters}``
Table = dict[tuple[str, str], str]


class Row(NamedTuple):
    """One line of the table, and how its address is filled."""

    pattern: str
    of: str = ""

    def __str__(self) -> str:
        return self.pattern + self.of


def patterns() -> Iterator[str]:
    """The route of every pattern, in full."""
    return (route for route, _entry in _entries())


def _entries(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _entries(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


def rows(found: Iterable[str] | None = None) -> list[Row]:
    """What has to stand in the table, for each method."""
    with translation.override("da"):
        found = sorted(set(patterns() if found is None else found))
    somebody = {pattern: ("", OF_OTHERS, MISSING) for pattern in found if is_of_somebody(pattern)}
    kinds: dict[str, tuple[str, ...]] = somebody | {
        pattern: (*somebody[pattern], SHARED) for pattern in found if pattern.startswith(OF_ROUNDS)
    }
    return [Row(pattern, of) for pattern in found for of in kinds.get(pattern, ("",))]


def asked(found: Iterable[str] | None = None) -> list[tuple[Row, str]]:
    """Every row with every method that it is asked with."""
    put = _put_to()
    return [
        (row, method)
        for row in rows(found)
        for method in (*METHODS, *((PUT,) if row.pattern in put else ()))
    ]


@lru_cache
def _put_to() -> frozenset[str]:
    """The routes whose view has a PUT of its own."""
    with translation.override("da"):
        return frozenset(route for route, entry in _entries() if _takes_put(entry.callback))


def _takes_put(view: Any) -> bool:
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)  # Django's, REST's
    takes = getattr(kind, "put", None)
    inherited = {ProcessFormView.put, RedirectView.put, None}
    return takes not in inherited and "put" in kind.http_method_names


def is_of_somebody(pattern: str) -> bool:
    """Whether the address names a record of a person."""
    return pattern.startswith(("da/", "api/")) and RECORDS.search(pattern) is not None


def unreviewed(reviewed: Iterable[tuple[str, str]], found: Iterable[str] | None = None) -> set[str]:
    """The lines that the table lacks, and those of addresses that are gone."""
    needed = {(str(row), method) for row, method in asked(found)}
    return {f"{method} {label}" for label, method in needed ^ set(reviewed)}


def outcome(response: Any, path: str) -> str:
    """The letter of the table for ``response`` to a request for ``path``.

    An address that is not there is looked for once more below ``/da/``, where it is not either.
    """
    status = response.status_code
    if status in {301, 302, 303, 307}:
        where = response["Location"]
        if "/konto/log-ind/" in where:
            return "L"
        if where.startswith(f"/da{path}"):
            return "-"
        return "f" if where == "/admin/" else "s"
    if 200 <= status < 300 or status == 304:
        return "o"
    refused = dict.fromkeys((400, 409, 410, 422), "i")
    return {401: "L", 403: "F", 404: "-", 405: "m", **refused}.get(status, "!")


@dataclass
class Answer:
    """What somebody got, and which tables it wrote to."""

    letter: str
    body: bytes
    written: set[str]


@dataclass
class Visitor:
    """A browser of one person, which begins each request with the same cookies."""

    user: AbstractBaseUser | None
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        if self.user is not None:
            self.client.force_login(self.user)
        self._cookies = self.client.cookies.output(header="", sep=";")

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Answer:
        """Ask once, and undo whatever the answer changed.

        The request goes through the handler that a server would call, every middleware
        included. What the test client adds, copies of each template's context, is left out:
        it costs more than many an answer.
        """
        written: set[str] = set()

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if found := _WRITES.match(sql):
                written.add(found[1])
            return execute(sql, params, many, context)

        with transaction.atomic():
            with connection.execute_wrapper(watch):
                response = self.client.handler(self._environ(method, path, fields))
                body = b"".join(response) if response.streaming else response.content
            letter = outcome(response, path)
            transaction.set_rollback(True)
        if written or method != "GET":
            cache.clear()  # it may hold what has just been undone
        translation.activate("da")
        return Answer(letter, body, written)

    def _environ(self, method: str, path: str, fields: dict[str, Any] | None) -> dict[str, Any]:
        kept: list[dict[str, Any]] = []
        capture = _Capture(kept.append)
        if method == "GET":
            capture.get(path, fields)
        elif method == PUT and path.startswith("/api/"):
            capture.put(path, json.dumps(fields), content_type="application/json")
        elif method == PUT:
            form = "application/x-www-form-urlencoded"
            capture.put(path, urlencode(fields or {}), content_type=form)
        else:
            capture.post(path, fields or {})
        return {**kept[0], "HTTP_COOKIE": self._cookies}


class _Capture(Client):
    """Makes the request that a client would send."""

    def __init__(self, send: Any) -> None:
        super().__init__()
        self._send = send

    def request(self, **request: Any) -> Any:
        """Hand it over instead of sending it."""
        self._send(self._base_environ(**request))


def render(table: Table, people: Iterable[str]) -> str:
    """The table as text; the letters stand below the people's short names."""
    width = max(len(label) for label, _method in table)
    lines = [
        "# Who gets what; read tests/access/matrix.py for the letters. One column per person:",
        *(f"#   {number:2} {name}" for number, name in enumerate(people, start=1)),
    ]
    for (label, method), letters in sorted(table.items()):
        lines.append(f"{label:<{width}}  {method:<4}  {letters}")
    return "\n".join(lines) + "\n"


def read(text: str) -> Table:
    """The table as ``{(address, method): letters}``."""
    table = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            *label, method, letters = line.split()
            table[" ".join(label), method] = letters
    return table


def reviewed_table() -> Table:
    """The table of the Wagtail that is installed."""
    table = read(TABLE.read_text(encoding="utf-8"))
    if not IS_NEWEST:
        return table
    merged = table | read(NEWEST.read_text(encoding="utf-8"))
    return {key: letters for key, letters in merged.items() if letters != GONE}


def write_table(table: Table, people: Iterable[str]) -> None:
    """Keep ``table`` as the reviewed one; of the newest Wagtail, what it does otherwise."""
    if not IS_NEWEST:
        TABLE.write_text(render(table, people), encoding="utf-8")
        return
    known = read(TABLE.read_text(encoding="utf-8"))
    differing = {key: letters for key, letters in table.items() if known.get(key) != letters}
    differing |= dict.fromkeys(known.keys() - table.keys(), GONE)
    NEWEST.write_text(render(differing, people), encoding="utf-8")


def people_of(text: str) -> list[str]:
    """The names of the columns, in their order."""
    return [line.split(maxsplit=2)[2] for line in text.splitlines() if line.startswith("#   ")]
