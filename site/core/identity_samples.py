"""The labelled samples that the identity guard is measured by, and the figures it reaches.

No number stands in the repository: those of the corpus are put together when they are asked for.
``docs/identity-guard.md`` tells what the two files hold; the browser is held to the first one too.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from core.identity import Kind, find_cpr_like, has_cpr_like, warnings_in

DATA = Path(__file__).parent / "data"
NUMBERS = 400
DAYS = [*range(1, 32), *range(61, 92)]
PASSAGE = re.compile(r"\[([^\]]*)\]")

Number = tuple[int, int, int, int]  # day, month, year, last four


@cache
def corpus() -> dict[str, Any]:
    """Spellings that must be found, sentences to put them in, and what is harmless."""
    return _read("identity_corpus.json")


@cache
def concern_samples() -> dict[str, Any]:
    """Sentences with what should be pointed out in them, and ordinary ones."""
    return _read("concern_samples.json")


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found


# --- Numbers --------------------------------------------------------------------------------------


def numbers(count: int = NUMBERS) -> list[Number]:
    """Repeatable numbers, each corner of the rule among them."""
    dice = random.Random(20261122)  # noqa: S311  the same every time; nothing secret
    corners = [(day, month, 1990, 0) for day in (1, 31, 61, 91) for month in (1, 12)]
    corners += [(7, 7, year, serial) for year in (1900, 1999, 2000, 2026) for serial in (0, 9999)]
    return corners + [
        (dice.choice(DAYS), dice.randint(1, 12), dice.randint(1900, 2026), dice.randint(0, 9999))
        for _ in range(count - len(corners))
    ]


def fill(template: str, number: Number, zero: str = "0") -> str:
    """``template`` with the parts of ``number`` in the script whose digit zero is ``zero``."""
    day, month, year, serial = number
    parts = {"dd": f"{day:02}", "mm": f"{month:02}", "yyyy": f"{year:04}", "nnnn": f"{serial:04}"}
    parts["yy"] = parts["yyyy"][2:]
    for letter, name in (("d", "dd"), ("m", "mm"), ("y", "yy"), ("n", "nnnn")):
        parts |= {f"{letter}{at}": digit for at, digit in enumerate(parts[name], 1)}
    for name, digits in parts.items():
        written = "".join(chr(ord(zero) + int(digit)) for digit in digits)
        template = template.replace(f"{{{name}}}", written)
    return template


def texts_with(spelling: dict[str, str]) -> Iterator[str]:
    """Every number in this spelling, each in the next sentence."""
    sentences = corpus()["sentences"]
    for at, number in enumerate(numbers()):
        written = fill(spelling["template"], number, spelling["zero"])
        yield sentences[at % len(sentences)].replace("{}", written)


def harmless_texts() -> Iterator[list[str]]:
    """Each harmless template, filled with every number where it has places for one."""
    for template in corpus()["harmless"]:
        filled = numbers() if "{" in template else numbers()[:1]
        yield [fill(template, number) for number in filled]


# --- Figures --------------------------------------------------------------------------------------


class Recall(NamedTuple):
    """How many there were, and how many of them were found."""

    of: int
    found: int

    @property
    def percent(self) -> float:
        """The share that was found, rounded down: all of them is all of them."""
        return self.found * 1000 // self.of / 10


@dataclass(frozen=True, slots=True)
class Figures:
    """What the guard reaches on the samples."""

    spellings: int
    refused: Recall
    harmless: int
    wrongly_refused: int
    pointed_out: dict[Kind, Recall]
    #: Passages of each kind that are none, in any of the sentences.
    wrongly_pointed_out: dict[Kind, int]
    ordinary: int
    ordinary_disturbed: int

    @property
    def keeps_the_promise(self) -> bool:
        """Whether every number is refused and nothing harmless is."""
        return self.refused.found == self.refused.of and not self.wrongly_refused


def measure() -> Figures:
    """Run the guard over every sample."""
    spellings = corpus()["spellings"]
    texts = [text for spelling in spellings for text in texts_with(spelling)]
    harmless = list(harmless_texts())
    samples = concern_samples()
    pointed_out: dict[Kind, Recall] = {}
    wrongly: Counter[Kind] = Counter()
    for kind, marked in samples["pointed_out"].items():
        of = found = 0
        for sentence in marked:
            here, others = _judged(Kind(kind), sentence)
            of, found = of + len(here), found + sum(here)
            wrongly.update(others)
        pointed_out[Kind(kind)] = Recall(of, found)
    disturbing = [_kinds_in(text) for text in samples["ordinary"]]
    for kinds in disturbing:
        wrongly.update(kinds)
    return Figures(
        spellings=len(spellings),
        refused=Recall(len(texts), sum(map(has_cpr_like, texts))),
        harmless=len(harmless),
        wrongly_refused=sum(any(map(find_cpr_like, filled)) for filled in harmless),
        pointed_out=pointed_out,
        wrongly_pointed_out={kind: wrongly[kind] for kind in Kind},
        ordinary=len(disturbing),
        ordinary_disturbed=sum(map(bool, disturbing)),
    )


def _kinds_in(text: str) -> list[Kind]:
    return [one.kind for one in warnings_in(text, known_names=concern_samples()["known"])]


def _judged(kind: Kind, sentence: str) -> tuple[list[bool], Iterable[Kind]]:
    """For each passage of the sentence whether it is found, and the kinds found beside them."""
    places, text, gone = [], PASSAGE.sub(r"\1", sentence), 0
    for marked in PASSAGE.finditer(sentence):
        start = marked.start() - gone
        places.append((start, start + len(marked[1])))
        gone += 2
    found = warnings_in(text, known_names=concern_samples()["known"])
    overlaps = [
        [one for one in found if one.start < end and start < one.end] for start, end in places
    ]
    beside = [one.kind for one in found if not any(one in here for here in overlaps)]
    return [any(one.kind is kind for one in here) for here in overlaps], beside
