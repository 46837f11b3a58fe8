"""The one home of the rule against citizens' identity in free text.

Two questions are answered here: does a text hold something that looks like a CPR number (then it
is refused everywhere, see ``core.guard``), and does it hold something its author should look at
once more (then it is only pointed out). Neither answer ever carries the text itself.

``docs/identity-guard.md`` describes the steps one by one, so that ``assets/js/identity.js`` can
take the same; ``site/core/data/identity_corpus.json`` is the corpus that both are held to.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

REDACTED = "[…]"


class Span(NamedTuple):
    """Where something stands in a text: the half-open range [start, end)."""

    start: int
    end: int


# --- What each character means ------------------------------------------------------------------

GONE = "\0"  # there, but not seen: zero-width and control characters, markup
BARRIER = "#"  # known to be something else than a CPR number
SAME_MEANING = {
    "-": "_\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d",
    ".": "\u00b7\u2024\u2027\u2219\uff0e",
    "/": "\u2044\u2215\uff0f",
    " ": "\u115f\u1160\u2800\u3164\uffa0",  # drawn as nothing, though no white space
}
MEANING = {alike: one for one, many in SAME_MEANING.items() for alike in many}
UNSEEN_CATEGORIES = {"Cc", "Cf", "Mn", "Me"}
ENTITIES = {
    "lt": "<",
    "gt": ">",
    **dict.fromkeys(["Tab", "NewLine", "nbsp", "ensp", "emsp", "emsp13", "emsp14", "numsp"], " "),
    **dict.fromkeys(["puncsp", "thinsp", "hairsp", "MediumSpace", "NonBreakingSpace"], " "),
    **dict.fromkeys(["ZeroWidthSpace", "NoBreak", "zwnj", "zwj", "lrm", "rlm", "shy"], GONE),
    **dict.fromkeys(["hyphen", "dash", "ndash", "mdash", "horbar", "minus", "lowbar"], "-"),
    **dict.fromkeys(["period", "middot", "centerdot"], "."),
    **dict.fromkeys(["sol", "frasl"], "/"),
}
ENTITY = re.compile(r"&(?:amp;)*(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z0-9]{2,16}));?")
TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")


def _meaning(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in MEANING:
        return MEANING[character]
    if character.isspace():
        return "\n" if character == "\n" else " "
    if unicodedata.category(character) in UNSEEN_CATEGORIES:
        return GONE
    return character if character.isascii() else BARRIER


def _in_plain_characters(text: str) -> str:
    """``text`` with one plain character for each of its own, so that positions stay."""
    return text.translate({ord(character): _meaning(character) for character in set(text)})


def _decode_entity(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name is not None:
        character = ENTITIES.get(name, "")
    else:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        character = chr(code) if code <= 0x10FFFF else ""
    return character + GONE * (len(entity[0]) - 1) if character else entity[0]


def _without_comments(text: str) -> str:
    parts, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts += [text[position:start], GONE * (end + 3 - start)]
        position = end + 3
    return "".join([*parts, text[position:]])


def _views(text: str) -> Iterator[str]:
    """``text`` as it stands and, where it holds markup, as its reader sees it."""
    if "&" in text:
        text = ENTITY.sub(_decode_entity, text)
    yield _in_plain_characters(text)
    if "<" in text:
        yield _in_plain_characters(TAG.sub(lambda tag: GONE * len(tag[0]), _without_comments(text)))


# --- What is known to be something else ---------------------------------------------------------

HARMLESS = re.compile(
    r"""
    (?<![0-9A-Za-z])
    (?: [0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}  # UUID
      | (?=[0-9]*[A-Fa-f]) [0-9A-Fa-f]{24,}                                          # hash
      | [A-Z]{2}[0-9]{2} (?:[ ]?[0-9A-Z]{4}){3,7} (?:[ ]?[0-9A-Z]{1,3})?             # IBAN
      | (?:1[89]|2[01])[0-9]{2} ([-./]) (?:0[1-9]|1[0-2]) \1 (?:0[1-9]|[12][0-9]|3[01])
        (?=[^0-9A-Za-z]|T[0-9]|$)                                                    # ISO date
      | (?<!\.) [0-9]{1,2}\.[0-9]{3,} [ ]?[,;]?[ ]? -?[0-9]{1,3}\.[0-9]{3,} (?!\.[0-9])   # position
    )
    (?![0-9A-SU-Za-z])
    | \n[ \0]*\n [ \0\n]*                                                            # paragraph
    """,
    re.VERBOSE,
)


def _barriers(view: str) -> str:
    return HARMLESS.sub(lambda known: BARRIER * len(known[0]), view).replace("\n", " ")


# --- What looks like a CPR number ---------------------------------------------------------------


def _compact(plain: str) -> str:
    """``plain`` with every gap written as one character, which keeps digits, not positions.

    A gap of up to three characters becomes the mark people would name for it (" - " is a
    hyphen), a longer one separates, and what is not seen stays as GONE where nothing else is.
    """
    text = f"{BARRIER}{plain}{BARRIER}"
    if GONE in text:
        text = re.sub("\0+", GONE, text)
        text = re.sub("\0?([ \\-./])\0?", r"\1", text)
    text = re.sub(" {2,}", " ", text)
    text = re.sub(r"[ \-./]{4,}", BARRIER, text)
    text = re.sub(r"[ ./]+-[ \-./]*|-[ \-./]+", "-", text)
    text = re.sub(r"[ .]+/[ ./]*|/[ ./]+", "/", text)
    return re.sub(r" +\.[ .]*|\.[ .]+", ".", text)


# The words of the pattern below. "gone" joins two digits that stand together in the eye of the
# reader, "mark" parts them; the rest are the parts of a CPR number.
WORDS = {
    "gone": r"\0?",
    "mark": r"[\x20\-./]",
    "end": "(?![0-9])",
    "day": "(?:0gone[1-9]|[12]gone[0-9]|3gone[01]|6gone[1-9]|[78]gone[0-9]|9gone[01])",
    "month": "(?:0gone[1-9]|1gone[0-2])",
    "year": "(?:century gone)?pair",
    "century": "(?:1gone[89]|2gone0)",
    "pair": "[0-9]gone[0-9]",
    "four": "pair gone pair",
    "one": "mark[0-9]",
    "two": "[0-9][0-9]",
    "quad": "two two",
    "date": r"(?<=\x20two)[./\-][0-9]",
    "aeon": "(?:1[89]|20)two",
}
SPELLINGS = r"""
    # DDMMYYNNNN
    day gone month gone year gone four end
    # DD.MM.YYNNNN, but not the end of a longer row of pairs
|   (?=day(mark))(?<![^0-9]two\2)day\2month\2year gone four end
    # DDMMYY-NNNN, DD/MM-YY NNNN, DDMM YY NNNN, DDMMYY N N N N; but no part of a longer row of
    # fours, nor a whole date after the end of another one
|   (?!quad mark quad mark quad mark quad end
       |(?<=[^0-9]quad mark)quad mark quad mark quad end
       |(?<=[0-9]mark)two(mark)two(?!\3)([./\-])two\4aeon end)
    day(?:mark|gone)month(?:mark|gone)year mark(?:four end|[0-9]one one one end(?!one end))
    # DD MM YY YY NNNN
|   day mark month mark century mark pair mark four end
    # DDMMYY-NN NN, DD.MMYY.NN.NN; the last pairs are no time, date or part of a row
|   (?:day gone month gone|day mark month gone|day gone month mark)
    year(mark)pair(\x20|\5)pair end(?!\6two end(?!date)|(?!\x20)\6quad end)
    # DD MM YY NN NN, DD.MM.YYYY.NN.NN; likewise, and not the end of a longer row of pairs
|   (?=day(mark))(?<![^0-9]two\7)day\7month\7(?:century(?:\7|gone))?pair
    (mark)pair(\x20|\8)pair end(?!\9two end(?!date)|(?!\x20)\9quad end)
    # D D M M Y Y NNNN
|   apart mark four end
    # D D M M Y Y N N N N, but not a part of a longer row of digits
|   (?<![^0-9][0-9]mark)apart one one one one end(?!one end)
"""
WORDS["apart"] = (
    "(?:0mark[1-9]|[12]one|3mark[01]|6mark[1-9]|[78]one|9mark[01])"
    "mark(?:0mark[1-9]|1mark[0-2])(?:mark1mark[89]|mark2mark0)?one one"
)


def _in_full(template: str) -> str:
    """``template`` without comments and white space, its words written out."""
    pattern = re.sub(r"#.*", "", template)
    while re.search("[a-z]{3,}", pattern):
        pattern = re.sub("[a-z]{3,}", lambda word: WORDS[word[0]], pattern)
    return re.sub(r"\s", "", pattern)


# A number begins a group of digits, and not with the year that ends a date.
PATTERN = _in_full(rf"(?<![0-9])(?!(?<=[0-9][./\-])aeon mark)(?=({SPELLINGS}))")
NUMBER = re.compile(PATTERN)
FEWEST_DIGITS = 10
ENOUGH_DIGITS = re.compile(r"[0-9](?:[\0 \-./]?[0-9]){9,}")


def _numbers(compact: str) -> Iterator[re.Match[str]]:
    for digits in ENOUGH_DIGITS.finditer(compact):
        yield from NUMBER.finditer(compact, digits.start(), digits.end())


def _scan(text: str) -> Iterator[Span]:
    if len(re.findall(r"\d", text)) < FEWEST_DIGITS:
        return
    for view in _views(text):
        if next(_numbers(_compact(view.replace("\n", " "))), None) is None:
            continue  # most texts end here: what follows can only take away
        plain = _barriers(view)
        compact = _compact(plain)
        positions: list[int] = []
        digits_before = counted_to = 0
        for found in _numbers(compact):
            positions = positions or [digit.start() for digit in re.finditer("[0-9]", plain)]
            digits_before += len(re.findall("[0-9]", compact[counted_to : found.start()]))
            counted_to = found.start()
            last = digits_before + len(re.findall("[0-9]", found[1])) - 1
            yield Span(positions[digits_before], positions[last] + 1)


def find_cpr_like(text: str) -> list[Span]:
    """Where ``text`` holds something that looks like a CPR number, in order, without overlap."""
    spans: list[Span] = []
    for span in sorted(_scan(text)):
        if spans and span.start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
    return spans


def has_cpr_like(text: str) -> bool:
    """Whether ``text`` holds something that looks like a CPR number."""
    return next(_scan(text), None) is not None


def redact(text: str) -> str:
    """``text`` with everything that looks like a CPR number replaced by "[…]"."""
    parts, position = [], 0
    for start, end in find_cpr_like(text):
        parts += [text[position:start], REDACTED]
        position = end
    return "".join([*parts, text[position:]])


def refuse_cpr_like(value: object) -> None:
    """Validator of every free text, in forms and models; takes nested lists and dicts as well.

    Raises:
        ValidationError: With code "cpr_like". It says in which line, and never repeats the text.
    """
    for text in texts_in(value):
        first = next(_scan(text), None)
        if first is not None and "\n" in text.strip():
            raise ValidationError(
                _(
                    "Line %(line)d holds digits that look like a CPR number. Delete them. "
                    "Write about the work, never about a person."
                ),
                code="cpr_like",
                params={"line": text.count("\n", 0, first.start) + 1},
            )
        if first is not None:
            raise ValidationError(
                _(
                    "The field holds digits that look like a CPR number. Delete them. "
                    "Write about the work, never about a person."
                ),
                code="cpr_like",
            )


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value as JSON or a form may hold it, the keys of objects included."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            waiting += [*part.values(), *part.keys()]
        elif isinstance(part, list | tuple):
            waiting += part
        elif isinstance(part, int) and not isinstance(part, bool):
            yield str(part)


# --- What an author should look at once more ----------------------------------------------------


class Kind(StrEnum):
    """Why a passage may tell who a family is."""

    FULL_DATE = "full_date"
    AGE = "age"
    ADDRESS = "address"
    NAME = "name"
    SETTLEMENT = "settlement"
    CASE_NUMBER = "case_number"


class Concern(NamedTuple):
    """A kind and the half-open range [start, end) it stands in; never the text."""

    kind: Kind
    start: int
    end: int


MONTHS = (
    r"(?:jan|feb|mar|apr|ma[jy]|jun|jul|aug|sep|o[kc]t|nov|dec)[a-zæøå]*\.?"  # da, kl and en alike
)
COUNTS = (
    r"(?:[0-9]{1,2}|en|et|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|tretten|fjorten|femten"
    r"|seksten|sytten|atten|ataatsimik|marlunnik|pingasunik|sisamanik|tallimanik|arfinilinnik"
    r"|arfineq-\w+|qulingiluanik|qulinik|aqqanilinnik)"
)
CONCERNS = {
    Kind.FULL_DATE: (
        r"(?<![\w.])[0-9]{1,2}[./-] ?[0-9]{1,2}[./-] ?(?:[0-9]{4}|[0-9]{2})(?![0-9])"
        r"|(?<![\w.])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
        rf"|(?<!\w)[0-9]{{1,2}}\.? ?{MONTHS} ?[0-9]{{4}}(?![0-9])"
    ),
    Kind.AGE: (
        rf"(?<!\w){COUNTS}[ -]?(?:i?nik[ -])?(?:år|ukiulik|ukiulin)\w*"
        r"|(?<!\w)ukiuli[kn]\w*[ :-]{1,2}[0-9]{1,2}(?![0-9])"
    ),
    Kind.ADDRESS: (
        r"(?<!\w)[\wéüö]+(?:vej|gade|stræde|allé|sti|aqqusinersuaq|aqqusernga|aqq\.)"
        r",? ?(?:nr\.? ?)?[0-9]+\w?"
        r"|(?<!\w)(?!(?:ud|om|gen|motor)vej)(?-i:[A-ZÆØÅ])\w+(?:vej|gade|stræde|allé|aqqusinersuaq|aqqusernga)(?:en)?(?!\w)"
        r"|(?<!\w)(?:aqqusinersuaq|aqq\.)(?: ?[0-9]+)?"
        r"|(?<!\w)(?-i:B)(?:[ -]?(?:nr\.?|nummer))?[ -]?[0-9]{2,5}(?!\w)"
    ),
    Kind.CASE_NUMBER: (
        r"(?<!\w)(?:(?:sags?|journal)[ -]?(?:nr|nummer)|j\.? ?nr)(?!\w)"
        r"(?:\.?:? ?[0-9]+(?:[./-]\w+)*)?"
    ),
}
CONCERN_PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in CONCERNS.items()}
CAPITALISED = r"[A-ZÆØÅ][a-zæøåéüö]+(?:-[A-ZÆØÅ][a-zæøåéüö]+)?"
NAME_PATTERN = re.compile(rf"(?<!\w){CAPITALISED}(?: (?:{CAPITALISED}|[A-ZÆØÅ]\.))+(?!\w)")
SETTLEMENTS = Path(__file__).parent / "data" / "settlements.txt"


@cache
def _settlement_pattern() -> re.Pattern[str]:
    lines = SETTLEMENTS.read_text(encoding="utf-8").splitlines()
    names = [re.escape(line) for line in lines if line and not line.startswith("#")]
    longest_first = "|".join(sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest_first})[a-zæøå]{{0,5}}(?!\w)")


def _unknown_names(text: str, known_names: Collection[str]) -> Iterator[Span]:
    known_words = {word for name in known_names for word in name.casefold().split()}
    for run in NAME_PATTERN.finditer(text):
        unknown: list[re.Match[str]] = []
        for word in [*re.finditer(r"\S+", run[0]), None]:
            if word is not None and word[0].casefold() not in known_words:
                unknown.append(word)
                continue
            if len(unknown) > 1:
                yield Span(run.start() + unknown[0].start(), run.start() + unknown[-1].end())
            unknown = []


def warnings_in(text: str, *, known_names: Collection[str] = ()) -> list[Concern]:
    """What in ``text`` may point to a person; whether it does is for its author to decide.

    Args:
        known_names: Names of staff, organisations and places, which are no concern.
    """
    concerns = [
        Concern(kind, *found.span())
        for kind, pattern in CONCERN_PATTERNS.items()
        for found in pattern.finditer(text)
    ]
    concerns += [Concern(Kind.NAME, *span) for span in _unknown_names(text, known_names)]
    concerns += [
        Concern(Kind.SETTLEMENT, *found.span())
        for found in _settlement_pattern().finditer(text)
        if found[0] not in known_names
    ]
    return sorted(concerns, key=lambda concern: (concern.start, concern.end))
