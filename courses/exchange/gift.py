r"""GIFT: Moodle's text format.

What other systems do not know stands in a comment that they skip: ``// [id:key] [unit:timer]
[order:fixed] [tag:regel:decision-24h]``. Text on both sides of the answers is a text with one gap.
Steps to put in order are written as Moodle's ordering plug-in writes them, one step a line after
``{>…``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from courses.exchange.draft import (
    Draft,
    DraftRow,
    QuestionRefused,
    Read,
    choosing_kind,
    danish,
    join_situation,
    lines_of,
    number,
    one_line,
    split_situation,
    tidy,
    true_or_false,
)
from courses.exchange.plain import looks_like_html, plain_of
from courses.kinds.writing import GAP, read_number

RULE_TAG = "regel:"
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]\s*")
_TITLE = re.compile(r"::((?:\\.|[^\\:]|:(?!:))*)::", re.DOTALL)
_MARK = re.compile(r"\[(id|unit|order|tag):((?:\\.|[^\]\\])*)\]")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%", re.ASCII)
_STEPS = re.compile(r"\s*>[^\n]*\n")
_VALUE = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,8})?|\.\d{1,8})", re.ASCII)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass
class _Block:
    """One question's text, and the line on which it begins."""

    line: int
    text: str = ""
    marks: dict[str, list[str]] = field(default_factory=dict)


# --- Reading ------------------------------------------------------------------------------------


def read(text: str) -> Read:
    """The questions of a file in GIFT."""
    found = Read()
    for block in _blocks(text):
        title = _TITLE.match(block.text)
        shown = _plain(title[1]) if title else block.text.partition("{")[0] or block.text
        try:
            found.drafts.append(_question(block))
        except QuestionRefused as refusal:
            found.refuse(refusal.line or block.line, shown, refusal.reason)
    return found


def _blocks(text: str) -> Iterator[_Block]:
    """What stands between blank lines, without comments and categories."""
    marks: dict[str, list[str]] = {}
    block: _Block | None = None
    for line_number, line in [*lines_of(text), (0, "")]:
        plain = line.strip()
        if plain.startswith("//"):
            for name, value in _MARK.findall(plain):
                marks.setdefault(name, []).append(_plain(value))
        elif plain.startswith("$CATEGORY:"):
            continue
        elif plain:
            if block is None:
                block, marks = _Block(line_number, marks=marks), {}
            block.text += line + "\n"
        elif block is not None:
            yield block
            block = None


def _find(text: str, wanted: str, start: int = 0) -> int:
    """Where an unescaped character stands, else -1."""
    at = start
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text.startswith(wanted, at):
            return at
        at += 1
    return -1


def _question(block: _Block) -> Draft:
    text, name = block.text, ""
    if title := _TITLE.match(text):
        name, text = one_line(_plain(title[1])), text[title.end() :]
    opened = _find(text, "{")
    if opened < 0:
        if _find(text, "}") >= 0:
            raise QuestionRefused(_("A brace } closes what was never opened."))
        raise QuestionRefused(_("There are no answers: { } is missing."))
    closed = _find(text, "}", opened)
    line = block.line + block.text.count("\n", 0, len(block.text) - len(text) + opened)
    if closed < 0:
        raise QuestionRefused(_("The brace { is never closed."), line=line)
    before, answers, after = text[:opened], text[opened + 1 : closed], text[closed + 1 :]
    if _find(after, "{") >= 0 or _find(after, "}") >= 0:
        raise QuestionRefused(
            _("There are several places for answers. Use Moodle XML for a text with gaps."),
            line=line,
        )
    draft = Draft("", "", [], line=block.line, name=name)
    is_html = _format_of(before)
    _marks_of(block, draft)
    asked = _cleaned(_FORMAT.sub("", before, count=1), draft, is_html=is_html)
    rest = _cleaned(after, draft, is_html=is_html)
    general = _find(answers, "####")
    if general >= 0:
        draft.feedback = tidy(_cleaned(answers[general + 4 :], draft, is_html=is_html))
        answers = answers[:general]
    try:
        _answers(answers, draft, is_html=is_html, is_between=bool(rest.strip()))
    except QuestionRefused as refusal:
        raise QuestionRefused(refusal.reason, line=refusal.line or line) from None
    if rest.strip():
        gap = "[[1]]" if draft.kind == "cloze" else "_____"
        spaces = [" " if end.isspace() else "" for end in (before[-1:], after[:1])]
        asked = f"{asked.rstrip()}{spaces[0]}{gap}{spaces[1]}{rest.strip()}"
    draft.situation, draft.text = split_situation(asked)
    return draft


def _format_of(before: str) -> bool:
    """Whether the question says that it is HTML."""
    said = _FORMAT.match(before.strip())
    return bool(said and said[1] == "html")


def _marks_of(block: _Block, draft: Draft) -> None:
    marks = block.marks
    draft.name = draft.name or (marks.get("id") or [""])[0]
    draft.unit = (marks.get("unit") or [""])[0]
    draft.keeps_order = "fixed" in marks.get("order", [])
    rules = [tag for tag in marks.get("tag", []) if tag.startswith(RULE_TAG)]
    draft.rule = rules[0].removeprefix(RULE_TAG) if rules else ""


def _answers(answers: str, draft: Draft, *, is_html: bool, is_between: bool) -> None:
    """Kind and rows, by how the answers begin."""
    plain = answers.strip()
    if not plain:
        raise QuestionRefused(_("It asks for a free text, which is not judged here."))
    if plain.startswith("#"):
        draft.kind, draft.rows = "numeric", _numbers(plain[1:], draft)
        return
    if plain.startswith(">"):
        steps = _STEPS.sub("", answers, count=1) if "\n" in plain else plain[1:]
        texts = [_cleaned(step, draft, is_html=is_html).strip() for step in steps.split("\n")]
        draft.kind, draft.rows = "ordering", [DraftRow(text) for text in texts if text]
        return
    word, said = _with_feedback(plain)
    if word.strip().upper() in {"T", "TRUE", "F", "FALSE"}:
        is_true = word.strip().upper() in {"T", "TRUE"}
        if_wrong, if_right = _with_feedback(said)
        draft.kind = "true_false"
        feedback = [_cleaned(text, draft, is_html=is_html).strip() for text in (if_right, if_wrong)]
        draft.rows = true_or_false(
            is_true=is_true,
            if_true=feedback[0 if is_true else 1],
            if_false=feedback[1 if is_true else 0],
        )
        return
    pieces = list(_pieces(plain))
    if all(sign == "=" for sign, _text in pieces) and any(
        _find(text, "->") >= 0 for _sign, text in pieces
    ):
        draft.kind = "matching"
        draft.rows = [_pair(text, draft, is_html=is_html) for _sign, text in pieces]
        return
    _chosen_or_typed(pieces, draft, is_html=is_html, is_between=is_between)


def _pieces(answers: str) -> Iterator[tuple[str, str]]:
    """Each answer with the sign before it."""
    marks = []
    at = 0
    while at < len(answers):
        if answers[at] == "\\":
            at += 2
            continue
        if answers[at] in "=~":
            marks.append(at)
        at += 1
    if not marks or answers[: marks[0]].strip():
        raise QuestionRefused(_("An answer must begin with = or ~."))
    for start, end in zip(marks, [*marks[1:], len(answers)], strict=True):
        yield answers[start], answers[start + 1 : end]


def _pair(text: str, draft: Draft, *, is_html: bool) -> DraftRow:
    at = _find(text, "->")
    if at < 0:
        raise QuestionRefused(_("An item has no -> with what belongs to it."))
    item, match = text[:at], text[at + 2 :]
    return DraftRow(
        one_line(_cleaned(item, draft, is_html=is_html)),
        match=one_line(_cleaned(match, draft, is_html=is_html)),
    )


def _weight(text: str) -> tuple[Decimal | None, str]:
    """The percentage before an answer, and the rest."""
    if found := _WEIGHT.match(text):
        return Decimal(found[1]), text[found.end() :]
    return None, text


def _with_feedback(text: str) -> tuple[str, str]:
    at = _find(text, "#")
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def _chosen_or_typed(
    pieces: list[tuple[str, str]], draft: Draft, *, is_html: bool, is_between: bool
) -> None:
    rows, weights, signs = [], [], []
    for sign, text in pieces:
        weight, rest = _weight(text)
        said, feedback = _with_feedback(rest)
        row = DraftRow(
            one_line(_cleaned(said, draft, is_html=is_html)),
            feedback=tidy(_cleaned(feedback, draft, is_html=is_html)),
        )
        if not row.text:
            raise QuestionRefused(_("An answer has no text."))
        rows.append(row)
        weights.append(weight)
        signs.append(sign)
    is_typed = all(sign == "=" for sign in signs)
    judge_rows(rows, weights, signs, draft, is_typed=is_typed)
    draft.rows = rows
    if is_between:
        draft.kind = "cloze"
        for row in rows:
            row.gap = 1
    elif is_typed:
        draft.kind = "short"
    else:
        draft.kind = choosing_kind(rows, is_single="=" in signs or None in weights)


def judge_rows(
    rows: list[DraftRow],
    weights: list[Decimal | None],
    signs: list[str],
    draft: Draft,
    *,
    is_typed: bool,
) -> None:
    """Mark what is right. Part of the points is not kept: one note says so."""
    has_right = any(sign == "=" and weight is None for sign, weight in zip(signs, weights,
                    strict=True))  # fmt: skip
    for row, weight, sign in zip(rows, weights, signs, strict=True):
        if weight is None:
            row.is_correct = sign == "="
        elif is_typed or has_right:
            row.is_correct = weight == 100
        else:
            row.is_correct = weight > 0
        if weight is not None and 0 < weight < 100 and (is_typed or has_right):
            note_once(draft, _("Part of the points is not kept: such an answer is not right."))


def note_once(draft: Draft, note: str) -> None:
    """Add ``note`` unless it stands there."""
    if note not in draft.notes:
        draft.notes.append(note)


def _numbers(answers: str, draft: Draft) -> list[DraftRow]:
    plain = answers.strip()
    pieces = list(_pieces(plain)) if plain[:1] in {"=", "~"} else [("=", plain)]
    rows = []
    for sign, text in pieces:
        weight, rest = _weight(text)
        said, feedback = _with_feedback(rest)
        row = number_row(said.strip(), sign=sign)
        row.feedback = tidy(_cleaned(feedback, draft, is_html=False))
        if weight is not None:
            row.is_correct = weight == 100
            if 0 < weight < 100:
                note_once(draft, _("Part of the points is not kept: such an answer is not right."))
        rows.append(row)
    return rows


def number_row(said: str, *, sign: str = "=") -> DraftRow:
    """``24``, ``24:0.5`` or ``23.5..24.5`` as a row.

    Raises:
        QuestionRefused: When it is no number.
    """
    low, dots, high = said.partition("..")
    value, _colon, off = said.partition(":")
    parts = [low, high] if dots else [value, off or "0"]
    if not all(_VALUE.fullmatch(part.strip()) for part in parts):
        raise QuestionRefused(_("This is no number: %(text)s") % {"text": said[:40]})
    first, second = (Decimal(part.strip()) for part in parts)
    middle, tolerance = ((first + second) / 2, (second - first) / 2) if dots else (first, second)
    if tolerance < 0:
        raise QuestionRefused(_("This is no number: %(text)s") % {"text": said[:40]})
    if tolerance != round(tolerance, 4):
        raise QuestionRefused(
            _("This number is too big or too exact: %(text)s") % {"text": said[:40]}
        )
    return DraftRow(danish(middle), is_correct=sign == "=", tolerance=tolerance or None)


def _plain(text: str) -> str:
    r"""``text`` without escapes; ``\n`` is a new line."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def _cleaned(text: str, draft: Draft, *, is_html: bool) -> str:
    """``text`` as it is read."""
    plain = _plain(_FORMAT.sub("", text.strip(), count=1)) if text.strip() else ""
    if is_html or looks_like_html(plain):
        plain, has_lost = plain_of(plain)
        if has_lost:
            note_once(draft, _("A picture, film or sound is not taken along."))
    return plain


# --- Writing ------------------------------------------------------------------------------------


def write(drafts: Iterable[Draft]) -> tuple[str, list[tuple[Draft, str]]]:
    """The file, and the questions that GIFT cannot hold, with the reason."""
    blocks, left = [], []
    for draft in drafts:
        try:
            blocks.append(_block(draft))
        except QuestionRefused as refusal:
            left.append((draft, refusal.reason))
    return "\n\n".join(blocks) + "\n", left


def _escaped(text: str) -> str:
    text = re.sub(r"([\\~=#{}:])", r"\\\1", tidy(text)).replace("\n", "\\n")
    return text.replace("->", "-\\>")


def _block(draft: Draft) -> str:
    marks = {"id": draft.name, "unit": draft.unit if draft.kind == "numeric" else ""}
    marks |= {"order": "fixed" if draft.keeps_order else ""}
    marks |= {"tag": RULE_TAG + draft.rule if draft.rule else ""}
    said = " ".join(_mark(name, value) for name, value in marks.items() if value)
    lines = [f"// {said}"] if said else []
    general = f"####{_escaped(draft.feedback)}" if draft.feedback else ""
    if draft.kind == "cloze":
        asked = _one_gap(draft, _rows(draft) + general)
    else:
        text = _escaped(join_situation(draft.situation, draft.text))
        asked = f"{text} {{{_rows(draft)}{general}}}"
    return "\n".join([*lines, f"::{_escaped(draft.name)}::[plain]{asked}"])


def _mark(name: str, value: str) -> str:
    return f"[{name}:" + re.sub(r"([\]\\])", r"\\\1", value) + "]"


def _one_gap(draft: Draft, answers: str) -> str:
    if len(GAP.findall(draft.text)) != 1:
        raise QuestionRefused(_("GIFT holds one gap only. Use Moodle XML."))
    before, after = GAP.sub("\0", join_situation(draft.situation, draft.text)).split("\0")
    if not after.strip():
        raise QuestionRefused(_("GIFT holds no gap at the end of a text. Use Moodle XML."))
    spaces = [" " if end.isspace() else "" for end in (before[-1:], after[:1])]
    return f"{_escaped(before)}{spaces[0]}{{{answers}}}{spaces[1]}{_escaped(after)}"


def _rows(draft: Draft) -> str:
    """What stands between the braces."""
    match draft.kind:
        case "true_false":
            true, false = draft.rows
            right, wrong = (true, false) if true.is_correct else (false, true)
            said = [_escaped(wrong.feedback), _escaped(right.feedback)]
            return f"{'TRUE' if true.is_correct else 'FALSE'}#{said[0]}#{said[1]}"
        case "matching":
            pairs = [f"={_escaped(row.text)} -> {_escaped(row.match)}" for row in draft.rows]
            return "\n" + "\n".join(pairs) + "\n"
        case "ordering":
            steps = [_escaped(row.text) for row in draft.rows]
            return "\n".join([">0 ALL VERTICAL ALL_OR_NOTHING SHOW none", *steps, ""])
        case "numeric":
            return "#\n" + "\n".join(map(_number, draft.rows)) + "\n"
    right_count = sum(row.is_correct for row in draft.rows)
    return "\n" + "\n".join(_row(draft.kind, row, right_count) for row in draft.rows) + "\n"


def _number(row: DraftRow) -> str:
    value = f"{number(read_number(row.text))}:{number(row.tolerance or 0)}"
    weight = "" if row.is_correct else "%0%"
    return f"={weight}{value}" + (f"#{_escaped(row.feedback)}" if row.feedback else "")


def _row(kind: str, row: DraftRow, right: int) -> str:
    said = _escaped(row.text) + (f"#{_escaped(row.feedback)}" if row.feedback else "")
    if kind == "multiple":
        share = f"{Decimal(100) / right:.5f}".rstrip("0").rstrip(".")
        return f"~%{share if row.is_correct else -100}%{said}"
    if kind == "short" and not row.is_correct:
        return f"=%0%{said}"
    return f"{'=' if row.is_correct else '~'}{said}"
