"""Between the bank and the files: what comes in, what is there already, what goes out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.identity import has_cpr_like
from courses.actions.questions import freeze_question
from courses.exchange import aiken, gift, moodle
from courses.exchange.draft import (
    MOST_QUESTIONS,
    Draft,
    DraftRow,
    FileRefused,
    QuestionRefused,
    Read,
    one_line,
    tidy,
)
from courses.models import Choice, Question
from rules.models import Rule

READERS = {"gift": gift.read, "aiken": aiken.read, "moodle": moodle.read}
WRITERS = {"gift": gift.write, "moodle": moodle.write}
NAMES = {"gift": "GIFT", "aiken": "Aiken", "moodle": "Moodle XML"}


@dataclass(frozen=True)
class ReportLine:
    """What became of one question of a file: ``new``, ``known`` or ``refused``."""

    line: int | None
    title: str
    state: str
    reasons: list[str]
    draft: Draft | None = None


@dataclass
class Report:
    """What a file holds, question by question, in its order."""

    file_format: str
    lines: list[ReportLine] = field(default_factory=list)
    created: list[Question] = field(default_factory=list)

    def _in(self, state: str) -> list[ReportLine]:
        return [line for line in self.lines if line.state == state]

    @property
    def new(self) -> list[ReportLine]:
        """Questions that the bank takes."""
        return self._in("new")

    @property
    def new_drafts(self) -> list[Draft]:
        """The same as they stand in the file."""
        return [line.draft for line in self.new if line.draft is not None]

    @property
    def known(self) -> list[ReportLine]:
        """Questions that it has already."""
        return self._in("known")

    @property
    def refused(self) -> list[ReportLine]:
        """Questions that it cannot take."""
        return self._in("refused")

    def may_import(self, *, take_the_good: bool) -> bool:
        """Whether there is something to take, and nothing refused unless that was allowed."""
        return bool(self.new) and (take_the_good or not self.refused)


def examine(text: str, file_format: str) -> Report:
    """What would become of every question of a file. Writes nothing; a few queries at any size."""
    report = Report(file_format)
    try:
        found = _read(text, file_format)
    except FileRefused as refusal:
        report.lines.append(
            ReportLine(refusal.line, _("The whole file"), "refused", [refusal.reason])
        )
        return report
    lines = [ReportLine(line, title, "refused", [reason]) for line, title, reason in found.refused]
    lines += _judge(found.drafts)
    report.lines = sorted(lines, key=lambda line: line.line or 0)
    return report


def _read(text: str, file_format: str) -> Read:
    found: Read = READERS[file_format](text)
    count = len(found.drafts) + len(found.refused)
    if not count:
        raise FileRefused(_("There is no question in the file."))
    if count > MOST_QUESTIONS:
        raise FileRefused(
            _("There are more than %(most)d questions. Divide the file.") % {"most": MOST_QUESTIONS}
        )
    return found


def _judge(drafts: list[Draft]) -> list[ReportLine]:
    rules = Rule.objects.publishable().filter(key__in={draft.rule for draft in drafts})
    known_rules = set(rules.values_list("key", flat=True))
    meanings = _in_the_bank(drafts)
    keys = set(
        Question.objects.filter(key__in=[draft.key for draft in drafts]).values_list(
            "key", flat=True
        )
    )
    seen: dict[str, int] = {}
    lines = []
    for draft in drafts:
        state, reasons = "new", list(draft.notes)
        if draft.rule and draft.rule not in known_rules:
            reasons.append(
                _("The rule “%(key)s” is not in the register; the question comes without it.")
                % {"key": draft.rule[:60]}
            )
            draft.rule = ""
        try:
            draft.check()
        except QuestionRefused as refusal:
            lines.append(ReportLine(draft.line, _safe(draft, refusal), "refused", [refusal.reason]))
            continue
        if draft.fingerprint in seen:
            state = "known"
            reasons = [_("It stands in line %(line)d already.") % {"line": seen[draft.fingerprint]}]
        elif draft.fingerprint in meanings:
            state = "known"
            reasons = [_("It is in the bank already: %(key)s.") % {
                "key": meanings[draft.fingerprint]}]  # fmt: skip
        elif draft.key in keys:
            state = "known"
            reasons = [
                _("It was imported before and has been changed since: %(key)s.")
                % {"key": draft.key}
            ]
        seen.setdefault(draft.fingerprint, draft.line)
        lines.append(ReportLine(draft.line, draft.title, state, reasons, draft))
    return lines


def _safe(draft: Draft, refusal: QuestionRefused) -> str:
    """What to call a refused question: never by a text that may hold what was refused."""
    title = "".join(char for char in draft.title if char.isprintable())
    return "–" if has_cpr_like(title) else title


def _in_the_bank(drafts: Iterable[Draft]) -> dict[str, str]:
    """The fingerprints of the questions in the bank that ask the same, with their keys."""
    texts = {draft.text for draft in drafts} | {tidy(draft.text) for draft in drafts}
    same = Question.objects.filter(text_da__in=texts)
    return {draft.fingerprint: draft.name for draft in drafts_of(same)}


@transaction.atomic
def import_questions(
    text: str,
    file_format: str,
    *,
    at: datetime,
    take_the_good: bool = False,
) -> Report:
    """Take the questions of a file into the bank: all, or with ``take_the_good`` the good ones.

    What the bank has already is left as it is. When one is refused and ``take_the_good`` is not
    set, nothing is taken; the report says so by having created nothing.
    """
    report = examine(text, file_format)
    if not report.may_import(take_the_good=take_the_good):
        return report
    rules = {rule.key: rule for rule in Rule.objects.filter(
        key__in=[draft.rule for draft in report.new_drafts])}  # fmt: skip
    report.created += [_create(draft, rules, at=at) for draft in report.new_drafts]
    return report


def _create(draft: Draft, rules: dict[str, Rule], *, at: datetime) -> Question:
    question = Question.objects.create(
        key=draft.key,
        kind=draft.kind,
        situation_da=tidy(draft.situation),
        text_da=tidy(draft.text),
        feedback_da=tidy(draft.feedback),
        unit_da=draft.unit,
        keeps_order=draft.keeps_order,
        rule=rules.get(draft.rule),
    )
    Choice.objects.bulk_create(
        Choice(
            question=question,
            sort_order=place,
            text_da=one_line(row.text),
            match_da=one_line(row.match),
            gap=row.gap,
            tolerance=row.tolerance,
            is_correct=row.is_correct,
            feedback_da=tidy(row.feedback),
        )
        for place, row in enumerate(draft.rows)
    )
    freeze_question(question, at=at)
    return question


def drafts_of(questions: Any) -> list[Draft]:
    """The ``questions`` of a queryset as drafts, in its order; Danish only. Two queries."""
    found = questions.select_related("rule").prefetch_related("choices")
    return [
        Draft(
            kind=question.kind,
            text=question.text_da,
            name=question.key,
            situation=question.situation_da,
            feedback=question.feedback_da,
            unit=question.unit_da,
            rule=question.rule.key if question.rule else "",
            keeps_order=question.keeps_order,
            rows=[
                DraftRow(
                    choice.text_da,
                    choice.is_correct,
                    choice.feedback_da,
                    choice.match_da,
                    choice.gap,
                    choice.tolerance,
                )
                for choice in sorted(
                    question.choices.all(), key=lambda one: (one.sort_order or 0, str(one.pk))
                )
            ],
        )
        for question in found
    ]


def export_questions(
    questions: Any,
    file_format: str,
) -> tuple[str, list[tuple[Draft, str]]]:
    """A file with ``questions``, and those that the format cannot hold."""
    return WRITERS[file_format](drafts_of(questions))
