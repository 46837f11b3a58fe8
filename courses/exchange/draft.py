"""What all formats have in common: a question that is not in the bank yet, or is on its way out."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.identity import refuse_cpr_like
from courses.kinds import KINDS, Row
from courses.kinds.writing import GAP, read_number

MOST_BYTES = 1_000_000
MOST_QUESTIONS = 500
MOST_ROWS = 20
LONGEST_ROW = 300
LONGEST_TEXT = 3000
LONGEST_UNIT = 40
_NOT_SHOWN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class QuestionRefused(ValueError):
    """One question cannot be taken; the message says why, for an editor."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class FileRefused(QuestionRefused):
    """Nothing of the file can be read."""


@dataclass
class DraftRow:
    """A row as it stands in the file."""

    text: str = ""
    is_correct: bool = False
    feedback: str = ""
    match: str = ""
    gap: int | None = None
    tolerance: Decimal | None = None


def _gap(row: DraftRow) -> int:
    return row.gap or 0


@dataclass
class Draft:
    """A question as it stands in a file, from its ``line`` on."""

    kind: str
    text: str
    rows: list[DraftRow]
    line: int = 1
    name: str = ""
    situation: str = ""
    feedback: str = ""
    unit: str = ""
    rule: str = ""
    keeps_order: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What an editor knows it by."""
        title = " ".join((self.name or self.text).split())
        return f"{title[:79]}…" if len(title) > 80 else title

    def meaning(self) -> dict[str, Any]:
        """What two questions are compared by: everything but name and place."""
        rows = [
            {
                **({"text": self._text_of(row)} if self.kind != "true_false" else {}),
                "feedback": tidy(row.feedback),
                **({"is_correct": row.is_correct} if self.kind not in UNJUDGED else {}),
                **({"match": one_line(row.match)} if self.kind == "matching" else {}),
                **({"gap": row.gap} if self.kind == "cloze" else {}),
                **({"tolerance": number(row.tolerance or 0)} if self.kind == "numeric" else {}),
            }
            for row in (sorted(self.rows, key=_gap) if self.kind == "cloze" else self.rows)
        ]
        return {
            "kind": self.kind,
            "situation": tidy(self.situation),
            "text": tidy(self.text),
            "rows": rows,
            "feedback": tidy(self.feedback),
            "unit": self.unit if self.kind == "numeric" else "",
            "rule": self.rule,
            "keeps_order": self.keeps_order,
        }

    def _text_of(self, row: DraftRow) -> str:
        if self.kind == "numeric":
            try:
                return number(read_number(row.text))
            except ValueError:
                pass
        return one_line(row.text)

    @property
    def fingerprint(self) -> str:
        """Names the meaning."""
        meaning = json.dumps(self.meaning(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(meaning.encode()).hexdigest()[:12]

    @property
    def key(self) -> str:
        """The key in the bank: readable, and another one for every other meaning."""
        words = slugify(self.name or self.text)[:44].strip("-")
        return f"{words or 'spoergsmaal'}-{self.fingerprint}"

    def check(self) -> None:
        """Refuse what the bank does not take.

        Raises:
            QuestionRefused: With the reason.
        """
        texts = [self.name, self.situation, self.text, self.feedback, self.unit]
        texts += [text for row in self.rows for text in (row.text, row.match, row.feedback)]
        if any(_NOT_SHOWN.search(text) for text in texts):
            raise QuestionRefused(_("It holds characters that cannot be shown."))
        for text in texts:
            try:
                refuse_cpr_like(text)
            except ValidationError:
                raise QuestionRefused(
                    _("It holds digits that look like a CPR number. Delete them.")
                ) from None
        if not self.text.strip():
            raise QuestionRefused(_("The question has no text."))
        if max(map(len, texts)) > LONGEST_TEXT or len(self.unit) > LONGEST_UNIT:
            raise QuestionRefused(_("A text is too long."))
        if any(len(text) > LONGEST_ROW for row in self.rows for text in (row.text, row.match)):
            raise QuestionRefused(
                _("An answer has more than %(most)d characters.") % {"most": LONGEST_ROW}
            )
        if len(self.rows) > MOST_ROWS:
            raise QuestionRefused(_("It has more than %(most)d answers.") % {"most": MOST_ROWS})
        rows = [
            Row(row.text.strip(), row.is_correct, row.match.strip(), row.gap, row.tolerance)
            for row in self.rows
        ]
        try:
            KINDS[self.kind].check(rows, self.text)
        except ValidationError as refusal:
            raise QuestionRefused(refusal.messages[0]) from None


#: Kinds whose rows are neither right nor wrong.
UNJUDGED = {"matching", "ordering"}


@dataclass
class Read:
    """What was read of a file: questions, and those that cannot be taken, in its order."""

    drafts: list[Draft] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)  # line, title, reason

    def refuse(self, line: int, title: str, reason: str) -> None:
        """Note that the question at ``line`` is not taken."""
        title = " ".join(_NOT_SHOWN.sub("", title).split())
        self.refused.append((line, f"{title[:79]}…" if len(title) > 80 else title, reason))


def decode(content: bytes) -> str:
    """The text of a file, with plain line ends.

    Raises:
        FileRefused: When it is too big, or neither UTF-8 nor UTF-16 with its mark.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused(_("The file is bigger than 1 MB. Divide it."))
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(_("The file is not UTF-8. Save it again as UTF-8."), line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_situation(text: str) -> tuple[str, str]:
    """Situation and question of a text with several paragraphs: the last one asks."""
    before, _break, last = tidy(text).rpartition("\n\n")
    if not before or GAP.search(before):
        return "", tidy(text).replace("\n\n", "\n")
    return before, last


def join_situation(situation: str, text: str) -> str:
    """The two as one text, so that they come apart again."""
    paragraphs = [tidy(situation), tidy(text).replace("\n\n", "\n")]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def tidy(text: str) -> str:
    """``text`` with single spaces, and at most one blank line in a row."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """``text`` on one line."""
    return " ".join(text.split())


def number(value: Decimal | int) -> str:
    """A number as files write it: with a dot, without empty decimals."""
    plain = f"{Decimal(value):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def danish(value: Decimal) -> str:
    """A number as an editor writes it in the bank."""
    return number(value).replace(".", ",")


def true_or_false(*, is_true: bool, if_true: str = "", if_false: str = "") -> list[DraftRow]:
    """The two rows of a statement, with feedback to whoever answers so."""
    return [
        DraftRow("Rigtigt", is_correct=is_true, feedback=if_true),
        DraftRow("Forkert", is_correct=not is_true, feedback=if_false),
    ]


def choosing_kind(rows: Iterable[DraftRow], *, is_single: bool) -> str:
    """Single or multiple, as the file says it."""
    return "single" if is_single and sum(row.is_correct for row in rows) == 1 else "multiple"


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number."""
    yield from enumerate(text.split("\n"), start=1)
