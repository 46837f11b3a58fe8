"""Questions whose answer is typed: a number, a short text, a text with gaps.

What a learner types stands in their own answer and nowhere else.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.bilingual import Text
from core.identity import refuse_cpr_like
from core.languages import fold
from courses.kinds.base import (
    AnsweredPart,
    Chosen,
    Given,
    Kind,
    NotOfferedError,
    Row,
    choose_error,
    marked,
    plain,
    refusal,
    text_in,
    write_error,
)

if TYPE_CHECKING:
    from courses.models import QuestionVersion

LONGEST_TEXT = 100
LONGEST_NUMBER = 40
GAP = re.compile(r"\[\[\s*(\d{1,2})\s*\]\]")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)


def folded(text: str) -> str:
    """``text`` as answers are compared: case, spaces, ĸ, old spelling and a last dot aside."""
    return fold(" ".join(text.split()).strip(" .!?")).strip()


def read_number(text: str, units: Iterable[str] = ()) -> Decimal:
    """The number that ``text`` says in Danish: comma for decimals, dots between thousands.

    The unit may stand behind it.

    Raises:
        ValueError: When it is no number.
    """
    plain = " ".join(text.split()).casefold()
    for unit in units:
        if unit:
            plain = plain.removesuffix(unit.casefold()).strip()
    plain = plain.replace("−", "-").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".", 1)
    elif _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text)
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(text) from error


def _first_right(rows: Iterable[Mapping[str, Any]], name: str = "text") -> str:
    row = next(row for row in rows if row["is_correct"])
    return str(row[name] if name == "id" else row["text"]["da"])


def _typed(given: Given, longest: int) -> str:
    """What was typed, on one line.

    Raises:
        NotOfferedError: For anything but a text of a sensible length.
        ValidationError: With code "cpr_like".
    """
    if not isinstance(given, str):
        raise NotOfferedError
    text = " ".join(given.split())
    if len(text) > longest:
        raise NotOfferedError
    refuse_cpr_like(text)
    return text


def _spellings(row: Mapping[str, Any]) -> set[str]:
    """A row's text as it may be written, in whatever language one answers."""
    return {folded(text) for text in row["text"].values()}


class Typed(Kind):
    """What somebody types, and which of the editors' rows it falls on: each kind says how."""

    to_read = "courses/kinds/typed_to_read.html"

    @abstractmethod
    def _row_of(self, version: "QuestionVersion", chosen: Chosen) -> Mapping[str, Any] | None:
        """The first row that what was typed falls on."""

    def solution(self, version: "QuestionVersion") -> Given:
        """The first right answer."""
        return _first_right(version.content["choices"])

    def right_parts(self, version: "QuestionVersion", chosen: Chosen) -> list[bool]:
        """Whether the row it falls on is right."""
        row = self._row_of(version, chosen)
        return [row is not None and row["is_correct"]]

    def rows_chosen(self, version: "QuestionVersion", chosen: Chosen) -> list[str]:
        """The row it falls on."""
        row = self._row_of(version, chosen)
        return [row["id"]] if row else []


class Numeric(Typed):
    """A number with a tolerance and perhaps a unit."""

    def check(self, rows: Sequence[Row], text: str) -> None:
        """At least one right number; every row is one."""
        if not any(row.is_correct for row in rows):
            raise refusal(_("Write a number and mark it as right."), "right_choices")
        for row in rows:
            try:
                read_number(row.text)
            except ValueError:
                raise refusal(_("Write only a number as the answer, for example 24.")) from None
            if row.tolerance is not None and row.tolerance < 0:
                raise refusal(_("The tolerance must not be below nought."))

    @staticmethod
    def units(version: "QuestionVersion") -> list[str]:
        """How the unit is called in each language."""
        return list(version.content.get("unit", {}).values())

    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """A short box for a number."""
        unit = text_in(version.content, "unit")
        help_text = (
            format_html(_("Write a number in {}."), marked(unit)) if unit else _("Write a number.")
        )
        return {
            "": forms.CharField(
                label=marked(version.text),
                help_text=help_text,
                max_length=LONGEST_NUMBER,
                error_messages=write_error(number),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        }

    def errors(
        self, version: "QuestionVersion", number: int, values: Mapping[str, Any]
    ) -> dict[str, ValidationError]:
        """It must be a number."""
        try:
            read_number(values[""], self.units(version))
        except ValueError:
            message = _("Write a number as the answer to question %(number)d, for example 24.")
            return {"": ValidationError(message % {"number": number}, code="number")}
        return {}

    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """As it was typed."""
        text = _typed(given, LONGEST_NUMBER)
        try:
            read_number(text or "0", self.units(version))
        except ValueError:
            raise NotOfferedError from None
        return text

    def _row_of(self, version: "QuestionVersion", chosen: Chosen) -> Mapping[str, Any] | None:
        """The first row that the number falls on."""
        number = read_number(chosen, self.units(version))
        for row in version.content["choices"]:
            wanted = read_number(row["text"]["da"])
            if abs(number - wanted) <= Decimal(row.get("tolerance", "0")):
                return row
        return None

    def same_parts(self, version: "QuestionVersion", chosen: Chosen, other: Chosen) -> list[bool]:
        """Whether it lies as close to ``other`` as to the first right number."""
        right = next(row for row in version.content["choices"] if row["is_correct"])
        units = self.units(version)
        apart = abs(read_number(chosen, units) - read_number(other, units))
        return [apart <= Decimal(right.get("tolerance", "0"))]

    def answered(self, version: "QuestionVersion", chosen: Chosen) -> list[AnsweredPart]:
        """What was typed, and the number."""
        unit = text_in(version.content, "unit")
        right = next(row for row in version.content["choices"] if row["is_correct"])
        said = f"{text_in(right)} {unit}".strip()
        if "tolerance" in right:
            said += f" (± {right['tolerance'].replace('.', ',')})"
        row = self._row_of(version, chosen)
        return [AnsweredPart(plain(""), plain(chosen), plain(said), row)]


class Short(Typed):
    """A word or two; every accepted spelling is a row."""

    def check(self, rows: Sequence[Row], text: str) -> None:
        """At least one accepted answer."""
        if not rows or not all(row.text for row in rows):
            raise refusal(_("Write every answer that is accepted."), "few_choices")
        if not any(row.is_correct for row in rows):
            raise refusal(_("Mark at least one answer as right."), "right_choices")
        if any(len(row.text) > LONGEST_TEXT or not folded(row.text) for row in rows):
            raise refusal(
                _("An answer that learners write themselves has at most %(most)d characters.")
                % {"most": LONGEST_TEXT}
            )

    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """A box for a few words."""
        return {
            "": forms.CharField(
                label=marked(version.text),
                help_text=_("Write a word or two. Capital letters do not matter."),
                max_length=LONGEST_TEXT,
                error_messages=write_error(number),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        }

    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """As it was typed."""
        return _typed(given, LONGEST_TEXT)

    def _row_of(self, version: "QuestionVersion", chosen: Chosen) -> Mapping[str, Any] | None:
        said = folded(chosen)
        return next((row for row in version.content["choices"] if said in _spellings(row)), None)

    def same_parts(self, version: "QuestionVersion", chosen: Chosen, other: Chosen) -> list[bool]:
        """Whether both say the same."""
        return [folded(chosen) == folded(other)]

    def answered(self, version: "QuestionVersion", chosen: Chosen) -> list[AnsweredPart]:
        """What was typed, and the first accepted answer."""
        right = next(row for row in version.content["choices"] if row["is_correct"])
        row = self._row_of(version, chosen)
        return [AnsweredPart(plain(""), plain(chosen), text_in(right), row)]


class Cloze(Kind):
    """A text with gaps, written ``[[1]]``, ``[[2]]`` in the question.

    A gap whose rows are all right is typed; one with wrong rows too is chosen from a list.
    """

    has_parts = True
    to_read = "courses/kinds/cloze_to_read.html"

    def check(self, rows: Sequence[Row], text: str) -> None:
        """The gaps are numbered from 1, each with a right answer."""
        gaps = [int(number) for number in GAP.findall(text)]
        if not gaps:
            raise refusal(_("Write the gaps into the question as [[1]], [[2]] and so on."))
        if gaps != list(range(1, len(gaps) + 1)):
            raise refusal(_("Number the gaps from 1 in the order in which they stand."))
        if not all(row.text and row.gap in gaps for row in rows):
            raise refusal(_("Give every answer a text and the number of a gap of the question."))
        for gap in gaps:
            right = [row.is_correct for row in rows if row.gap == gap]
            if not any(right):
                raise refusal(
                    _("Mark a right answer for gap %(gap)d.") % {"gap": gap}, "right_choices"
                )
            if not all(right) and sum(right) != 1:
                raise refusal(
                    _("Gap %(gap)d is chosen from a list: mark exactly one answer as right.")
                    % {"gap": gap},
                    "right_choices",
                )
        if any(len(row.text) > LONGEST_TEXT or not folded(row.text) for row in rows):
            raise refusal(
                _("An answer that learners write themselves has at most %(most)d characters.")
                % {"most": LONGEST_TEXT}
            )

    @staticmethod
    def gaps(version: "QuestionVersion") -> dict[str, list[Mapping[str, Any]]]:
        """The rows of each gap, by its number."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in sorted(version.content["choices"], key=lambda row: row["gap"]):
            found.setdefault(str(row["gap"]), []).append(row)
        return found

    @staticmethod
    def is_chosen(rows: Iterable[Mapping[str, Any]]) -> bool:
        """Whether one chooses from ``rows`` rather than types."""
        return not all(row["is_correct"] for row in rows)

    def legend(self, version: "QuestionVersion") -> str:
        """The text with its gaps to see."""
        return marked(self.shown_text(version))

    def shown_text(self, version: "QuestionVersion") -> Text:
        """The text with its gaps to see."""
        return with_gaps(version.text)

    def fields(
        self, version: "QuestionVersion", number: int, arrangement: int
    ) -> dict[str, forms.Field]:
        """One field for each gap."""
        shown = self.order(version, arrangement)
        fields: dict[str, forms.Field] = {}
        for gap, rows in self.gaps(version).items():
            label = _("Gap %(gap)s") % {"gap": gap}
            if self.is_chosen(rows):
                options = [(row["id"], text_in(row)) for row in shown if row in rows]
                fields[gap] = forms.ChoiceField(
                    label=label,
                    choices=[("", _("Choose")), *options],
                    error_messages=choose_error(number),
                )
            else:
                fields[gap] = forms.CharField(
                    label=label,
                    max_length=LONGEST_TEXT,
                    error_messages=write_error(number),
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )
        return fields

    def given(self, version: "QuestionVersion", values: Mapping[str, Any]) -> Given:
        """What stands in each gap."""
        return dict(values)

    def normalise(self, version: "QuestionVersion", given: Given) -> Chosen:
        """What stands in each gap, for every gap."""
        if not isinstance(given, Mapping):
            raise NotOfferedError
        gaps = self.gaps(version)
        chosen = {}
        for gap, value in given.items():
            rows = gaps.get(str(gap))
            if rows is None:
                raise NotOfferedError
            text = _typed(value, LONGEST_TEXT)
            if text and self.is_chosen(rows) and text not in {row["id"] for row in rows}:
                raise NotOfferedError
            if text:
                chosen[str(gap)] = text
        return chosen if len(chosen) == len(gaps) else {}

    def _row_of(self, rows: list[Mapping[str, Any]], value: str) -> Mapping[str, Any] | None:
        if self.is_chosen(rows):
            return next((row for row in rows if row["id"] == value), None)
        said = folded(value)
        return next((row for row in rows if said in _spellings(row)), None)

    def solution(self, version: "QuestionVersion") -> Given:
        """In each gap the first right answer."""
        return {
            gap: _first_right(rows, "id" if self.is_chosen(rows) else "text")
            for gap, rows in self.gaps(version).items()
        }

    def right_parts(self, version: "QuestionVersion", chosen: Chosen) -> list[bool]:
        """Of each gap whether it is filled rightly."""
        found = [self._row_of(rows, chosen[gap]) for gap, rows in self.gaps(version).items()]
        return [row is not None and row["is_correct"] for row in found]

    def same_parts(self, version: "QuestionVersion", chosen: Chosen, other: Chosen) -> list[bool]:
        """Of each gap whether both filled it with the same."""
        return [folded(chosen[gap]) == folded(other[gap]) for gap in self.gaps(version)]

    def rows_chosen(self, version: "QuestionVersion", chosen: Chosen) -> list[str]:
        """The row in each gap that is known."""
        found = [self._row_of(rows, chosen[gap]) for gap, rows in self.gaps(version).items()]
        return [row["id"] for row in found if row is not None]

    def answered(self, version: "QuestionVersion", chosen: Chosen) -> list[AnsweredPart]:
        """Gap by gap."""
        parts = []
        for gap, rows in self.gaps(version).items():
            row = self._row_of(rows, chosen[gap])
            right = next(one for one in rows if one["is_correct"])
            given = text_in(row) if row and self.is_chosen(rows) else plain(chosen[gap])
            label = plain(_("Gap %(gap)s") % {"gap": gap})
            parts.append(AnsweredPart(label, given, text_in(right), row))
        return parts


def with_gaps(text: Text) -> Text:
    """``text`` with each gap as a numbered line to fill in."""
    shown = Text(GAP.sub(lambda found: f"({found[1]}) ______", text))
    shown.language, shown.is_fallback = text.language, text.is_fallback
    return shown
