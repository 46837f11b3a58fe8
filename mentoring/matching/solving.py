"""The best way to seat people in places: a pure function from whole numbers to pairs.

The order of aims: most seats covered; then, when there was a solution before, fewest people moved;
then the highest total score; then the order of the keys. All of it in whole numbers, so that two
runs, two machines and two orders of input give the same pairs.

Without people who travel together this is an assignment (``scipy.optimize.linear_sum_assignment``,
a shortest augmenting path method after Crouse, "On implementing 2D rectangular assignment
algorithms", IEEE TAES 52(4), 2016). With them it is an integer programme (``scipy.optimize.milp``,
which is HiGHS; ``programme`` writes it down).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mentoring.matching.programme import Programme, positions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The highest score of one pair. Totals then stay far below 2⁵³, up to which a float is exact.
MOST_SCORE = 1000
#: Up to so many people or seats a programme with groups is solved to proof.
MOST_PROVEN = 200
#: How long a larger programme may search, in seconds.
LONGEST_SEARCH = 20.0


@dataclass(frozen=True, slots=True)
class Problem:
    """People, places with seats, and what speaks for each pair of them.

    ``score[i, j]`` (0 to ``MOST_SCORE``) is how well ``people[i]`` fits ``places[j]``;
    ``allowed[i, j]`` whether they may be paired at all. ``before`` is where people were seated in
    the solution that this one follows, ``locked`` where they must be. ``spread`` is what each
    person more in one place costs the next in points: it shares people out where seats are many.
    ``together`` are groups of people who go to one place, or nowhere.
    """

    people: Sequence[str]
    places: Sequence[str]
    seats: Sequence[int]
    score: "NDArray[np.int64]"
    allowed: "NDArray[np.bool_]"
    before: Mapping[str, str] = field(default_factory=dict)
    locked: Mapping[str, str] = field(default_factory=dict)
    together: Sequence[frozenset[str]] = ()
    spread: int = 0

    def __post_init__(self) -> None:
        """Refuse what would make the answer silently wrong.

        Raises:
            ValueError: For keys that repeat, shapes that differ, scores out of range, more people
                locked to a place than it has seats, or somebody unknown.
        """
        shape = (len(self.people), len(self.places))
        if len(set(self.people)) < shape[0] or len(set(self.places)) < shape[1]:
            raise ValueError("A key stands twice.")
        if self.score.shape != shape or self.allowed.shape != shape or len(self.seats) != shape[1]:
            raise ValueError("The tables do not fit the people and places.")
        if self.score.size and not 0 <= self.score.min() <= self.score.max() <= MOST_SCORE:
            raise ValueError(f"A score lies outside 0 to {MOST_SCORE}.")
        if min(self.seats, default=0) < 0 or self.spread < 0:
            raise ValueError("Seats and spread are not negative.")
        named = {*self.locked, *(person for group in self.together for person in group)}
        if not named <= set(self.people) or not set(self.locked.values()) <= set(self.places):
            raise ValueError("Somebody locked or in a group is not among the people.")
        grouped = [person for group in self.together for person in group]
        if len(set(grouped)) < len(grouped):
            raise ValueError("Somebody stands in two groups.")
        for place, seats in zip(self.places, self.seats, strict=True):
            if sum(there == place for there in self.locked.values()) > seats:
                raise ValueError("More people are locked to a place than it has seats.")


@dataclass(frozen=True, slots=True)
class Solution:
    """Who sits where, by key, and what that amounts to."""

    place_of: Mapping[str, str]
    score: int
    moved: int
    is_proven: bool

    @property
    def covered(self) -> int:
        """How many seats are covered."""
        return len(self.place_of)


def solve(problem: Problem) -> Solution:
    """The best pairs for ``problem``.

    The same for every order of people and places. Memory: about 8 bytes × people × (seats +
    people left over), twice.

    Raises:
        ValueError: When somebody is locked to a place where they are not allowed, or members of
            one group are locked to different places.
    """
    ordered = _in_order(problem)
    _refuse_impossible_locks(ordered)
    if ordered.together:
        place_of, is_proven = _by_programme(ordered)
    else:
        place_of, is_proven = _by_assignment(ordered), True
    return Solution(
        place_of=place_of,
        score=_total(ordered, place_of),
        moved=sum(place_of.get(person) != place for person, place in ordered.before.items()),
        is_proven=is_proven,
    )


def _in_order(problem: Problem) -> Problem:
    """The same problem with people and places by key: the last tie-break."""
    import numpy as np

    people = sorted(range(len(problem.people)), key=problem.people.__getitem__)
    places = sorted(range(len(problem.places)), key=problem.places.__getitem__)
    table = np.ix_(people, places)
    known = set(problem.people)
    return Problem(
        people=[problem.people[i] for i in people],
        places=[problem.places[j] for j in places],
        seats=[problem.seats[j] for j in places],
        score=problem.score[table],
        allowed=problem.allowed[table],
        before={
            person: place for person, place in sorted(problem.before.items()) if person in known
        },
        locked=dict(sorted(problem.locked.items())),
        together=sorted((group for group in problem.together if len(group) > 1), key=sorted),
        spread=problem.spread,
    )


def _refuse_impossible_locks(problem: Problem) -> None:
    person_at, place_at = positions(problem.people), positions(problem.places)
    for person, place in problem.locked.items():
        if not problem.allowed[person_at[person], place_at[place]]:
            raise ValueError(f"{person} is locked to {place} and not allowed there.")
    for group in problem.together:
        if len({problem.locked[person] for person in group if person in problem.locked}) > 1:
            raise ValueError("Members of one group are locked to different places.")


def _total(problem: Problem, place_of: Mapping[str, str]) -> int:
    """The score of the pairs, less what crowding costs."""
    person_at, place_at = positions(problem.people), positions(problem.places)
    taken: dict[str, int] = {}
    total = 0
    for person, place in place_of.items():
        total += int(problem.score[person_at[person], place_at[place]])
        total -= problem.spread * taken.get(place, 0)
        taken[place] = taken.get(place, 0) + 1
    return total


def _worth(problem: Problem) -> "NDArray[np.int64]":
    """What each pair is worth when a person who stays outweighs every score.

    One person who stays is worth more than all that scores and crowding can change together.
    """
    import numpy as np

    most_seats = max(problem.seats, default=0)
    per_pair = MOST_SCORE + problem.spread * max(most_seats - 1, 0)
    stays = per_pair * len(problem.people) + 1
    worth = problem.score.astype(np.int64)
    person_at, place_at = positions(problem.people), positions(problem.places)
    for person, place in problem.before.items():
        if place in place_at:
            worth[person_at[person], place_at[place]] += stays
    return worth


def _by_assignment(problem: Problem) -> dict[str, str]:
    """Each person a row; each seat a column; a spare column for each person left over.

    How many can be seated at all is known first (:func:`most_covered`). With exactly as many
    spare columns as people must stay unseated, every full assignment covers the most seats, and no
    large number has to say so.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = _free(problem)
    place_of = dict(problem.locked)
    if not rows:
        return place_of
    at, nth = np.array(columns, dtype=np.int64).reshape(-1, 2).T
    free = np.ix_(np.array(rows), at)
    allowed = problem.allowed[free]
    spare = len(rows) - most_covered(allowed)
    cost = np.zeros((len(rows), len(columns) + spare))
    seated = cost[:, : len(columns)]
    np.subtract(problem.spread * nth, _worth(problem)[free], out=seated)
    seated[~allowed] = np.inf
    chosen_rows, chosen_columns = linear_sum_assignment(cost)
    for row, column in zip(chosen_rows, chosen_columns, strict=True):
        if column < len(columns):
            place_of[problem.people[rows[row]]] = problem.places[columns[column][0]]
    return dict(sorted(place_of.items()))


def _free(problem: Problem) -> tuple[list[int], list[tuple[int, int]]]:
    """The people who are not locked, and the seats left: place, and which seat of it (from 0)."""
    rows = [i for i, person in enumerate(problem.people) if person not in problem.locked]
    taken = dict.fromkeys(problem.places, 0)
    for place in problem.locked.values():
        taken[place] += 1
    columns = [
        (j, nth)
        for j, place in enumerate(problem.places)
        # More seats than people are never filled.
        for nth in range(taken[place], min(problem.seats[j], taken[place] + len(rows)))
    ]
    return rows, columns


def most_covered(allowed: "NDArray[np.bool_]") -> int:
    """The largest number of columns that rows can cover, each at most one."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    if 0 in allowed.shape:
        return 0
    # scipy makes the same of the table itself, over another form, in twice the time.
    at = (np.flatnonzero(allowed) % allowed.shape[1]).astype(np.int32)
    row_ends = np.concatenate(([0], allowed.sum(axis=1).cumsum())).astype(np.int32)
    table = csr_array((np.ones(at.size, dtype=bool), at, row_ends), shape=allowed.shape)
    return int((maximum_bipartite_matching(table, perm_type="column") >= 0).sum())


def _by_programme(problem: Problem) -> tuple[dict[str, str], bool]:
    """One aim after the other, each held while the next is sought; numbers stay small that way.

    Returns the pairs and whether each step was proven.
    """
    import numpy as np

    programme = Programme(problem)
    person_at, place_at = positions(problem.people), positions(problem.places)
    stays = {(person_at[p], place_at[q]) for p, q in problem.before.items() if q in place_at}
    nothing = [0] * len(programme.steps)
    aims = [
        [1] * len(programme.pairs) + nothing,
        [int(pair in stays) for pair in programme.pairs] + nothing,
        [int(problem.score[pair]) for pair in programme.pairs]
        + [-problem.spread * nth for _j, nth in programme.steps],
    ]
    is_proven = max(len(problem.people), sum(problem.seats)) <= MOST_PROVEN
    found = None
    for aim in aims:
        if not any(aim):
            continue
        best, is_best = programme.best(aim, seconds=None if is_proven else LONGEST_SEARCH)
        if best is None:
            if found is None:
                raise ValueError("The locked pairs cannot hold together.")
            break
        found, is_proven = best, is_proven and is_best
        reached = float(np.array(aim) @ found)
        programme.hold([(0, k, value) for k, value in enumerate(aim)], [reached], [np.inf])
    chosen = [] if found is None else [pair for k, pair in enumerate(programme.pairs) if found[k]]
    return {problem.people[i]: problem.places[j] for i, j in sorted(chosen)}, is_proven
