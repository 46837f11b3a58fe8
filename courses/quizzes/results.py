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
    """One possible answer of a list, as it was shown."""

    text: Text
    is_chosen: bool
    is_right: bool
    feedback: Feedback | None


@dataclass(frozen=True)
class Part:
    """One part of an answer that was not chosen from a list, with what is said about it."""

    answered: AnsweredPart
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
    parts = kind.answered(version, answer.chosen)
    lines: list[Line] = []
    if not parts:
        for row in kind.order(version, arrangement):
            is_chosen = row["id"] in answer.chosen
            said = _feedback(row, rules) if is_chosen or row["is_correct"] else None
            lines.append(Line(text_in(row), is_chosen, row["is_correct"], said))
    box = version.rule.as_box() if version.rule else None
    return ShownAnswer(
        answer=answer,
        text=kind.shown_text(version),
        judgement=kind.judge(version, answer.chosen),
        lines=lines,
        parts=[Part(part, _feedback(part.row, rules)) for part in parts],
        rule=box if box and (box["statement"] or box["retired_on"]) else None,
    )


def _feedback(row: Mapping[str, Any] | None, rules: Mapping[str, Rule]) -> Feedback | None:
    if row is None:
        return None
    text, rule = text_in(row, "feedback"), rules.get(row.get("rule", ""))
    return Feedback(text, rule) if text or rule else None
