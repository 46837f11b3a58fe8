"""What participants said of an event: never of fewer than five, and only once all have answered.

While answers come in nothing is shown: whoever looked before and after one answer would know it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cooperation.models import EvaluationAnswer, EvaluationQuestion, Event
from core.small_groups import FEWEST_TO_SHOW

#: The longest bar, in the units of the picture.
WIDEST = 300


@dataclass(frozen=True, slots=True)
class Result:
    """What was said to one question.

    ``counts`` are the answers 1 to 5, ``words`` what was written; both empty for fewer than five.
    """

    question: EvaluationQuestion
    answered: int
    counts: Sequence[int]
    words: Sequence[str]

    @property
    def is_shown(self) -> bool:
        """Whether enough have answered."""
        return self.answered >= FEWEST_TO_SHOW

    @property
    def average(self) -> str:
        """The average with one decimal, as people write it."""
        total = sum(score * count for score, count in enumerate(self.counts, start=1))
        return str(number_format(total / self.answered, 1))

    @property
    def finding(self) -> str:
        """The title of the picture: what it shows."""
        return _("%(question)s %(average)s on average, of 5") % {
            "question": self.question.text,
            "average": self.average,
        }

    @property
    def bars(self) -> list[dict[str, int]]:
        """A bar for each answer, the best on top: its score, count, width and height."""
        most = max(self.counts, default=0) or 1
        return [
            {
                "score": score,
                "count": count,
                "width": round(WIDEST * count / most),
                "y": 24 * (5 - score),
                "text_y": 24 * (5 - score) + 13,
            }
            for score, count in reversed(list(enumerate(self.counts, start=1)))
        ]


def results_of(event: Event) -> list[Result]:
    """The result of every question; two queries however many answered."""
    questions = list(event.questions.order_by("position"))
    answers: dict[object, list[EvaluationAnswer]] = {}
    for answer in EvaluationAnswer.objects.filter(question__event=event).order_by("pk"):
        answers.setdefault(answer.question_id, []).append(answer)
    found = []
    for question in questions:
        given = answers.get(question.pk, [])
        is_shown = len(given) >= FEWEST_TO_SHOW
        scores = Counter(answer.score for answer in given)
        is_scale = question.kind == EvaluationQuestion.Kind.SCALE
        found.append(
            Result(
                question,
                len(given),
                [scores[n] for n in range(1, 6)] if is_shown and is_scale else [],
                [answer.words for answer in given] if is_shown and not is_scale else [],
            )
        )
    return found
