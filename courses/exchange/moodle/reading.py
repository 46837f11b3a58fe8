"""From Moodle XML to drafts of questions. HTML comes in as plain text."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from courses.exchange.draft import (
    MOST_QUESTIONS,
    Draft,
    DraftRow,
    QuestionRefused,
    Read,
    choosing_kind,
    one_line,
    split_situation,
    tidy,
    true_or_false,
)
from courses.exchange.gift import RULE_TAG, note_once, number_row
from courses.exchange.moodle.tree import Node, tree_of
from courses.exchange.plain import looks_like_html, plain_of
from courses.kinds.writing import GAP

_POINTS = re.compile(r"-?\d{1,3}(?:\.\d{1,9})?", re.ASCII)
_HOLE = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\}])*)\}", re.DOTALL)
_TYPED = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
_CHOSEN = re.compile(r"(MULTICHOICE|MC)(_?[HVS]+)?")
_NUMBER = {"NUMERICAL", "NM"}
_MANY = re.compile(r"(MULTIRESPONSE|MR)(_?[HVS]+)?")


def read(text: str) -> Read:
    """The questions of a file in Moodle XML.

    Raises:
        FileRefused: When the file as a whole cannot be read.
    """
    found = Read()
    for node in tree_of(text).all("question"):
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


def _question(node: Node) -> Draft:
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


def _text(node: Node, draft: Draft) -> str:
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


def _row(node: Node, draft: Draft) -> DraftRow:
    return DraftRow(
        one_line(_text(node, draft)),
        is_correct=_points(node) > 0,
        feedback=_text(node.first("feedback"), draft),
    )


def _points(node: Node) -> Decimal:
    points = node.attributes.get("fraction", "").strip() or "0"
    if not _POINTS.fullmatch(points):
        raise QuestionRefused(_("An answer has points that are no number."), line=node.line)
    return Decimal(points)


def _only_full(nodes: list[Node], rows: list[DraftRow], draft: Draft) -> None:
    """Where one answer is enough, only one worth all points is right."""
    for node, row in zip(nodes, rows, strict=True):
        row.is_correct = _points(node) == 100
        if 0 < _points(node) < 100:
            note_once(draft, _("Part of the points is not kept: such an answer is not right."))


def _multichoice(node: Node, draft: Draft) -> None:
    answers = list(node.all("answer"))
    draft.rows = [_row(answer, draft) for answer in answers]
    is_single = node.first("single").own.strip().lower() not in {"0", "false"}
    if is_single:
        _only_full(answers, draft.rows, draft)
    draft.kind = "single" if is_single else choosing_kind(draft.rows, is_single=False)


def _truefalse(node: Node, draft: Draft) -> None:
    said = {answer.value.strip().lower(): answer for answer in node.all("answer")}
    if set(said) != {"true", "false"}:
        raise QuestionRefused(_("It needs two answers: true and false."))
    draft.kind = "true_false"
    draft.rows = true_or_false(
        is_true=_points(said["true"]) > _points(said["false"]),
        if_true=_text(said["true"].first("feedback"), draft),
        if_false=_text(said["false"].first("feedback"), draft),
    )


def _shortanswer(node: Node, draft: Draft) -> None:
    answers = list(node.all("answer"))
    draft.kind = "short"
    draft.rows = [_row(answer, draft) for answer in answers]
    _only_full(answers, draft.rows, draft)
    if any("*" in row.text for row in draft.rows):
        raise QuestionRefused(_("An answer holds * as a wildcard. Write out what is accepted."))
    if node.first("usecase").own.strip() == "1":
        note_once(draft, _("Capital letters will make no difference."))


def _numerical(node: Node, draft: Draft) -> None:
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


def _matching(node: Node, draft: Draft) -> None:
    draft.kind = "matching"
    for pair in node.all("subquestion"):
        draft.rows.append(
            DraftRow(
                one_line(_text(pair, draft)),
                match=one_line(_text(pair.first("answer"), draft)),
                feedback=_text(pair.first("feedback"), draft),
            )
        )


def _ordering(node: Node, draft: Draft) -> None:
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


def _cloze(node: Node, draft: Draft) -> None:
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
