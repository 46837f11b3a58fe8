"""How questions work: how many get them right, and whether those who know more do.

Only first attempts count: the second time one knows the answer. Nothing is shown below five
learners, and nothing that anybody typed.

**Facility** is the share of learners who answered rightly.

**Discrimination** is the point-biserial correlation between one question (right or not) and the
share right of the *other* questions in the same attempt: the corrected item-total correlation. An
item that is part of its own total would look better than it is. See Crocker & Algina (1986),
*Introduction to Classical and Modern Test Theory*, chapter 14; Moodle's quiz report calls the same
figure "discrimination index". How to read it: Ebel & Frisbie (1991), *Essentials of Educational
Measurement*, chapter 13: from 0.40 very good, below 0.20 to be looked at. It needs no groups cut by
rank, as the upper-lower 27 per cent would, and so works with the few learners there are.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

from core.small_groups import FEWEST_TO_SHOW
from courses.kinds import kind_of, text_in
from courses.models import Answer, Question, QuestionVersion, QuizAttempt

#: Below this many learners a weak discrimination may be chance; a negative one is shown at once.
ENOUGH = 30
HARD = 0.40
TINY = 1e-9  # what is nought but for rounding
WEAK = 0.20


@dataclass(frozen=True)
class Figures:
    """One question; without figures when too few have answered."""

    question: Question
    learners: int
    attempts: int
    facility: float | None
    discrimination: float | None
    retired: bool

    @property
    def is_shown(self) -> bool:
        """Whether enough have answered."""
        return self.facility is not None

    @property
    def percent(self) -> int | None:
        """The facility in per cent."""
        return None if self.facility is None else round(self.facility * 100)

    @property
    def troubles(self) -> list[str]:
        """What goes wrong: "hard", "turned" (who knows more gets it wrong), "weak"."""
        found = []
        if self.facility is not None and self.facility < HARD:
            found.append("hard")
        if self.discrimination is not None:
            if self.discrimination < 0:
                found.append("turned")
            elif self.discrimination < WEAK and self.learners >= ENOUGH:
                found.append("weak")
        return found


def first_answers() -> QuerySet[Answer]:
    """The answers that count, of everybody's first attempt at each lesson."""
    earlier = QuizAttempt.objects.filter(
        person=OuterRef("attempt__person"), lesson=OuterRef("attempt__lesson")
    ).filter(
        Q(submitted_at__lt=OuterRef("attempt__submitted_at"))
        | Q(submitted_at=OuterRef("attempt__submitted_at"), pk__lt=OuterRef("attempt_id"))
    )
    return Answer.objects.filter(~Exists(earlier), counts=True)


def figures(questions: QuerySet[Question]) -> list[Figures]:
    """Every question of ``questions`` with its figures. Two queries at any size."""
    right = Case(When(is_correct=True, then=Value(1.0)), default=Value(0.0))
    others = Cast(F("attempt__total") - 1, FloatField())
    rest = Case(
        When(attempt__total__gt=1, then=(Cast(F("attempt__score"), FloatField()) - right) / others),
        default=None,
        output_field=FloatField(),
    )
    rows = (
        first_answers()
        .order_by()
        .values("version__question")
        .annotate(
            attempts=Count("pk"),
            learners=Count("attempt__person", distinct=True),
            right=Sum(right, output_field=FloatField()),
            pairs=Count("pk", filter=Q(attempt__total__gt=1)),
            x=Sum(right, filter=Q(attempt__total__gt=1), output_field=FloatField()),
            y=Sum(rest, output_field=FloatField()),
            yy=Sum(rest * rest, output_field=FloatField()),
            xy=Sum(right * rest, output_field=FloatField()),
        )
    )
    found: dict[Any, Mapping[str, Any]] = {row["version__question"]: row for row in rows}
    return [_figures(question, found.get(question.pk)) for question in questions]


def _figures(question: Question, row: Mapping[str, Any] | None) -> Figures:
    retired = question.retired_at is not None
    if row is None or row["learners"] < FEWEST_TO_SHOW:
        learners, attempts = (row["learners"], row["attempts"]) if row else (0, 0)
        return Figures(question, learners, attempts, None, None, retired)
    return Figures(
        question,
        row["learners"],
        row["attempts"],
        row["right"] / row["attempts"],
        Sums(row["pairs"], *(row[name] or 0.0 for name in ("x", "y", "yy", "xy"))).correlation(),
        retired,
    )


@dataclass(frozen=True)
class Sums:
    """What Pearson's r is computed from: of x, which is 0 or 1, and of y."""

    pairs: int
    x: float
    y: float
    yy: float
    xy: float

    def correlation(self) -> float | None:
        """Pearson's r; none for too few pairs, or where one of the two never varies."""
        if self.pairs < FEWEST_TO_SHOW:
            return None
        spread_x = self.pairs * self.x - self.x**2
        spread_y = self.pairs * self.yy - self.y**2
        if spread_x <= TINY or spread_y <= TINY:
            return None
        together = self.pairs * self.xy - self.x * self.y
        return max(-1.0, min(1.0, together / math.sqrt(spread_x * spread_y)))


def going_wrong(rows: Iterable[Figures]) -> list[Figures]:
    """The questions to look at, the worst first."""
    wrong = [row for row in rows if row.troubles and not row.retired]
    return sorted(wrong, key=lambda row: ("turned" not in row.troubles, row.facility or 0))


# --- One question -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """How many chose one row of a question."""

    text: str
    is_correct: bool | None
    count: int
    percent: int


def shares(question: Question) -> list[Share]:
    """How many of the first attempts stand for each row, in the order of the newest version.

    What learners typed is counted where it is a row that an editor wrote, and named nowhere else.
    Empty below five learners. Three queries at most.
    """
    answers = first_answers().filter(version__question=question)
    if answers.order_by().values("attempt__person").distinct().count() < FEWEST_TO_SHOW:
        return []
    versions = {
        version.pk: version
        for version in QuestionVersion.objects.filter(question=question).order_by("number")
    }
    counted: Counter[str] = Counter()
    total = 0
    rows = answers.order_by().values("version", "chosen").annotate(times=Count("pk"))
    for row in rows:
        version = versions[row["version"]]
        total += row["times"]
        for key in kind_of(version).rows_chosen(version, row["chosen"]):
            counted[key] += row["times"]
    named = {row["id"]: row for version in versions.values() for row in version.content["choices"]}
    judged = question.kind not in {Question.Kind.MATCHING, Question.Kind.ORDERING}
    return [
        Share(
            str(text_in(row)),
            row["is_correct"] if judged else None,
            counted[key],
            round(100 * counted[key] / total),
        )
        for key, row in named.items()
        if row["text"] and judged
    ]
