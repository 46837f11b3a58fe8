"""The kinds of questions. Each has one home: what it needs, asks, takes and counts as right."""

from typing import TYPE_CHECKING

from courses.kinds.base import (
    ARRANGEMENTS,
    AnsweredPart,
    Chosen,
    Given,
    Judgement,
    Kind,
    NotOfferedError,
    Row,
    arrangement_of,
    marked,
    text_in,
)
from courses.kinds.choosing import Multiple, Single, TrueFalse
from courses.kinds.placing import Matching, Ordering
from courses.kinds.writing import Cloze, Numeric, Short

if TYPE_CHECKING:
    from courses.models import QuestionVersion

#: Every kind, by the value of ``Question.Kind``.
KINDS: dict[str, Kind] = {
    "single": Single(),
    "multiple": Multiple(),
    "true_false": TrueFalse(),
    "matching": Matching(),
    "ordering": Ordering(),
    "numeric": Numeric(),
    "short": Short(),
    "cloze": Cloze(),
}


def kind_of(version: "QuestionVersion") -> Kind:
    """The kind of a version."""
    return KINDS[version.kind]


__all__ = [
    "ARRANGEMENTS",
    "KINDS",
    "AnsweredPart",
    "Chosen",
    "Given",
    "Judgement",
    "Kind",
    "NotOfferedError",
    "Row",
    "arrangement_of",
    "kind_of",
    "marked",
    "text_in",
]
