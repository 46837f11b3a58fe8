"""Aiken: the question, lettered answers, and ``ANSWER: B``. One right answer each.

There is no well-kept library for it; the format is three kinds of lines.
"""

import re

from django.utils.translation import gettext as _

from courses.exchange.draft import (
    Draft,
    DraftRow,
    QuestionRefused,
    Read,
    lines_of,
    split_situation,
)

_CHOICE = re.compile(r"([A-Z])[.)]\s*(.*)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)


def read(text: str) -> Read:
    """The questions of a file in Aiken."""
    found = Read()
    block: list[tuple[int, str]] = []
    is_over = False
    for number, line in lines_of(text):
        plain = line.strip()
        if not plain:
            is_over = _is_lettered(block)
            continue
        is_answer = _ANSWER.fullmatch(plain) is not None
        if is_over and not is_answer and not _CHOICE.fullmatch(plain):
            _take(block, found)
            block = []
        is_over = False
        block.append((number, plain))
        if is_answer:
            _take(block, found)
            block = []
    if block:
        _take(block, found)
    return found


def _is_lettered(block: list[tuple[int, str]]) -> bool:
    """Whether the answers have begun: a blank line before them only divides the question."""
    return any(_CHOICE.fullmatch(line) for _number, line in block)


def _take(block: list[tuple[int, str]], found: Read) -> None:
    first, title = block[0]
    try:
        found.drafts.append(_question(block))
    except QuestionRefused as refusal:
        found.refuse(refusal.line or first, title, refusal.reason)


def _question(block: list[tuple[int, str]]) -> Draft:
    asked: list[str] = []
    rows: list[DraftRow] = []
    answer = None
    for number, line in block:
        choice, right = _CHOICE.fullmatch(line), _ANSWER.fullmatch(line)
        if right:
            answer = number, right[1].strip().rstrip(".)").upper()
        elif choice:
            wanted = chr(ord("A") + len(rows))
            if choice[1] != wanted:
                raise QuestionRefused(
                    _("The answers are not lettered in order: %(letter)s is expected here.")
                    % {"letter": wanted},
                    line=number,
                )
            if not choice[2]:
                raise QuestionRefused(_("An answer has no text."), line=number)
            rows.append(DraftRow(choice[2]))
        elif rows:
            raise QuestionRefused(
                _("This line is neither an answer (A. …) nor ANSWER."), line=number
            )
        else:
            asked.append(line)
    if answer is None:
        raise QuestionRefused(_("ANSWER is missing: nobody knows what is right."))
    if not asked:
        raise QuestionRefused(_("The question has no text."))
    answered_at, letter = answer
    place = ord(letter) - ord("A") if len(letter) == 1 else -1
    if not 0 <= place < len(rows):
        raise QuestionRefused(_("ANSWER names an answer that is not there."), line=answered_at)
    rows[place].is_correct = True
    situation, text = split_situation("\n".join(asked))
    return Draft("single", text, rows, line=block[0][0], situation=situation)
