"""What every kind of question can do; each kind has a class of its own beside this module.

A kind knows how its rows must look, which fields a learner fills in, and what is right. It knows
nothing of the database: it works with a frozen version (``content``, ``choices``, ``correction``).
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.bilingual import Text

if TYPE_CHECKING:
    from courses.models import QuestionVersion

#: In how many ways the answers of a quiz are arranged; see docs/questions.md.
ARRANGEMENTS = 6

#: What a learner gave, as the form or a script hands it over.
Given = str | Collection[Any] | Mapping[str, str]
#: The same as it is kept: JSON, always in one spelling.
Chosen = Any
Item = TypeVar("Item")


class NotOfferedError(ValueError):
    """An answer that the question did not offer."""


@dataclass(frozen=True)
class Row:
    """One row as an editor writes it: an answer, a pair, a step, an accepted text."""

    text: str = ""
    is_correct: bool = False
    match: str = ""
    gap: int | None = None
    tolerance: Decimal | None = None


@dataclass(frozen=True)
class Judgement:
    """How much of an answer is right. A question counts when all of it is."""

    right: int
    parts: int

    @property
    def is_right(self) -> bool:
        """Whether the whole answer is right."""
        return self.right == self.parts


@dataclass(frozen=True)
class AnsweredPart:
    """One part of an answer, for the result: what was asked, given and right.

    ``row`` is what the editors say something about: that part, or what was answered.
    """

    label: Text
    given: Text
    right: Text
    row: Mapping[str, Any] | None = None


def arrangement_of(attempt_id: UUID) -> int:
    """Which of the arrangements an attempt has: always the same one for the same attempt."""
    return attempt_id.int % ARRANGEMENTS


def arranged(items: Iterable[Item], keys: Iterable[str], salt: str) -> list[Item]:
    """``items`` in an order that hangs on ``salt`` alone, on every machine the same."""

    def place(pair: tuple[str, Item]) -> str:
        return hashlib.sha256(f"{salt}:{pair[0]}".encode()).hexdigest()

    return [item for _key, item in sorted(zip(keys, items, strict=True), key=place)]


def text_in(row: Mapping[str, Any], name: str = "text") -> Text:
    """The text ``name`` of a frozen row in the active language, else in Danish."""
    return Text.choose(row.get(name, {}))


def plain(text: str) -> Text:
    """``text`` in no language of its own: a number, or what somebody typed."""
    said = Text(text)
    said.language, said.is_fallback = "", False
    return said


def marked(text: Text | str) -> str:
    """``text`` with its language, where that is not Danish, as everything around it."""
    language = getattr(text, "language", settings.LANGUAGE_CODE)
    if language not in {"", settings.LANGUAGE_CODE}:
        return format_html('<span lang="{}">{}</span>', language, text)
    return text


class Kind(ABC):
    """A kind of question."""

    #: Whether an answer consists of parts that are right each by itself.
    has_parts = False
    #: The template that shows the question to somebody who cannot answer it here.
    to_read = "courses/kinds/choices_to_read.html"

    # --- What editors write ---------------------------------------------------------------------

    @abstractmethod
    def check(self, rows: Sequence[Row], text: str) -> None:
        """Refuse rows that cannot be answered.

        Raises:
            ValidationError: With code "few_choices", "right_choices" or "choice".
        """

    def order(self, version: "QuestionVersion", arrangement: int) -> list[Mapping[str, Any]]:
        """The rows as they are shown in this arrangement."""
        rows: list[Mapping[str, Any]] = version.content["choices"]
        if version.content.get("keeps_order"):
            return rows
        return arranged(rows, [row["id"] for row in rows], f"{version.pk}:{arrangement}")

    # --- What learners do -----------------------------------------------------------------------

    @abstractmethod
    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """The fields of question ``number``, by what follows its name; "" for the only one."""

    def legend(self, version: "QuestionVersion") -> str:
        """What stands above several fields."""
        return marked(version.text)

    def shown_text(self, version: "QuestionVersion") -> Text:
        """The question as its reader sees it."""
        return version.text

    def errors(
        self, version: "QuestionVersion", number: int, values: Mapping[str, Any]
    ) -> dict[str, ValidationError]:
        """What is wrong with the fields together, by field."""
        return {}

    def given(self, version: "QuestionVersion", values: Mapping[str, Any]) -> Given:
        """What :meth:`normalise` takes, of the cleaned values of the fields."""
        return values[""]

    @abstractmethod
    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """What was given as it is kept; empty when nothing was.

        Raises:
            NotOfferedError: For what the question did not offer.
            ValidationError: With code "cpr_like" for what may be a citizen's number.
        """

    # --- What is right --------------------------------------------------------------------------

    def judge(self, version: "QuestionVersion", chosen: Chosen) -> Judgement:
        """How much of ``chosen`` is right, corrections of the version included."""
        parts = self.verdicts(version, chosen)
        return Judgement(sum(parts), len(parts))

    def verdicts(self, version: "QuestionVersion", chosen: Chosen) -> list[bool]:
        """Of each part of the answer whether it counts as right, corrections included."""
        parts = self.right_parts(version, chosen)
        correction = version.correction or {}
        if correction.get("all"):
            return [True for _part in parts]
        for other in correction.get("also", []):
            same = self.same_parts(version, chosen, other)
            if self.has_parts:
                parts = [one or two for one, two in zip(parts, same, strict=True)]
            elif all(same):
                parts = same
        return parts

    @abstractmethod
    def right_parts(self, version: "QuestionVersion", chosen: Chosen) -> list[bool]:
        """Of each part of the answer whether it is right."""

    @abstractmethod
    def solution(self, version: "QuestionVersion") -> Given:
        """What answers it rightly, as :meth:`normalise` takes it."""

    @abstractmethod
    def same_parts(self, version: "QuestionVersion", chosen: Chosen, other: Chosen) -> list[bool]:
        """Of each part of the answer whether it says what ``other`` says."""

    def rows_chosen(self, version: "QuestionVersion", chosen: Chosen) -> list[str]:
        """The ids of the rows that an answer stands for; for statistics, never a typed text."""
        return []

    def right_rows(self, version: "QuestionVersion", chosen: Chosen) -> set[str]:
        """The ids of what is right beside ``chosen``, for kinds whose choices are listed."""
        return set()

    def answered(self, version: "QuestionVersion", chosen: Chosen) -> list[AnsweredPart]:
        """The answer, part by part as :meth:`verdicts`; of kinds whose choices are not listed."""
        return []


def refusal(message: str, code: str = "choice") -> ValidationError:
    """A refusal of what an editor wrote."""
    return ValidationError(message, code=code)


def choose_error(number: int) -> dict[str, Any]:
    """What fields say where one chooses."""
    missing = _("Choose an answer to question %(number)d.") % {"number": number}
    strange = _("Choose one of the answers to question %(number)d.") % {"number": number}
    return {"required": missing, "invalid_choice": strange, "invalid_list": strange}


def write_error(number: int) -> dict[str, Any]:
    """What fields say where one writes."""
    return {
        "required": _("Write an answer to question %(number)d.") % {"number": number},
        "max_length": _("Write a shorter answer to question %(number)d.") % {"number": number},
    }
