"""Questions whose answer puts things in their place: matching and ordering, with select boxes."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courses.kinds.base import (
    AnsweredPart,
    Chosen,
    Given,
    Kind,
    NotOfferedError,
    Row,
    arranged,
    choose_error,
    marked,
    plain,
    refusal,
    text_in,
)

if TYPE_CHECKING:
    from courses.models import QuestionVersion

MOST_STEPS = 10


def key_of_match(row: Mapping[str, Any]) -> str:
    """The name of what belongs to a row; equal texts are one option, and no row is named by it."""
    text = row["match"].get("da", "")
    return hashlib.sha256(" ".join(text.split()).casefold().encode()).hexdigest()[:12]


class Matching(Kind):
    """Each item gets what belongs to it. A row without an item is only a wrong option."""

    has_parts = True
    to_read = "courses/kinds/matching_to_read.html"

    def check(self, rows: Sequence[Row], text: str) -> None:
        """At least two items, each with its match, and two different matches."""
        pairs = [row for row in rows if row.text]
        if not all(row.match for row in rows):
            raise refusal(_("Write what belongs to each item."))
        if len(pairs) < 2:
            raise refusal(_("Write at least two items with what belongs to them."), "few_choices")
        if len({" ".join(row.match.split()).casefold() for row in rows}) < 2:
            raise refusal(_("At least two items must belong to something different."))
        if len({row.text for row in pairs}) < len(pairs):
            raise refusal(_("An item stands there twice. Keep it once."))

    @staticmethod
    def items(version: "QuestionVersion") -> list[Mapping[str, Any]]:
        """The rows that ask for something."""
        return [row for row in version.content["choices"] if row["text"]]

    def options(
        self, version: "QuestionVersion", arrangement: int
    ) -> list[tuple[str, Mapping[str, Any]]]:
        """What may be chosen, each once, never in the order of the items."""
        found = {key_of_match(row): row for row in version.content["choices"]}
        return arranged(found.items(), found.keys(), f"{version.pk}:{arrangement}")

    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """One select box for each item."""
        options = [(key, text_in(row, "match")) for key, row in self.options(version, arrangement)]
        rows = [row for row in self.order(version, arrangement) if row["text"]]
        return {
            row["id"]: forms.ChoiceField(
                label=marked(text_in(row)),
                choices=[("", _("Choose")), *options],
                error_messages=choose_error(number),
            )
            for row in rows
        }

    def given(self, version: "QuestionVersion", values: Mapping[str, Any]) -> Given:
        """The option by item."""
        return dict(values)

    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """The option by item, for every item."""
        if not isinstance(given, Mapping):
            raise NotOfferedError
        chosen = {str(key): str(value) for key, value in given.items() if value}
        items = {row["id"] for row in self.items(version)}
        offered = {key_of_match(row) for row in version.content["choices"]}
        if not items.issuperset(chosen) or not offered.issuperset(chosen.values()):
            raise NotOfferedError
        return chosen if len(chosen) == len(items) else {}

    def solution(self, version: "QuestionVersion") -> Given:
        """To each item what belongs to it."""
        return {row["id"]: key_of_match(row) for row in self.items(version)}

    def right_parts(self, version: "QuestionVersion", chosen: Chosen) -> list[bool]:
        """Of each item whether it got what belongs to it."""
        return [chosen.get(row["id"]) == key_of_match(row) for row in self.items(version)]

    def same_parts(self, version: "QuestionVersion", chosen: Chosen, other: Chosen) -> list[bool]:
        """Of each item whether both gave it the same."""
        return [chosen.get(row["id"]) == other.get(row["id"]) for row in self.items(version)]

    def answered(self, version: "QuestionVersion", chosen: Chosen) -> list[AnsweredPart]:
        """Item, what it got, what belongs to it."""
        options = dict(self.options(version, 0))
        return [
            AnsweredPart(
                text_in(row),
                text_in(options[chosen[row["id"]]], "match"),
                text_in(row, "match"),
                row,
            )
            for row in self.items(version)
        ]


class Ordering(Kind):
    """Steps that are numbered in their right order; rows are written in that order."""

    to_read = "courses/kinds/choices_to_read.html"

    def check(self, rows: Sequence[Row], text: str) -> None:
        """Three to ten different steps."""
        if not all(row.text for row in rows):
            raise refusal(_("Write a text for every answer."))
        if len(rows) < 3:
            raise refusal(_("Write at least three steps in their right order."), "few_choices")
        if len(rows) > MOST_STEPS:
            raise refusal(_("Write at most ten steps."))
        if len({row.text for row in rows}) < len(rows):
            raise refusal(_("A step stands there twice. Keep it once."))

    def order(self, version: "QuestionVersion", arrangement: int) -> list[Mapping[str, Any]]:
        """Mixed, and never as they belong: that would give the answer away."""
        rows: list[Mapping[str, Any]] = version.content["choices"]
        mixed = arranged(rows, [row["id"] for row in rows], f"{version.pk}:{arrangement}")
        return mixed if mixed != rows else [*rows[1:], rows[0]]

    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """One select box with the numbers for each step."""
        rows = self.order(version, arrangement)
        numbers = [(str(place), str(place)) for place in range(1, len(rows) + 1)]
        return {
            row["id"]: forms.ChoiceField(
                label=marked(text_in(row)),
                choices=[("", _("Choose a number")), *numbers],
                error_messages=choose_error(number),
            )
            for row in rows
        }

    def errors(
        self, version: "QuestionVersion", number: int, values: Mapping[str, Any]
    ) -> dict[str, ValidationError]:
        """Each number is used once: said at the second of two."""
        seen: set[str] = set()
        wrong = {}
        for name, place in values.items():
            if place and place in seen:
                message = _("Use each number once in question %(number)d.") % {"number": number}
                wrong[name] = ValidationError(message, code="twice")
            seen.add(place)
        return wrong

    def given(self, version: "QuestionVersion", values: Mapping[str, Any]) -> Given:
        """The steps in the order they were numbered."""
        return tuple(sorted(values, key=lambda name: int(values[name])))

    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """The ids of all steps in their order."""
        if isinstance(given, str | Mapping):
            raise NotOfferedError
        chosen = [str(one) for one in given]
        if not chosen:
            return []
        if sorted(chosen) != sorted(row["id"] for row in version.content["choices"]):
            raise NotOfferedError
        return chosen

    def solution(self, version: "QuestionVersion") -> Given:
        """The steps as they were written."""
        return tuple(row["id"] for row in version.content["choices"])

    def right_parts(self, version: "QuestionVersion", chosen: Chosen) -> list[bool]:
        """Of each place whether the right step stands there."""
        return self.same_parts(version, chosen, [row["id"] for row in version.content["choices"]])

    def same_parts(self, version: "QuestionVersion", chosen: Chosen, other: Chosen) -> list[bool]:
        """Of each place whether both put the same step there."""
        return [one == two for one, two in zip(chosen, other, strict=True)]

    def answered(self, version: "QuestionVersion", chosen: Chosen) -> list[AnsweredPart]:
        """Step, where it was put, where it belongs."""
        return [
            AnsweredPart(
                text_in(row),
                plain(str(chosen.index(row["id"]) + 1)),
                plain(str(place)),
                row,
            )
            for place, row in enumerate(version.content["choices"], start=1)
        ]
