"""Questions whose answer is chosen from a list: single, multiple, true or false."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from courses.kinds.base import (
    Chosen,
    Given,
    Kind,
    NotOfferedError,
    Row,
    choose_error,
    marked,
    refusal,
    text_in,
)

if TYPE_CHECKING:
    from courses.models import QuestionVersion


class Choosing(Kind):
    """Right when exactly the right answers are chosen."""

    def check(self, rows: Sequence[Row], text: str) -> None:
        """At least two answers with a text, one of them right."""
        if len(rows) < 2:
            raise refusal(_("Write at least two answers."), "few_choices")
        if not all(row.text for row in rows):
            raise refusal(_("Write a text for every answer."))
        if not any(row.is_correct for row in rows):
            raise refusal(_("Mark at least one answer as right."), "right_choices")

    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """One choice of all."""
        return {"": forms.ChoiceField(widget=forms.RadioSelect, **self._options(
            version, number, arrangement
        ))}  # fmt: skip

    def _options(self, version: "QuestionVersion", number: int, arrangement: int) -> dict[str, Any]:
        rows = self.order(version, arrangement)
        return {
            "label": marked(version.text),
            "choices": [(row["id"], marked(text_in(row))) for row in rows],
            "error_messages": choose_error(number),
        }

    def given(self, version: "QuestionVersion", values: Mapping[str, Any]) -> Given:
        """The ids that were chosen."""
        value = values[""]
        return {value} if isinstance(value, str) else set(value)

    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """The ids in the order of their text."""
        if isinstance(given, str | Mapping):
            raise NotOfferedError
        chosen = sorted({str(one) for one in given})
        if not {row["id"] for row in version.content["choices"]}.issuperset(chosen):
            raise NotOfferedError
        return chosen

    def solution(self, version: "QuestionVersion") -> Given:
        """Every right choice."""
        return set(version.correct)

    def right_parts(self, version: "QuestionVersion", chosen: Chosen) -> list[bool]:
        """Of each answer whether it was rightly chosen or left."""
        return self.same_parts(version, chosen, version.correct)

    def same_parts(self, version: "QuestionVersion", chosen: Chosen, other: Chosen) -> list[bool]:
        """Of each answer whether both chose it or both left it."""
        return [(row["id"] in chosen) == (row["id"] in other) for row in version.content["choices"]]

    def right_rows(self, version: "QuestionVersion", chosen: Chosen) -> set[str]:
        """What was chosen, where it counts; otherwise what would have been right."""
        return set(chosen) if self.judge(version, chosen).is_right else set(version.correct)

    def rows_chosen(self, version: "QuestionVersion", chosen: Chosen) -> list[str]:
        """What was chosen."""
        return list(chosen)


class Multiple(Choosing):
    """Several answers may be right."""

    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """Any number of all."""
        return {
            "": forms.MultipleChoiceField(
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Several may be right."),
                **self._options(version, number, arrangement),
            )
        }


class Single(Choosing):
    """One answer is right."""

    def check(self, rows: Sequence[Row], text: str) -> None:
        """At least two answers, exactly one of them right."""
        if len(rows) >= 2 and sum(row.is_correct for row in rows) != 1:
            raise refusal(_("Mark exactly one answer as right."), "right_choices")
        super().check(rows, text)

    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """The one id."""
        chosen = super().normalise(version, given)
        if len(chosen) > 1:
            raise NotOfferedError
        return chosen

    def right_rows(self, version: "QuestionVersion", chosen: Chosen) -> set[str]:
        """Besides, every answer that counts by itself."""
        also = version.correction.get("also", [])
        return super().right_rows(version, chosen).union(version.correct, *also)


class TrueFalse(Single):
    """A statement and two answers, the first of which says that it is true."""

    def check(self, rows: Sequence[Row], text: str) -> None:
        """Exactly two answers."""
        if len(rows) > 2:
            raise refusal(_("Write exactly two answers: that it is true, then that it is not."))
        super().check(rows, text)

    def order(self, version: "QuestionVersion", arrangement: int) -> list[Mapping[str, Any]]:
        """True first, always: nobody looks for it."""
        rows: list[Mapping[str, Any]] = version.content["choices"]
        return rows
