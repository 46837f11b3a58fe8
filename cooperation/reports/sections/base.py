"""What a section of the report is: figures, and the rows behind each of them.

A figure is computed for the page, the rows are what its number opens: two ways to say the same,
which tests/cooperation/reports/test_rows.py holds against each other.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from cooperation.reports.frame import Frame
from core.spreadsheets import Cell

COUNT, MINUTES, AVERAGE = "count", "minutes", "average"
#: What the numbers of a unit add up in their rows; all others count them.
ADDED_UP = {MINUTES: "minutes", AVERAGE: "score"}
#: Who opens rows: nobody, whoever coordinates the place, also whoever leads it, all readers.
NOBODY, COORDINATORS, LEADERS, READERS = "nobody", "coordinators", "leaders", "readers"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a section: a number for each column that has delivered.

    Args:
        key: Names it for ever within its section.
        label: In words, or the words by language.
        numbers: By column; under the empty key where there is one in all.
        unit: What it counts; minutes are shown as hours, an average as the number by its ``of``.
        of: The figure it is a share of; its total is a number then.
        hidden: Columns in which the group is too small to show, or is hidden with one.
    """

    key: str
    label: "str | Promise | Mapping[str, str]"
    numbers: Mapping[str, int]
    unit: str = COUNT
    of: str = ""
    hidden: frozenset[str] = field(default_factory=frozenset)


class Section(ABC):
    """One subject of the report."""

    key: ClassVar[str]
    title: ClassVar["str | Promise"]
    #: What the numbers mean, in one sentence.
    note: ClassVar["str | Promise"] = ""
    #: One number in all, not one for each municipality.
    is_whole: ClassVar[bool] = False
    #: In the report of the country alone.
    is_national: ClassVar[bool] = False
    #: About people: groups of fewer than five are hidden.
    is_guarded: ClassVar[bool] = False
    #: Guarded group by group, each whole or not at all: a part can be counted anew, and told of.
    is_by_group: ClassVar[bool] = False
    #: The same people may stand in it half-year after half-year.
    is_lasting: ClassVar[bool] = False
    #: Its lines are those of what was found: one that is not there counted nothing.
    lines_are_found: ClassVar[bool] = False
    opened_by: ClassVar[str] = COORDINATORS

    def is_for(self, frame: Frame) -> bool:
        """Whether it has anything to say in such a report."""
        return True

    @abstractmethod
    def figures(self, frame: Frame) -> Sequence[Figure]:
        """The numbers; as many queries for one row as for a million."""

    def tables(self, keys: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
        """The tables that its figures are: the key of all together, and those of the cells."""
        return [("all", [key for key in keys if key != "all"])]

    @abstractmethod
    def rows(self, frame: Frame, figure: str) -> "QuerySet[Any] | None":
        """The rows that the number of ``figure`` counts, in order; none for no such figure."""

    @abstractmethod
    def header(self) -> Sequence["str | Promise"]:
        """What the columns of the opened rows are."""

    @abstractmethod
    def cells(self, rows: Iterable[Any]) -> Iterable[Sequence[Cell]]:
        """The opened rows as cells; a constant number of queries."""

    def about(self, rows: Iterable[Any]) -> Iterable[Any]:
        """The records that the access log names when rows are opened."""
        return rows


def one_of_each(
    frame: Frame,
    rows: Iterable[tuple[Any, str, int]],
    labels: Iterable[tuple[str, Any]],
    *,
    all_label: Any,
) -> list[Figure]:
    """A total and its parts, from rows of municipality, part and number."""
    found = list(rows)
    everything = frame.by_column((place, number) for place, _part, number in found)
    figures = [Figure("all", all_label, everything)]
    for part, label in labels:
        numbers = frame.by_column((place, number) for place, key, number in found if key == part)
        figures.append(Figure(part, label, numbers, of="all"))
    return figures
