"""Whatever is typed into a form of ours is taken as it is or refused in words, and never lost.

No string makes an answer fail. Text that was accepted comes back equal (in NFC); text that was
refused stays in its field, with an error summary above.
"""

import itertools
import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

from tests.access.matrix import TABLE, Row, read
from tests.doors.canaries import database_texts
from tests.doors.forms import Doors, Form, find
from tests.doors.test_canaries import device_door, sessions_of_a_device

HOSTILE = {
    "NUL": "a\0b",
    "only NUL": "\0",
    "control characters": "a\x01\x08\x1b[31mb\x7f\x85",
    "right to left": "\u202eabc\u202c \u2066d\u2069 \u05d0\u05d1",
    "zero width": "a\u200b\u200d\ufeffb",
    "emoji": "🙂👩\u200d👩\u200d👧 🏳️",
    "decomposed": "e\u0301 A\u030a o\u0308",
    "old spelling": "ĸaĸortoĸ ûvfait",
    "lone surrogate": "a\ud800b",
    "not UTF-8": b"a\xff\xfeb",
    "a megabyte": "å" * 500_000,
    "a word without end": "a" * 5_000,
    "lines": "a\r\nb\rc\u2028d\u2029e\vf",
    "white space": " \u00a0\t\u3000 ",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>",
    "entities": "&lt;b&gt; &amp;amp; &#0; &#x0;",
    "template": "{{ 7|add:7 }} {% now 'Y' %} ${7*7} %s %(name)s {0}",
    "formula": '=HYPERLINK("http://x")',
    "formula, too": "@SUM(1+1)*cmd|' /C calc'!A0",
    "SQL": "'; DROP TABLE people_person; --",
    "path": "../../../../etc/passwd",
    "number": "99999999999999999999999999",
    "JSON": '{"a": [1, 2',
    "deep JSON": "[" * 50_000,
}
#: Where people of ours write text that is kept; the others are dates, addresses and searches.
KEPT = {"name", "went_well", "next_step", "language_note"}
#: Pages that take nothing: their script sends what is written through the door of devices.
OF_THE_DEVICE = ("/da/enhed/log/", "/da/enhed/konflikt/")
#: What an address may be asked with.
ASKED = ("page", "q", "by", "kollega", "tilstand", "forloeb", "role", "town", "state", "sort",
         "version", "next", "laest")  # fmt: skip


def as_bytes(text: str | bytes) -> bytes:
    """What a browser would send for ``text``, or worse."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def as_read(text: str | bytes) -> str:
    """What a server reads of it."""
    return as_bytes(text).decode("utf-8", "replace")


def plain(text: str) -> str:
    """``text`` in NFC with plain line ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def encoded(fields: dict[str, list[Any]]) -> str:
    """A form as it travels."""
    return "&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(as_bytes(value))}"
        for name, values in fields.items()
        for value in values
    )


class Attempt:
    """One post of one form, undone afterwards."""

    def __init__(self, doors: Doors, form: Form, name: str, text: str | bytes) -> None:
        cache.clear()
        with transaction.atomic():
            self.response = doors.clients[form.who].post(
                form.action,
                encoded({**form.filled, name: [text]}),
                content_type="application/x-www-form-urlencoded",
            )
            self.status = self.response.status_code
            self.was_accepted = self.status in {301, 302, 303}
            self.is_kept = self.was_accepted and name in KEPT and _is_kept(as_read(text))
            transaction.set_rollback(True)
        translation.activate("da")
        self.soup = BeautifulSoup(self.response.content, "html.parser")
        asked = urlsplit(form.action).path
        own = self.soup.find("form", action=lambda to: to and urlsplit(to).path.endswith(asked))
        field = (own or self.soup).find(["input", "textarea"], attrs={"name": name})
        self.shown = None
        if field is not None:
            shown = field.text if field.name == "textarea" else field.get("value", "")
            self.shown = plain(str(shown))
        self.has_summary = self.soup.select_one(".error-summary") is not None


def _is_kept(text: str) -> bool:
    wanted = plain(text)
    written = {wanted, json.dumps(wanted)[1:-1], json.dumps(wanted, ensure_ascii=False)[1:-1]}
    return any(any(form in plain(row) for form in written) for _table, row in database_texts())


class Sample:
    """All hostile strings, or for each place that asks the next few of them."""

    FEW = 4

    def __init__(self, *, everything: bool) -> None:
        self.everything = everything
        self._next = itertools.cycle(HOSTILE.items())

    def for_place(self, *, is_kept: bool = False) -> Iterator[tuple[str, str | bytes]]:
        """Kind and text of those to send; where people's texts are kept, all of them."""
        if self.everything or is_kept:
            return iter(HOSTILE.items())
        return itertools.islice(self._next, self.FEW)


def attempts(doors: Doors, sample: Sample) -> Iterator[tuple[str, Form, str, Attempt]]:
    """Every text of every form of ours with hostile strings."""
    for form in doors.forms:
        if form.action.startswith("/admin/") or form.method == "GET":
            continue
        if form.action.startswith(OF_THE_DEVICE):
            continue
        for name in dict.fromkeys([*form.texts, *form.choices]):
            for kind, text in sample.for_place(is_kept=name in KEPT):
                yield kind, form, name, Attempt(doors, form, name, text)


def fault_of(form: Form, name: str, kind: str, attempt: Attempt) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if attempt.status >= 500:
        return "failed"
    if attempt.was_accepted:
        is_text = name in KEPT and plain(as_read(HOSTILE[kind]))
        return "accepted, but not kept as it was" if is_text and not attempt.is_kept else ""
    if name not in form.texts or name in form.hidden:
        return ""  # nobody typed it
    if attempt.status not in {200, 422}:
        return "" if attempt.status in {400, 413} and kind == "deep JSON" else "no form came back"
    if attempt.shown != plain(as_read(HOSTILE[kind])):
        return "the text is gone from its field"
    return "" if attempt.has_summary or name == "q" else "no error summary"


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    "everything", [False, pytest.param(True, marks=pytest.mark.full)], ids=["some", "everything"]
)
def test_no_string_is_lost_or_breaks_a_form_of_ours(settings, everything):
    settings.SIDEMAND_DEMO = True
    doors, sample = find(), Sample(everything=everything)
    faults, kept, kinds = [], set(), set()

    for kind, form, name, attempt in attempts(doors, sample):
        kinds.add(kind)
        if attempt.is_kept:
            kept.add(name)
        if fault := fault_of(form, name, kind, attempt):
            faults.append(f"{form.action} {name}, {kind}: {fault} ({attempt.status})")

    assert not faults, "\n".join(faults)
    assert kept == KEPT  # each of them was accepted with something hostile in it
    assert kinds == set(HOSTILE)
    assert [form.action for form in doors.forms if _searches_by_address(form)] == []
    assert _faults_of_addresses(doors, sample) == []
    assert _faults_of_the_device_door(doors, sample) == []


def _searches_by_address(form: Form) -> bool:
    """Whether a form of ours would put a text into an address."""
    typed = set(form.texts) - form.hidden - form.days
    return form.method == "GET" and not form.action.startswith("/admin/") and bool(typed)


def _faults_of_addresses(doors: Doors, sample: Sample) -> list[str]:
    answers = read(TABLE.read_text(encoding="utf-8"))
    faults = []
    for (route, method), letters in answers.items():
        if method != "GET" or not route.startswith(("da/", "documents/", "media/")):
            continue
        who = next(
            (name for name, letter in zip(doors.clients, letters, strict=False) if letter == "o"),
            None,
        )
        if who is None or route.startswith("da/konto/"):
            continue
        for kind, text in sample.for_place():
            asked = {name: [as_bytes(text)[:2_000]] for name in ASKED}
            address = f"{doors.samples.fill(Row(route))}?{encoded(asked)}"
            response = doors.clients[who].get(address)
            b"".join(response)
            if response.status_code >= 500:
                faults.append(f"{route}, {kind}: {response.status_code}")
    return faults


def _faults_of_the_device_door(doors: Doors, sample: Sample) -> list[str]:
    faults = []
    for client, letter in sessions_of_a_device(doors):
        for kind, text in sample.for_place():
            if isinstance(text, bytes):
                continue
            body = json.dumps(letter).replace("NUMBER", json.dumps(text)[1:-1])
            with transaction.atomic():
                response = client.put(device_door(), body, content_type="application/json")
                transaction.set_rollback(True)
            if response.status_code >= 500 or "json" not in response.headers["Content-Type"]:
                faults.append(f"{kind} in {letter['content']}: {response.status_code}")
    return faults
