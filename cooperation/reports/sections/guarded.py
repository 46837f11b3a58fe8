"""Sections about people, whose small groups are hidden (:mod:`cooperation.reports.suppression`).

Their numbers are those of a whole municipality, also in the report of an initiative: a part of a
group beside the whole of it would tell of the rest.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from cooperation.reports.frame import Frame
from cooperation.reports.sections.base import Figure, Section
from cooperation.reports.suppression import hidden_cells, is_too_few

#: Municipality of today, cell of the table, person, how many.
Row = tuple[Any, str, Any, int]


class Guarded(Section):
    """One table about people in each municipality: its cells, and all of them together."""

    is_guarded = True
    all_label: Any

    @abstractmethod
    def lines(self, frame: Frame) -> Sequence[tuple[str, Any]]:
        """The cells of the table, in order: key and label."""

    @abstractmethod
    def counted(self, frame: Frame) -> Iterable[Row]:
        """How often each person stands in each cell."""

    def figures(self, frame: Frame) -> Sequence[Figure]:
        """All together, then cell by cell; what is hidden is named as hidden."""
        return tabled(frame, self.lines(frame), self.counted(frame), self.all_label)


def tabled(
    frame: Frame,
    lines: Sequence[tuple[str, Any]],
    counted: Iterable[Row],
    all_label: Any,
    *,
    prefix: str = "",
) -> list[Figure]:
    """The figures of one table, hidden where groups are small."""
    people: dict[str, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for municipality, cell, person, number in counted:
        column = frame.column_of.get(municipality)
        if column in frame.delivered and column is not None:
            people[column][cell].add(person)
            numbers[column][cell] += number
    keys = [key for key, _label in lines]
    hidden: dict[str, set[str]] = {key: set() for key in ("all", *keys)}
    for column in sorted(frame.delivered):
        cells = [people[column][key] for key in keys]
        for place in hidden_cells(cells):
            hidden[keys[place]].add(column)
        if is_too_few(len(set().union(*cells))):
            hidden["all"].add(column)
    everything = {column: sum(numbers[column].values()) for column in sorted(frame.delivered)}
    figures = [Figure(f"{prefix}all", all_label, everything, hidden=frozenset(hidden["all"]))]
    for key, label in lines:
        own = {column: numbers[column][key] for column in sorted(frame.delivered)}
        figures.append(Figure(f"{prefix}{key}", label, own, hidden=frozenset(hidden[key])))
    return figures
