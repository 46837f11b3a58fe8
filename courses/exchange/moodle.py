"""Moodle XML: the format that holds every kind.

Read with the SAX parser that Django keeps for its own serializer: it refuses document types,
entities and references to other files, and it tells the line. HTML comes in as plain text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape, quoteattr
from xml.sax.xmlreader import InputSource

from django.core.serializers.xml_serializer import DefusedExpatParser, DefusedXmlException
from django.utils.translation import gettext as _

from courses.exchange.draft import (
    MOST_QUESTIONS,
    Draft,
    DraftRow,
    FileRefused,
    QuestionRefused,
    Read,
    choosing_kind,
    join_situation,
    number,
    one_line,
    split_situation,
    tidy,
    true_or_false,
)
from courses.exchange.gift import RULE_TAG, note_once, number_row
from courses.exchange.plain import looks_like_html, plain_of
from courses.kinds.writing import GAP, read_number

DEEPEST = 20
_POINTS = re.compile(r"-?\d{1,3}(?:\.\d{1,9})?", re.ASCII)
_DECLARED = re.compile(r"""<\?xml[^>]*encoding=["']([^"']+)["']""")
_HOLE = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\}])*)\}", re.DOTALL)
_TYPED = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_CHOSEN = re.compile(r"(MULTICHOICE|MC)(_?[HVS]+)?")
_NUMBER = {"NUMERICAL", "NM"}
_MANY = re.compile(r"(MULTIRESPONSE|MR)(_?[HVS]+)?")


# --- A small tree that knows its lines ----------------------------------------------------------


@dataclass
class _Node:
    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[_Node]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, tag: str) -> "Iterator[_Node]":
        """The children with this tag."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> "_Node":
        """The first of them, or an empty one."""
        return next(self.all(tag), _Node(tag, self.line))

    @property
    def own(self) -> str:
        """The text that stands directly in it."""
        return "".join(self.pieces)

    @property
    def value(self) -> str:
        """The text in its ``<text>``, or its own."""
        texts = list(self.all("text"))
        return texts[0].own if texts else self.own


class _Tree(ContentHandler):
    """Builds the tree, one question at a time; deeper than any real file it stops."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[_Node] = []
        self.root: _Node | None = None
        self.locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802  its name in SAX
        self.locator = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  its name in SAX
        node = _Node(name, self.locator.getLineNumber(), dict(attrs.items()))
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)
        if len(self.open) > DEEPEST:
            raise FileRefused(_("The file is nested too deep."), line=node.line)

    def endElement(self, name: str) -> None:  # noqa: N802  its name in SAX
        self.open.pop()

    def characters(self, content: str) -> None:
        self.open[-1].pieces.append(content)


def _tree(text: str) -> _Node:
    """The root of a document.

    Raises:
        FileRefused: When it is not well-formed, or declares what could reach outside.
    """
    declared = _DECLARED.match(text.lstrip())
    if declared and declared[1].upper().replace("-", "") not in {"UTF8", "UTF16"}:
        raise FileRefused(
            _("The file says that it is %(encoding)s. Save it again as UTF-8.")
            % {"encoding": declared[1][:20]},
            line=1,
        )
    source = InputSource()
    source.setByteStream(BytesIO(text.lstrip().encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    handler = _Tree()
    parser = DefusedExpatParser()
    parser.setContentHandler(handler)
    try:
        parser.parse(source)
    except DefusedXmlException:
        raise FileRefused(
            _("The file declares a document type or entities. That is not allowed."),
            line=max(1, parser.getLineNumber() or 1),
        ) from None
    except SAXParseException as error:
        raise FileRefused(_("The XML is broken here."), line=error.getLineNumber()) from None
    if handler.root is None or handler.root.tag != "quiz":
        raise FileRefused(_("This is not Moodle XML: it must begin with <quiz>."), line=1)
    return handler.root


# --- Reading ------------------------------------------------------------------------------------


def read(text: str) -> Read:
    """The questions of a file in Moodle XML.

    Raises:
        FileRefused: When the file as a whole cannot be read.
    """
    found = Read()
    for node in _tree(text).all("question"):
        if node.attributes.get("type") == "category":
            continue
        title = node.first("name").value or node.first("questiontext").value
        try:
            found.drafts.append(_question(node))
        except QuestionRefused as refusal:
            found.refuse(refusal.line or node.line, plain_of(title)[0], refusal.reason)
        if len(found.drafts) + len(found.refused) > MOST_QUESTIONS:
            break
    return found


def _question(node: _Node) -> Draft:
    kind = node.attributes.get("type", "")
    reader = _READERS.get(kind)
    if reader is None:
        raise QuestionRefused(
            _("Questions of the type “%(type)s” are not taken.") % {"type": kind[:30] or "?"}
        )
    draft = Draft("", "", [], line=node.line, name=one_line(node.first("name").value))
    draft.name = draft.name or one_line(node.first("idnumber").own)
    draft.feedback = _text(node.first("generalfeedback"), draft)
    tags = [tag.value.strip() for tag in node.first("tags").all("tag")]
    rules = [tag for tag in tags if tag.startswith(RULE_TAG)]
    draft.rule = rules[0].removeprefix(RULE_TAG) if rules else ""
    asked = _text(node.first("questiontext"), draft)
    reader(node, draft)
    draft.situation, draft.text = split_situation(draft.text or asked)
    shuffle = node.first("shuffleanswers").own.strip().lower()
    is_mixed = shuffle not in {"0", "false"}
    draft.keeps_order = not is_mixed and draft.kind in {"single", "multiple", "matching"}
    return draft


def _text(node: _Node, draft: Draft) -> str:
    """The text of a node as plain text."""
    text = node.value
    said = node.attributes.get("format", "")
    if any(node.all("file")):
        note_once(draft, _("A picture, film or sound is not taken along."))
    if said == "html" or (said in {"", "moodle_auto_format"} and looks_like_html(text)):
        text, has_lost = plain_of(text)
        if has_lost:
            note_once(draft, _("A picture, film or sound is not taken along."))
    return tidy(text)


def _row(node: _Node, draft: Draft) -> DraftRow:
    return DraftRow(
        one_line(_text(node, draft)),
        is_correct=_points(node) > 0,
        feedback=_text(node.first("feedback"), draft),
    )


def _points(node: _Node) -> Decimal:
    points = node.attributes.get("fraction", "").strip() or "0"
    if not _POINTS.fullmatch(points):
        raise QuestionRefused(_("An answer has points that are no number."), line=node.line)
    return Decimal(points)


def _only_full(nodes: list[_Node], rows: list[DraftRow], draft: Draft) -> None:
    """Where one answer is enough, only one worth all points is right."""
    for node, row in zip(nodes, rows, strict=True):
        row.is_correct = _points(node) == 100
        if 0 < _points(node) < 100:
            note_once(draft, _("Part of the points is not kept: such an answer is not right."))


def _multichoice(node: _Node, draft: Draft) -> None:
    answers = list(node.all("answer"))
    draft.rows = [_row(answer, draft) for answer in answers]
    is_single = node.first("single").own.strip().lower() not in {"0", "false"}
    if is_single:
        _only_full(answers, draft.rows, draft)
    draft.kind = "single" if is_single else choosing_kind(draft.rows, is_single=False)


def _truefalse(node: _Node, draft: Draft) -> None:
    said = {answer.value.strip().lower(): answer for answer in node.all("answer")}
    if set(said) != {"true", "false"}:
        raise QuestionRefused(_("It needs two answers: true and false."))
    draft.kind = "true_false"
    draft.rows = true_or_false(
        is_true=_points(said["true"]) > _points(said["false"]),
        if_true=_text(said["true"].first("feedback"), draft),
        if_false=_text(said["false"].first("feedback"), draft),
    )


def _shortanswer(node: _Node, draft: Draft) -> None:
    answers = list(node.all("answer"))
    draft.kind = "short"
    draft.rows = [_row(answer, draft) for answer in answers]
    _only_full(answers, draft.rows, draft)
    if any("*" in row.text for row in draft.rows):
        raise QuestionRefused(_("An answer holds * as a wildcard. Write out what is accepted."))
    if node.first("usecase").own.strip() == "1":
        note_once(draft, _("Capital letters will make no difference."))


def _numerical(node: _Node, draft: Draft) -> None:
    answers = list(node.all("answer"))
    draft.kind = "numeric"
    for answer in answers:
        tolerance = answer.first("tolerance").own.strip() or "0"
        try:
            row = number_row(f"{answer.value.strip()}:{tolerance}")
        except QuestionRefused as refusal:
            raise QuestionRefused(refusal.reason, line=answer.line) from None
        row.feedback = _text(answer.first("feedback"), draft)
        draft.rows.append(row)
    _only_full(answers, draft.rows, draft)
    units = [one_line(unit.first("unit_name").own) for unit in node.first("units").all("unit")]
    draft.unit = units[0] if units else ""
    if len(units) > 1:
        note_once(draft, _("Only the first unit is taken along."))


def _matching(node: _Node, draft: Draft) -> None:
    draft.kind = "matching"
    for pair in node.all("subquestion"):
        draft.rows.append(
            DraftRow(
                one_line(_text(pair, draft)),
                match=one_line(_text(pair.first("answer"), draft)),
                feedback=_text(pair.first("feedback"), draft),
            )
        )


def _ordering(node: _Node, draft: Draft) -> None:
    draft.kind = "ordering"
    answers = list(node.all("answer"))
    places = [_points(answer) for answer in answers]
    if len(set(places)) == len(places):  # the plug-in keeps the place where others keep points
        answers = [answer for _place, answer in sorted(zip(places, answers, strict=True),
                   key=lambda pair: pair[0])]  # fmt: skip
    draft.rows = [
        DraftRow(one_line(_text(one, draft)), feedback=_text(one.first("feedback"), draft))
        for one in answers
    ]


def _cloze(node: _Node, draft: Draft) -> None:
    draft.kind = "cloze"
    text = _text(node.first("questiontext"), draft)
    if GAP.search(text):
        raise QuestionRefused(_("The text holds [[1]], which stands for a gap here."))
    count = 0

    def hole(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        draft.rows += _hole_rows(found[2], found[3], count, draft)
        return f"[[{count}]]"

    draft.text = _HOLE.sub(hole, text)
    if not count:
        raise QuestionRefused(_("The text has no gap {1:SHORTANSWER:=…}."))


def _hole_rows(kind: str, answers: str, gap: int, draft: Draft) -> list[DraftRow]:
    if _MANY.fullmatch(kind) or not (kind in _TYPED or kind in _NUMBER or _CHOSEN.fullmatch(kind)):
        raise QuestionRefused(_("Gaps of the type “%(type)s” are not taken.") % {"type": kind[:30]})
    rows = []
    for answer in re.split(r"(?<!\\)~", answers):
        said, _mark, feedback = _split_feedback(answer)
        weight = re.match(r"%(-?\d+(?:\.\d+)?)%", said)
        is_right = said.startswith("=") or bool(weight and Decimal(weight[1]) == 100)
        if weight and 0 < Decimal(weight[1]) < 100:
            note_once(draft, _("Part of the points is not kept: such an answer is not right."))
        plain = said[weight.end() :] if weight else said.removeprefix("=")
        text = one_line(_unescaped(plain))
        if kind in _NUMBER:
            row = number_row(text)
            if row.tolerance:
                raise QuestionRefused(_("A number in a gap cannot have a tolerance."))
            text = row.text
        if is_right or not (kind in _TYPED or kind in _NUMBER):
            rows.append(DraftRow(text, is_correct=is_right, feedback=_unescaped(feedback), gap=gap))
        else:
            note_once(draft, _("A wrong answer of a gap that one types in is not taken along."))
    return rows


def _split_feedback(answer: str) -> tuple[str, str, str]:
    found = re.search(r"(?<!\\)#", answer)
    return (answer, "", "") if not found else (
        answer[: found.start()], "#", answer[found.end() :]
    )  # fmt: skip


def _unescaped(text: str) -> str:
    return tidy(re.sub(r"\\([}~#\\/\"])", r"\1", text))


_READERS = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
}


# --- Writing ------------------------------------------------------------------------------------


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
