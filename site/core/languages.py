"""What Django does not know about Kalaallisut, and how our two languages date, sort and search.

Names of days and months are in the catalogue of ``kl``, forms of dates and numbers in
``config.formats``; both are the figures of CLDR. docs/decisions/kalaallisut-locale.md tells more.
"""

import unicodedata
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import locale
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, F
from django.db.models.functions import Collate
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date

DANISH, KALAALLISUT = "da", "kl"


def register_kalaallisut() -> None:
    """Make ``kl`` a language Django knows; called once, by the settings."""
    locale.LANG_INFO[KALAALLISUT] = {
        "bidi": False,
        "code": KALAALLISUT,
        "name": "Greenlandic",
        "name_local": "kalaallisut",
        "fallback": [DANISH],
    }


# --- Dates --------------------------------------------------------------------------------------

DAY = {DANISH: r"l \d\e\n j. F", KALAALLISUT: "l j. E"}
TIME = {DANISH: r" \k\l. G.i", KALAALLISUT: " H.i"}


def human_date(
    when: date | datetime,
    *,
    zone: str | tzinfo | None = None,
    place: str = "",
    language: str | None = None,
    today: date | None = None,
) -> str:
    """A day, or a moment on the clock of a place, as people say it.

    >>> human_date(datetime(2026, 6, 16, 11, 30, tzinfo=UTC), place="Upernavik", language="da")
    'tirsdag den 16. juni kl. 9.30 (Upernavik)'

    Args:
        when: A moment must be aware of its time zone.
        zone: The clock to show; the current one unless given.
        place: Named behind a time, so that nobody takes it for another clock.
        language: Danish or Kalaallisut; the active one unless given.
        today: The year is left out if it is that of this day.
    """
    language = language or translation.get_language() or DANISH
    code = KALAALLISUT if language.startswith(KALAALLISUT) else DANISH
    clock = ZoneInfo(zone) if isinstance(zone, str) else zone
    is_moment = isinstance(when, datetime)
    local = timezone.localtime(when, clock) if isinstance(when, datetime) else when
    this_year = (today or timezone.localdate(timezone=clock)).year
    template = (
        DAY[code] + ("" if local.year == this_year else " Y") + (TIME[code] if is_moment else "")
    )
    with translation.override(code):
        written = format_date(local, template)
    return f"{written} ({place})" if place and is_moment else written


# --- Sorting ------------------------------------------------------------------------------------

LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
# Letters that sort with another one, after it.
BESIDE = {"ä": "æ", "ö": "ø", "ő": "ø", "ü": "y", "ű": "y", "đ": "d", "ð": "d", "ĸ": "q"} | {
    "þ": "th",
    "ß": "ss",
    "ꜳ": "å",  # one character for the Danish aa, see sort_key
}

SortKey = tuple[tuple[tuple[int, str], ...], tuple[str, ...], tuple[bool, ...]]


@lru_cache(maxsize=8192)
def sort_key(text: str, language: str = DANISH) -> SortKey:
    """A key that sorts as ICU's collations ``da-x-icu`` and ``kl-x-icu`` do.

    æ, ø and å follow z. In Danish aa is å, as in Aabenraa, and capitals come first; in Kalaallisut
    aa is two letters, as in Aasiaat, and ĸ sorts with q.
    """
    danish = not language.startswith(KALAALLISUT)
    primary: list[tuple[int, str]] = []
    accents: list[str] = []
    capitals: list[bool] = []
    written = unicodedata.normalize("NFC", text)
    if danish:
        for double, single in (("aa", "ꜳ"), ("Aa", "Ꜳ"), ("AA", "Ꜳ")):
            written = written.replace(double, single)
    for character in written:
        small = character.lower()
        if small in LETTERS:
            base, accent = small, ""
        elif small in BESIDE:
            base, accent = BESIDE[small], small
        else:
            parts = unicodedata.normalize("NFD", small)
            base, accent = parts[0], parts[1:]
        primary += [_primary(letter) for letter in base]
        accents.append(accent)
        capitals.append((character != small) is not danish)
    return tuple(primary), tuple(accents), tuple(capitals)


def _primary(letter: str) -> tuple[int, str]:
    if letter in LETTERS:
        return 3, chr(LETTERS.index(letter))
    if letter.isdecimal():
        return 2, str(unicodedata.decimal(letter))
    return (4, letter) if letter.isalpha() else (0 if letter.isspace() else 1, letter)


def in_language(field: str | Expression, language: str) -> Collate:
    """``field`` to order by as the readers of ``language`` do, on SQLite and PostgreSQL alike.

    >>> Place.objects.order_by(in_language("name", "kl"))
    """
    code = KALAALLISUT if language.startswith(KALAALLISUT) else DANISH
    return Collate(F(field) if isinstance(field, str) else field, f"{code}-x-icu")


def add_collations(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Give SQLite the two collations that PostgreSQL has from ICU; heard on each connection."""
    if connection.vendor != "sqlite":
        return
    for code in (DANISH, KALAALLISUT):
        connection.connection.create_collation(f"{code}-x-icu", _comparison(code))


def _comparison(language: str) -> Any:
    def compare(one: str, other: str) -> int:
        first, second = sort_key(one, language), sort_key(other, language)
        return (first > second) - (first < second)

    return compare


# --- Searching ----------------------------------------------------------------------------------

# The spelling before 1973: a circumflex is a long vowel, kra is today's q.
OLD_SPELLING = {"â": "aa", "î": "ii", "û": "uu", "ê": "ee", "ô": "oo", "ĸ": "q", "ä": "æ", "ö": "ø"}
KEPT = set("æøå")


def fold(text: str) -> str:
    """``text`` as search compares it: small letters, no accents, old spelling made new.

    >>> fold("ĸâĸortoĸ")
    'qaaqortoq'
    """
    folded = []
    for character in unicodedata.normalize("NFKC", text.replace("K'", "q").replace("ĸ", "q")):
        for small in unicodedata.normalize("NFC", character.casefold()):
            if small in KEPT:
                folded.append(small)
            elif small in OLD_SPELLING:
                folded.append(OLD_SPELLING[small])
            else:
                base = unicodedata.normalize("NFD", small)
                folded += [part for part in base if not unicodedata.combining(part)]
    return "".join(folded)
