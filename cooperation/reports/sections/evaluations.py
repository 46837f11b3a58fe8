"""What participants said of seminars, on the scale of five.

A group is all answers to one question about one event. It is counted whole, or, with fewer than
five answers, not at all: not in a cell, not in an average, not in any sum. What is shown holds
nothing of what is hidden, whatever it is added to or taken from; so the part that serves an
initiative can stand beside the whole. While answers come in none of them is counted: whoever
looked before and after one would know it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override

from cooperation.models import EvaluationAnswer, EvaluationQuestion, Event
from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import AVERAGE, COUNT, Figure, Section
from cooperation.reports.sections.events import serving
from cooperation.reports.suppression import is_too_few
from core.canonical import content_hash
from core.spreadsheets import Cell

ALL = gettext_noop("All questions:")
ANSWERS = gettext_noop("%(question)s Number of answers")
ON_AVERAGE = gettext_noop("%(question)s On average, from 1 to 5")
_AVERAGE = "-average"


@dataclass(frozen=True, slots=True)
class Group:
    """The answers to one question about one event: how many, and how much in all."""

    municipality: Any
    question: Any
    text_da: str
    text_kl: str
    number: int
    points: int

    @property
    def key(self) -> str:
        """Names what was asked, for ever: events that are asked the same are added up."""
        return content_hash(self.text_da)[:12]


class Evaluations(Section):
    """Answers and averages, question by question."""

    key = "evaluations"
    title = _("What participants said of seminars")
    note = _(
        "Evaluations that ended in the half-year, of events in the towns of the municipality. "
        "Only questions that at least five have answered are counted."
    )
    is_guarded = True
    is_by_group = True
    lines_are_found = True

    def answers(self, frame: Frame) -> "QuerySet[EvaluationAnswer]":
        """On the scale, of events whose evaluation ended in the half-year and before that day."""
        half = frame.half
        ended = Event.objects.standing().evaluated_within(
            half.starts_on, min(half.ends_on, frame.on)
        )
        return EvaluationAnswer.objects.filter(
            frame.within("question__event__place__municipality"),
            question__kind=EvaluationQuestion.Kind.SCALE,
            question__event__in=serving(ended, frame).values("pk"),
        )

    def groups(self, frame: Frame) -> list[Group]:
        """All of them, small ones too; one query."""
        found = (
            self.answers(frame)
            .order_by("question__position", "question__text_da")
            .values_list(
                "question__event__place__municipality",
                "question_id",
                "question__text_da",
                "question__text_kl",
            )
            .annotate(number=Count("pk"), points=Sum("score"))
        )
        return [Group(*row) for row in found]

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """All questions together, then each: how many answers, and their average; one query."""
        groups = self.groups(frame)
        whole = _Line("all", in_both(ALL), groups)
        return [figure for line in [whole, *_Line.each(groups)] for figure in line.figures(frame)]

    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """The answers that are counted, without whose they are; of no such question none."""
        asked = figure.removesuffix(_AVERAGE)
        groups = self.groups(frame)
        if asked != "all":
            groups = [one for one in groups if one.key == asked]
        shown = [one.question for one in groups if not is_too_few(one.number)]
        found = self.answers(frame).filter(question__in=shown).select_related("question__event")
        return found.order_by(
            "question__event__starts_on", "question__event", "question__position", "score", "pk"
        )

    def header(self) -> Sequence[Any]:
        """Of what, what, how much."""
        return [_("Event"), _("Question"), _("Answer, from 1 to 5")]

    def cells(self, rows: Iterable[EvaluationAnswer]) -> Iterable[Sequence[Cell]]:
        """An answer each."""
        for row in rows:
            yield [str(row.question.event.title), str(row.question.text), row.score]

    def about(self, rows: Iterable[EvaluationAnswer]) -> Iterable[Any]:
        """The events; an answer leads to nobody."""
        return {row.question.event_id: row.question.event for row in rows}.values()


@dataclass(frozen=True, slots=True)
class _Line:
    """What was asked, in Danish and Kalaallisut, and what was said to it."""

    key: str
    asked: dict[str, str]
    groups: Sequence[Group]

    @classmethod
    def each(cls, groups: Iterable[Group]) -> list[Self]:
        """A line for each question, in the order in which they are asked."""
        alike: dict[str, list[Group]] = defaultdict(list)
        for one in groups:
            alike[one.key].append(one)
        return [
            cls(key, {"da": some[0].text_da, "kl": some[0].text_kl}, some)
            for key, some in alike.items()
        ]

    def figures(self, frame: Frame) -> list[Figure]:
        """Hidden where there are answers and no group of them is large enough."""
        shown = [one for one in self.groups if not is_too_few(one.number)]
        columns = {frame.column_of[one.municipality] for one in self.groups}
        told = {frame.column_of[one.municipality] for one in shown}
        hidden = frozenset(columns - told)
        numbers = frame.by_column((one.municipality, one.number) for one in shown)
        points = frame.by_column((one.municipality, one.points) for one in shown)
        return [
            Figure(self.key, self._label(ANSWERS), numbers, COUNT, hidden=hidden),
            Figure(
                f"{self.key}{_AVERAGE}",
                self._label(ON_AVERAGE),
                points,
                AVERAGE,
                of=self.key,
                hidden=hidden,
            ),
        ]

    def _label(self, words: str) -> dict[str, str]:
        """The question with ``words``; in Kalaallisut only where both are."""
        said = in_both(words)
        return {
            code: said[code] % {"question": asked} if asked and said[code] else ""
            for code, asked in self.asked.items()
        }


def in_both(words: str) -> dict[str, str]:
    """Words of ours by language; empty in Kalaallisut where nobody has translated them."""
    said = {}
    for code in ("da", "kl"):
        with override(code):
            said[code] = translate(words)
    return said if said["kl"] != said["da"] else said | {"kl": ""}
