"""What a learner reads after a quiz: what they answered, what is right, and the rule behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.bilingual import Text
from courses.kinds import AnsweredPart, Judgement, arrangement_of, kind_of, text_in
from courses.models import Answer, QuestionVersion, QuizAttempt
from rules.models import Rule


@dataclass(frozen=True)
class Feedback:
    """What is said about one answer, and the rule it rests on."""

    text: Text
    rule: Rule | None


@dataclass(frozen=True)
class Line:
    """One possible answer of a list, as it was shown; right as it counts today."""

    text: Text
    is_chosen: bool
    is_right: bool
    feedback: Feedback | None


@dataclass(frozen=True)
class Part:
    """One part of an answer that was not chosen from a list, with what is said about it.

    ``is_right`` says whether it counts today.
    """

    answered: AnsweredPart
    is_right: bool
    feedback: Feedback | None


@dataclass(frozen=True)
class ShownAnswer:
    """One question of the result."""

    answer: Answer
    text: Text
    judgement: Judgement
    lines: list[Line]
    parts: list[Part]
    rule: dict[str, Any] | None

    @property
    def version(self) -> QuestionVersion:
        """The question as it was asked."""
        return self.answer.version

    @property
    def is_partly_right(self) -> bool:
        """Whether some of it is right, but not all."""
        return 0 < self.judgement.right < self.judgement.parts and bool(self.parts)


def read_result(attempt: QuizAttempt) -> list[ShownAnswer]:
    """The answers of ``attempt`` in their order.

    One query; one more where feedback rests on rules of its own. An unverified rule is not shown;
    one that holds no longer says so, and since when.
    """
    answers = list(attempt.answers.select_related("version__rule__act").order_by("position"))
    cited = {row["rule"] for answer in answers for row in answer.version.content["choices"]
             if "rule" in row}  # fmt: skip
    shown = Rule.objects.publishable() | Rule.objects.filter(state=Rule.State.RETIRED)
    rules = shown.select_related("act").in_bulk(cited) if cited else {}
    by_key = {str(key): rule for key, rule in rules.items()}
    arrangement = arrangement_of(attempt.pk)
    return [_shown(answer, by_key, arrangement) for answer in answers]


def _shown(answer: Answer, rules: Mapping[str, Rule], arrangement: int) -> ShownAnswer:
    version, kind = answer.version, kind_of(answer.version)
    parts = _parts(answer, rules)
    box = version.rule.as_box() if version.rule else None
    return ShownAnswer(
        answer=answer,
        text=kind.shown_text(version),
        judgement=kind.judge(version, answer.chosen),
        lines=[] if parts else _lines(answer, rules, arrangement),
        parts=parts,
        rule=box if box and (box["statement"] or box["retired_on"]) else None,
    )


def _lines(answer: Answer, rules: Mapping[str, Rule], arrangement: int) -> list[Line]:
    """The answers of a list. What was said of a wrong one is not said once it counts."""
    version, kind = answer.version, kind_of(answer.version)
    right = kind.right_rows(version, answer.chosen)
    lines = []
    for row in kind.order(version, arrangement):
        is_chosen, is_right = row["id"] in answer.chosen, row["id"] in right
        is_said = is_chosen or is_right if row["is_correct"] else is_chosen and not is_right
        said = _feedback(row, rules) if is_said else None
        lines.append(Line(text_in(row), is_chosen, is_right, said))
    return lines


def _parts(answer: Answer, rules: Mapping[str, Rule]) -> list[Part]:
    """The parts of an answer. What was said of a wrong one is not said once it counts."""
    version, kind = answer.version, kind_of(answer.version)
    answered = kind.answered(version, answer.chosen)
    if not answered:
        return []
    was_right = kind.right_parts(version, answer.chosen)
    counts = kind.verdicts(version, answer.chosen)
    return [
        Part(part, now, None if now and not then else _feedback(part.row, rules))
        for part, then, now in zip(answered, was_right, counts, strict=True)
    ]


def _feedback(row: Mapping[str, Any] | None, rules: Mapping[str, Rule]) -> Feedback | None:
    if row is None:
        return None
    text, rule = text_in(row, "feedback"), rules.get(row.get("rule", ""))
    return Feedback(text, rule) if text or rule else None
