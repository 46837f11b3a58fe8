"""Pairs as an integer programme, for people who travel together (``scipy.optimize.milp``)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mentoring.matching.solving import Problem


class Programme:
    """Each allowed pair a variable, nought or one, within what limits people, seats and groups.

    With spread, there is one variable more for each place and seat: a step up that has to be paid.
    """

    def __init__(self, problem: "Problem") -> None:
        import numpy as np

        self.problem = problem
        self.pairs = [(int(i), int(j)) for i, j in np.argwhere(problem.allowed)]
        self.variable = {pair: k for k, pair in enumerate(self.pairs)}
        self.steps = [
            (j, nth)
            for j in range(len(problem.places))
            for nth in range(1, min(problem.seats[j], len(problem.people)))
            if problem.spread
        ]
        self._person_at = positions(problem.people)
        self._limits: list[Any] = []
        self._limit_people_and_seats()
        self._bind_groups()
        place_at = positions(problem.places)
        self._lower = np.zeros(self.width)
        for person, place in problem.locked.items():
            self._lower[self.variable[self._person_at[person], place_at[place]]] = 1

    @property
    def width(self) -> int:
        """How many variables there are: pairs, then steps."""
        return len(self.pairs) + len(self.steps)

    def hold(
        self, entries: Sequence[tuple[int, int, int]], low: Sequence[float], high: Sequence[float]
    ) -> None:
        """Keep rows of coefficients (row, variable, value) within their limits."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        if low:
            row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
            table = csr_array((value, (row, column)), shape=(len(low), self.width))
            self._limits.append(LinearConstraint(table, low, high))

    def best(
        self, aim: Sequence[float], *, seconds: float | None = None
    ) -> "tuple[NDArray[np.int64] | None, bool]":
        """The variables where ``aim`` is highest; and whether that is proven.

        Without any there was no answer: it is proven that there is none, or time ran out.
        """
        import numpy as np
        from scipy.optimize import Bounds, milp

        done = milp(
            -np.array(aim, dtype=float),
            integrality=np.ones(self.width),
            bounds=Bounds(self._lower, np.ones(self.width)),
            constraints=self._limits,
            options={"mip_rel_gap": 0.0} | ({"time_limit": seconds} if seconds else {}),
        )
        # 0 is the best there is, 2 that there is nothing.
        is_proven = done.status in {0, 2}
        return (None if done.x is None else np.rint(done.x).astype(np.int64)), is_proven

    def _limit_people_and_seats(self) -> None:
        """Each person sits once, a place has its seats; with spread, every seat more is a step."""
        import numpy as np

        people, seats = len(self.problem.people), [float(one) for one in self.problem.seats]
        at_places = [(j, k, 1) for k, (_i, j) in enumerate(self.pairs)]
        self.hold([(i, k, 1) for k, (i, _j) in enumerate(self.pairs)], [0] * people, [1] * people)
        self.hold(at_places, [0] * len(seats), seats)
        if self.steps:
            # A place holds one person free of charge, and one more for each step that is paid.
            paid = [(j, len(self.pairs) + k, -1) for k, (j, _nth) in enumerate(self.steps)]
            self.hold([*at_places, *paid], [-np.inf] * len(seats), [1] * len(seats))

    def _bind_groups(self) -> None:
        """Each member of a group goes where the first one goes, or nowhere like them."""
        entries: list[tuple[int, int, int]] = []
        rows = 0
        for group in self.problem.together:
            first, *others = (self._person_at[person] for person in sorted(group))
            for other in others:
                for j in range(len(self.problem.places)):
                    for i, sign in ((first, 1), (other, -1)):
                        if (i, j) in self.variable:
                            entries.append((rows, self.variable[i, j], sign))
                    rows += 1
        self.hold(entries, [0] * rows, [0] * rows)


def positions(keys: Sequence[str]) -> Mapping[str, int]:
    """At which place each key stands."""
    return {key: at for at, key in enumerate(keys)}
