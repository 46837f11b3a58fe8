"""Numbers that exist nowhere else, and the search for them in whatever the server keeps."""

import html
import io
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from django.db import connection

from core.identity_samples import DAYS, Number, corpus, fill

CORPUS = corpus()


class Canaries:
    """``count`` numbers, each in the next spelling of the corpus when it is asked for."""

    def __init__(self, count: int = 200, seed: int = 20261125) -> None:
        dice = random.Random(seed)
        self.numbers = [
            (
                dice.choice(DAYS),
                dice.randint(1, 12),
                dice.randint(1900, 2026),
                dice.randint(0, 9999),
            )
            for _ in range(count)
        ]
        self._given = 0
        self._birds = re.compile(
            "|".join(
                f"{d:02}{m:02}(?:{y // 100})?{y % 100:02}{n:04}" for d, m, y, n in self.numbers
            )
        )

    def next(self) -> str:
        """A text with the next number in the next spelling."""
        spellings = CORPUS["spellings"]
        number = self.numbers[self._given % len(self.numbers)]
        spelling = spellings[self._given // 3 % len(spellings)]
        self._given += 1
        return spell(spelling, number)

    def found_in(self, text: str) -> bool:
        """Whether one of the numbers stands in ``text``, however it is written or escaped."""
        return any(self._birds.search(digits) for digits in _digits_of(text))


def spell(spelling: dict[str, str], number: Number) -> str:
    """``number`` in a spelling of the corpus."""
    return fill(spelling["template"], number, spelling["zero"])


def _digits_of(text: str) -> Iterator[str]:
    """The digits of ``text`` with what stands between them taken out, in each way to read it."""
    plain = unquote_plus(text) if "%" in text else text
    if "\\u" in plain:
        plain = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), plain)
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for _ in range(3):  # the corpus has some that are escaped twice, and a page escapes once more
        plain = html.unescape(plain) if "&" in plain else plain
    if not plain.isascii():
        plain = "".join(
            str(unicodedata.decimal(c)) if c.isdecimal() else c
            for c in unicodedata.normalize("NFKC", plain)
        )
    readings = [plain]
    if "<" in plain:
        readings.append(re.sub(r"<!--.*?-->|<[^<>]*>", "", plain, flags=re.DOTALL))
    for reading in readings:
        yield re.sub(r"(?<=\d)(?:\\[nrt]|[\W_]){1,12}(?=\d)", "", reading)


def database_texts() -> Iterator[tuple[str, str]]:
    """Every value of every table as text, by table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor, include_views=False)
        if connection.vendor == "sqlite":  # Django does not know the shadow tables of the index
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = sorted({*tables, *(row[0] for row in cursor.fetchall())})
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, "\n".join(map(_text, row))


def _text(value: Any) -> str:
    if isinstance(value, memoryview):
        value = bytes(value)
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)


def file_texts(*folders: Path) -> Iterator[tuple[str, str]]:
    """Name and content of every file below ``folders``."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path), f"{path}\n{path.read_bytes().decode('utf-8', errors='replace')}"


class Logs:
    """What production's handlers write of every logger, at every level."""

    def __init__(self) -> None:
        import logging

        from core.guard import RedactFilter
        from core.logs import PlainFormatter, WithoutArguments

        self.stream = io.StringIO()
        self._handler = logging.StreamHandler(self.stream)
        self._handler.setFormatter(PlainFormatter())
        self._handler.addFilter(RedactFilter())
        self._django = logging.StreamHandler(self.stream)
        self._django.setFormatter(PlainFormatter())
        self._django.addFilter(WithoutArguments())
        self._django.addFilter(RedactFilter())
        self._root, self._log = logging.getLogger(), logging.getLogger("django")
        self._level = self._root.level

    def __enter__(self) -> io.StringIO:
        self._root.addHandler(self._handler)
        self._log.addHandler(self._django)
        self._root.setLevel("DEBUG")
        return self.stream

    def __exit__(self, *_error: object) -> None:
        self._root.removeHandler(self._handler)
        self._log.removeHandler(self._django)
        self._root.setLevel(self._level)
