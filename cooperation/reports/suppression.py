"""Which groups of people are too small to show, and what is hidden with them.

A group of one to four people is hidden. Were it hidden alone, a total would give it away, so what
is hidden together is always more than one group, and itself five people or more. What is hidden
besides is chosen by its place in the table and never by its size: which cells are hidden tells
nothing about the numbers in them. A table of fewer than five people is hidden whole.

Totals across tables add up what is shown and nothing else, so that no sum, of whichever reports,
holds anything of a hidden group.

What was shown once is read for ever, beside whatever is shown later. Two editions of one half-year
differ by those who were corrected, and these are few: a table that is not what it was is hidden
whole (:func:`is_as_before`). Where the same people stand in a table half-year after half-year, two
of them may be taken from each other: what would be told by that is hidden too
(:func:`hidden_beside`), and what only many of them tell together (:mod:`.series`).
tests/cooperation/reports/test_suppression.py attacks the first rules, test_hidden_beside.py the
others.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from math import inf

from core.small_groups import FEWEST_TO_SHOW


def is_too_few(people: int) -> bool:
    """Whether a group is too small to show; nobody at all is no group."""
    return 0 < people < FEWEST_TO_SHOW


def hidden_cells(cells: Sequence[AbstractSet[Hashable]]) -> frozenset[int]:
    """Which cells of one table are hidden, given who stands behind each of them."""
    everybody = frozenset().union(*cells)
    if is_too_few(len(everybody)):
        return frozenset(range(len(cells)))
    hidden = {place for place, people in enumerate(cells) if is_too_few(len(people))}
    while hidden and len(hidden) < len(cells) and not _is_group(hidden, cells):
        hidden.add(_next_to(hidden, len(cells)))
    return frozenset(hidden)


@lru_cache(maxsize=1000)
def small_for_sure(hidden: frozenset[int], places: int) -> frozenset[int]:
    """Those of the hidden cells that are small whatever the numbers are.

    Whoever knows the rule reads them from which cells are hidden: without them others would be.
    """
    some = sorted(hidden)
    beginnings = [
        frozenset(small)
        for count in range(1, len(some) + 1)
        for small in combinations(some, count)
        if _leads_to(hidden, small, places)
    ]
    return frozenset(some).intersection(*beginnings)


def _leads_to(hidden: AbstractSet[int], small: Iterable[int], places: int) -> bool:
    """Whether these alone may be small where just ``hidden`` is hidden."""
    found = set(small)
    while found != hidden:
        place = _next_to(found, places)
        if place not in hidden:
            return False
        found.add(place)
    return True


def _next_to(hidden: AbstractSet[int], places: int) -> int:
    """The place after the last hidden one, round the table."""
    place = max(hidden)
    while place in hidden:
        place = (place + 1) % places
    return place


def _is_group(hidden: AbstractSet[int], cells: Sequence[AbstractSet[Hashable]]) -> bool:
    together = frozenset().union(*(cells[place] for place in hidden))
    return len(hidden) > 1 and len(together) >= FEWEST_TO_SHOW


# --- Beside what was shown before -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown: the number of each cell, and of all; none for what is hidden."""

    cells: Mapping[str, int | None]
    total: int | None

    @property
    def hidden(self) -> frozenset[str]:
        """The cells that are hidden."""
        return frozenset(key for key, number in self.cells.items() if number is None)

    @property
    def small_for_sure(self) -> frozenset[str]:
        """The cells that are small because just these are hidden."""
        keys = list(self.cells)
        hidden = frozenset(place for place, key in enumerate(keys) if key in self.hidden)
        return frozenset(keys[place] for place in small_for_sure(hidden, len(keys)))

    def without(self, cells: AbstractSet[str]) -> "Table":
        """The same, with these hidden too."""
        kept = {key: None if key in cells else number for key, number in self.cells.items()}
        return Table(kept, self.total)


def is_as_before(before: Mapping[str, int | None], now: Mapping[str, int | None]) -> bool:
    """Whether a newer edition may show ``now``, given what the one it corrects has shown.

    It may say the same again; it may speak where there was nobody, or of nobody: then there is
    nothing to be taken from each other. A line that came later, with nobody in it, is no change.
    """
    was, is_now = (
        {key: number for key, number in one.items() if number != 0} for one in (before, now)
    )
    return was == is_now or not was or not is_now


def hidden_beside(now: Table, others: Iterable[Table]) -> Table:
    """The table with whatever is hidden that it would tell of beside ``others``, or they of it.

    First what is hidden in the other is hidden here too; where that is not enough, all of it. It
    looks at what is shown and never at what is hidden: that more is hidden tells of no number.
    """
    found = list(others)
    while telling := [one for one in found if _tell(now, one)]:
        more = now.hidden.union(*(one.hidden for one in telling)) & now.cells.keys()
        if more == now.hidden:
            return Table(dict.fromkeys(now.cells), None)
        now = now.without(more)
    return now


def _tell(one: Table, other: Table) -> bool:
    """Whether one tells of the other, to whoever takes it that the same people stand in both.

    These, and perhaps some more in one of them: so no cell of the smaller holds more than the same
    cell of the larger. Where the numbers say otherwise, nobody can take it so. Which cells are
    hidden says something too (:func:`small_for_sure`), unless it is for the sake of other tables.
    """
    return any(
        _bounds_tell(fewer, more, *by_rule)
        for fewer, more in ((one, other), (other, one))
        for by_rule in product(*({False, bool(table.small_for_sure)} for table in (fewer, more)))
    )


def _bounds_tell(fewer: Table, more: Table, fewer_by_rule: bool, more_by_rule: bool) -> bool:
    keys = sorted(fewer.cells.keys() | more.cells.keys())
    small = _Bounds.of(fewer, keys, by_rule=fewer_by_rule)
    large = _Bounds.of(more, keys, by_rule=more_by_rule)
    before = None
    while before != (known := [*small.known, *large.known]):
        before = known
        for place in range(len(keys)):
            small.most[place] = min(small.most[place], large.most[place])
            large.least[place] = max(large.least[place], small.least[place])
        if small.total is not None and large.total is not None:
            _fit_what_came(small, large, large.total - small.total)
        for bounds in (small, large):
            bounds.fit()
            if bounds.is_impossible:
                return False
    return small.tell(_Bounds.of(fewer, keys, by_rule=fewer_by_rule)) or large.tell(
        _Bounds.of(more, keys, by_rule=more_by_rule)
    )


def _fit_what_came(small: "_Bounds", large: "_Bounds", came: int) -> None:
    """Let no cell have grown by more than all together, less what the others have grown by."""
    places = range(len(small.least))
    for place in places:
        others = [one for one in places if one != place]
        least = sum(max(0, large.least[one] - small.most[one]) for one in others)
        most = sum(large.most[one] - small.least[one] for one in others)
        small.least[place] = max(small.least[place], large.least[place] - (came - least))
        large.most[place] = min(large.most[place], small.most[place] + (came - least))
        small.most[place] = min(small.most[place], large.most[place] - (came - most))
        large.least[place] = max(large.least[place], small.least[place] + (came - most))


@dataclass(slots=True)
class _Bounds:
    """The least and the most that each cell of a table can be."""

    least: list[float]
    most: list[float]
    total: int | None
    is_hidden: Sequence[bool]

    @classmethod
    def of(cls, table: Table, keys: Sequence[str], *, by_rule: bool) -> "_Bounds":
        known: dict[str, tuple[float, float]] = {}
        for key, number in table.cells.items():
            known[key] = (0, inf) if number is None else (number, number)
        for key in table.small_for_sure if by_rule else ():
            known[key] = (1, FEWEST_TO_SHOW - 1)
        found = cls(
            [known.get(key, (0, 0))[0] for key in keys],
            [known.get(key, (0, 0))[1] for key in keys],
            table.total,
            [key in table.hidden for key in keys],
        )
        found.fit()
        return found

    def fit(self) -> None:
        """Let each cell be at most what the least of the others leaves of the total, and so on."""
        if self.total is None:
            return
        for place in range(len(self.least)):
            others = [one for one in range(len(self.least)) if one != place]
            most = self.total - sum(self.least[one] for one in others)
            least = self.total - sum(self.most[one] for one in others)
            self.most[place] = min(self.most[place], most)
            self.least[place] = max(self.least[place], least)

    @property
    def known(self) -> list[tuple[float, float]]:
        """Between what each cell lies, as far as it is known now."""
        return list(zip(self.least, self.most, strict=True))

    @property
    def is_impossible(self) -> bool:
        """Whether no table is like that."""
        return any(least > most for least, most in self.known)

    def tell(self, alone: "_Bounds") -> bool:
        """Whether a hidden cell may be small, and fewer small numbers are possible than alone.

        Nor may it be known that nobody is in it: that would tell of those hidden with it.
        """
        return any(
            is_hidden and least < FEWEST_TO_SHOW and _is_narrower((least, most), before)
            for is_hidden, (least, most), before in zip(
                self.is_hidden, self.known, alone.known, strict=True
            )
        )


def _is_narrower(now: tuple[float, float], before: tuple[float, float]) -> bool:
    least, most = now
    if least == most != before[1]:
        return True
    return least > max(1, before[0]) or most < min(FEWEST_TO_SHOW - 1, before[1])
