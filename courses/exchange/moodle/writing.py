"""From drafts of questions to Moodle XML."""

import re
from collections.abc import Iterable
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from courses.exchange.draft import (
    Draft,
    DraftRow,
    join_situation,
    number,
    one_line,
    tidy,
)
from courses.exchange.gift import RULE_TAG
from courses.kinds.writing import GAP, read_number


def write(drafts: Iterable[Draft]) -> tuple[str, list[tuple[Draft, str]]]:
    """The file; Moodle XML holds every question."""
    questions = "\n".join(_element(draft) for draft in drafts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{questions}\n</quiz>\n', []


_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "short": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
}


def _written(tag: str, text: str, **attributes: str) -> str:
    said = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{said}><text>{escape(tidy(text))}</text></{tag}>"


def _element(draft: Draft) -> str:
    text = join_situation(draft.situation, draft.text)
    if draft.kind == "cloze":
        text = GAP.sub(lambda found: _hole(draft, int(found[1])), text)
    parts = [
        _written("name", draft.name or draft.title),
        _written("questiontext", text, format="plain_text"),
        _written("generalfeedback", draft.feedback, format="plain_text"),
    ]
    if draft.kind != "cloze":
        parts.append("<defaultgrade>1</defaultgrade>")
    if draft.kind in {"single", "multiple"}:
        parts.append(f"<single>{'true' if draft.kind == 'single' else 'false'}</single>")
    if draft.kind in {"single", "multiple", "matching"}:
        parts.append(f"<shuffleanswers>{'false' if draft.keeps_order else 'true'}</shuffleanswers>")
    parts += _ROWS[draft.kind](draft)
    if draft.rule:
        parts.append(f"<tags>{_written('tag', RULE_TAG + draft.rule)}</tags>")
    inside = "\n    ".join(parts)
    return f'  <question type="{_TYPES[draft.kind]}">\n    {inside}\n  </question>'


def _answer(row: DraftRow, fraction: str, text: str, more: str = "") -> str:
    feedback = _written("feedback", row.feedback, format="plain_text")
    return (
        f'<answer fraction="{fraction}" format="plain_text">'
        f"<text>{escape(text)}</text>{more}{feedback}</answer>"
    )


def _answers(draft: Draft) -> list[str]:
    right = max(1, sum(row.is_correct for row in draft.rows))
    share = "100"
    wrong = "0"
    if draft.kind == "multiple":
        share = f"{Decimal(100) / right:.5f}".rstrip("0").rstrip(".")
        wrong = "-100"
    return [_answer(row, share if row.is_correct else wrong, row.text) for row in draft.rows]


def _statement(draft: Draft) -> list[str]:
    words = zip(("true", "false"), draft.rows, strict=True)
    return [_answer(row, "100" if row.is_correct else "0", word) for word, row in words]


def _values(draft: Draft) -> list[str]:
    answers = [
        _answer(
            row,
            "100" if row.is_correct else "0",
            number(read_number(row.text)),
            f"<tolerance>{number(row.tolerance or 0)}</tolerance>",
        )
        for row in draft.rows
    ]
    if draft.unit:
        unit = f"<unit><multiplier>1</multiplier><unit_name>{escape(draft.unit)}</unit_name></unit>"
        answers.append(f"<units>{unit}</units>")
    return answers


def _pairs(draft: Draft) -> list[str]:
    return [
        f'<subquestion format="plain_text"><text>{escape(row.text)}</text>'
        f"<answer><text>{escape(row.match)}</text></answer>"
        + (_written("feedback", row.feedback, format="plain_text") if row.feedback else "")
        + "</subquestion>"
        for row in draft.rows
    ]


def _steps(draft: Draft) -> list[str]:
    fixed = "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"
    steps = [_answer(row, str(place), row.text) for place, row in enumerate(draft.rows, start=1)]
    return [fixed, "<gradingtype>ALL_OR_NOTHING</gradingtype>", *steps]


def _nothing(_draft: Draft) -> list[str]:
    return []


_ROWS = {
    "single": _answers,
    "multiple": _answers,
    "short": _answers,
    "true_false": _statement,
    "numeric": _values,
    "matching": _pairs,
    "ordering": _steps,
    "cloze": _nothing,
}


def _hole(draft: Draft, gap: int) -> str:
    rows = [row for row in draft.rows if row.gap == gap]
    kind = "SHORTANSWER" if all(row.is_correct for row in rows) else "MULTICHOICE"

    def escaped(text: str) -> str:
        return re.sub(r"([}~#\\/\"])", r"\\\1", one_line(text))

    said = [
        ("=" if row.is_correct else "") + escaped(row.text)
        + (f"#{escaped(row.feedback)}" if row.feedback else "")
        for row in rows
    ]  # fmt: skip
    return f"{{1:{kind}:{'~'.join(said)}}}"
