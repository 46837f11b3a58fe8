"""What a series of tables about the same people tells together, and no two of them alone.

Whoever knows of each half-year whether people only came or only left since the one before knows an
order: no cell of the smaller table holds more than the same cell of the larger. With what is shown
that is an integer programme, and the least and the most that a hidden cell can be in it are what
can be known of it. A table is shown only as far as every hidden cell of the series, its own and
those of before, may still be anything from one to four people, or is five and more for sure.

It is solved rather than reasoned out (``scipy.optimize.milp``): it is done once for each edition,
when its tables are counted. Two tables are held against each other by the rules of
:mod:`cooperation.reports.suppression`, which also know what is told by which cells are hidden.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from cooperation.reports.suppression import Table, hidden_beside
from core.small_groups import FEWEST_TO_SHOW

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def hidden_in_series(now: Table, before: Sequence[Table], after: Sequence[Table]) -> Table:
    """The table with whatever is hidden that it would tell of among those of other half-years.

    Args:
        before: Those of earlier half-years, the earliest first.
        after: Those of later half-years, which somebody has begun sooner.

    First what is told beside each one is hidden (:func:`hidden_beside`), then also what is hidden
    in any other; where that is not enough, all of it. It looks at what is shown, and never at what
    is hidden.
    """
    others = [*before, *after]
    table = hidden_beside(now, others)
    everywhere = table.hidden.union(*(one.hidden for one in others)) & table.cells.keys()
    for shown in (table, hidden_beside(table.without(everywhere), others)):
        if shown.total is None or not _tell(before, shown, after):
            return shown
    return Table(dict.fromkeys(now.cells), None)


def _tell(before: Sequence[Table], now: Table, after: Sequence[Table]) -> bool:
    """Whether those that can be in one order, ``now`` among them, tell of a hidden cell."""
    earlier, later = ([one for one in side if one.total] for side in (before, after))
    if not now.total or len(earlier) + len(later) < 2:
        return False  # nobody, or two tables that were held against each other
    return any(run.tells() for run in _runs([*earlier, now, *later], holding=len(earlier)))


def _runs(series: Sequence[Table], *, holding: int) -> Iterator["_Run"]:
    """The longest runs of neighbours that can be in an order, as far as they hold this one.

    Where no order fits, people have come and left between two of them, and what is known on one
    side of that says nothing of the other.
    """
    start, last = 0, None
    for end in range(len(series)):
        run = _Run(series[start : end + 1])
        if run.is_possible:
            last = run
            continue
        if last is not None and start <= holding < end:
            yield last
        while not run.is_possible:
            start += 1
            run = _Run(series[start : end + 1])
        last = run
    if last is not None and start <= holding:
        yield last


class _Run:
    """Tables one after the other, of which each is the one before with people come, or gone."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tables
        self.totals = [table.total for table in tables if table.total is not None]
        self.keys = sorted(set().union(*(table.cells for table in tables)))

    def tells(self) -> bool:
        """Whether a hidden cell that may be small can be fewer numbers than one to four."""
        return len(self.tables) > 2 and any(
            number is None and self._is_told(place, key)
            for place, table in enumerate(self.tables)
            for key, number in table.cells.items()
        )

    def _is_told(self, place: int, key: str) -> bool:
        at = self._at(place, key)
        least = self._end(at, 1)
        return least < FEWEST_TO_SHOW and (least > 1 or self._end(at, -1) < FEWEST_TO_SHOW - 1)

    @cached_property
    def is_possible(self) -> bool:
        """Whether any numbers fit; for one table those do that were counted."""
        return len(self.tables) == 1 or self._solve() is not None

    @property
    def _width(self) -> int:
        return len(self.tables) * len(self.keys)

    def _at(self, place: int, key: str) -> int:
        return place * len(self.keys) + self.keys.index(key)

    def _end(self, at: int, sign: int) -> int:
        """The least (1) or the most (-1) that a cell can be, within numbers that are possible."""
        found = self._solve(at, sign)
        if found is None:
            raise RuntimeError("No numbers fit tables that were counted.")
        return round(found[at])

    def _solve(self, at: int = 0, sign: int = 0) -> "NDArray[np.float64] | None":
        """Possible numbers, with the least (1) or the most (-1) in a cell; none where none fit."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows, least, most = self._sums
        weights = np.zeros(self._width)
        weights[at] = sign
        found: NDArray[np.float64] | None = milp(
            weights,
            constraints=LinearConstraint(rows, least, most),
            bounds=Bounds(*self._bounds),
            integrality=np.ones(self._width),
            options={"presolve": False},  # it has called small programmes impossible that are not
        ).x
        return found

    @cached_property
    def _bounds(self) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """The least and the most of each cell by its own table; nobody in a line it has not."""
        import numpy as np

        lowest, highest = np.zeros(self._width), np.zeros(self._width)
        for place, table in enumerate(self.tables):
            for key, number in table.cells.items():
                at = self._at(place, key)
                lowest[at] = 0 if number is None else number
                highest[at] = self.totals[place] if number is None else number
        return lowest, highest

    @cached_property
    def _sums(self) -> "tuple[NDArray[np.float64], list[float], list[float]]":
        """The cells of a table make its total; no cell of a smaller one is more than the larger's.

        Rows of weights, with the least and the most that each comes to.
        """
        import numpy as np

        rows, least, most = [], [], []

        def hold(weights: Mapping[int, int], low: float, high: float) -> None:
            row = np.zeros(self._width)
            row[list(weights)] = list(weights.values())
            rows.append(row)
            least.append(low)
            most.append(high)

        for place, total in enumerate(self.totals):
            hold({self._at(place, key): 1 for key in self.keys}, total, total)
        for place, (one, other) in enumerate(pairwise(self.totals)):
            small, large = (place, place + 1) if one <= other else (place + 1, place)
            for key in self.keys:
                hold({self._at(large, key): 1, self._at(small, key): -1}, 0, max(self.totals))
        return np.array(rows), least, most
