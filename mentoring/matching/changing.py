"""The smallest change that would cover a seat which the best solution leaves empty.

A seat stays empty because nobody who could be spared is allowed to take it. Whoever could be
spared follows from the solution: people without a seat, and people whose seat one of those could
take, and so on (an alternating path, as in the proof of Berge, "Two theorems in graph theory",
PNAS 43(9), 1957). Allowing any of them to take the seat covers one seat more; allowing anybody
else covers none more.

Where people travel together, whoever could not be spared helps no more than that, but not
everybody who could be does: one integer programme finds the cheapest change among all of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mentoring.matching.programme import Programme
from mentoring.matching.solving import LONGEST_SEARCH, Problem, Solution

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What cannot be changed at all.
NEVER = -1


@dataclass(frozen=True, slots=True)
class Change:
    """Letting one, or all who travel together, take seats in ``place``, at a price."""

    people: frozenset[str]
    place: str
    price: int


@dataclass(frozen=True, slots=True)
class Search:
    """The cheapest change, or None where none was found.

    Not certain where time ran out, or where the solution it starts from was not proven: then a
    cheaper one may have been missed.
    """

    change: Change | None
    is_certain: bool


def empty_seats(problem: Problem, solution: Solution) -> dict[str, int]:
    """How many seats stay empty, for each place that has some, in the order given."""
    there = Counter(solution.place_of.values())
    left = {
        place: seats - there[place]
        for place, seats in zip(problem.places, problem.seats, strict=True)
    }
    return {place: seats for place, seats in left.items() if seats > 0}


def smallest_change(
    problem: Problem, solution: Solution, place: str, price: "NDArray[np.int64]"
) -> Search:
    """The cheapest single change after which one seat more is covered, in ``place``.

    Who travels together changes as one, at the sum of their prices. With groups it takes at most
    ``LONGEST_SEARCH`` seconds.

    Args:
        solution: What :func:`solve` found for ``problem``.
        price: For each person and place what it costs to allow the pair: 0 where it is allowed,
            ``NEVER`` where nothing helps. Equal prices are taken by key.
    """
    at = list(problem.places).index(place)
    position = {person: i for i, person in enumerate(problem.people)}
    spared = set(spared_people(problem, solution))
    changes = []
    for people in _as_they_travel(problem):
        prices = [int(price[position[person], at]) for person in people]
        # More than the place has seats never come there; who stands beside a lock never moves.
        if people <= spared and len(people) <= problem.seats[at] and NEVER not in prices:
            changes.append(Change(people, place, sum(prices)))
    changes = sorted(
        (one for one in changes if one.price), key=lambda one: (one.price, sorted(one.people))
    )
    if not problem.together or not changes:
        return Search(changes[0] if changes else None, solution.is_proven)
    return _cheapest_that_covers_more(problem, solution, at, changes)


def _as_they_travel(problem: Problem) -> Iterator[frozenset[str]]:
    """Each group, and everybody else alone."""
    yield from problem.together
    grouped = {person for group in problem.together for person in group}
    yield from (frozenset({person}) for person in problem.people if person not in grouped)


def _cheapest_that_covers_more(
    problem: Problem, solution: Solution, at: int, changes: Sequence[Change]
) -> Search:
    """The first of ``changes``, cheapest first, with which more are seated than in ``solution``.

    All of them are open at once and exactly one is used, so none is left untried.
    """
    import numpy as np

    position = {person: i for i, person in enumerate(problem.people)}
    allowed = problem.allowed.copy()
    for change in changes:
        allowed[[position[person] for person in change.people], at] = True
    programme = Programme(replace(problem, allowed=allowed, before={}, spread=0))
    used = [programme.variable[position[min(change.people)], at] for change in changes]
    programme.hold([(0, k, 1) for k in used], [1], [1])
    everybody = [(0, k, 1) for k in range(len(programme.pairs))]
    programme.hold(everybody, [solution.covered + 1], [np.inf])
    aim = [0] * programme.width
    for nth, k in enumerate(used):
        aim[k] = -nth
    found, is_proven = programme.best(aim, seconds=LONGEST_SEARCH)
    is_certain = is_proven and solution.is_proven
    if found is None:
        return Search(None, is_certain)
    return Search(changes[next(nth for nth, k in enumerate(used) if found[k])], is_certain)


def spared_people(problem: Problem, solution: Solution) -> list[str]:
    """Who could leave their seat without a seat falling empty, by key."""
    found = {person for person in problem.people if person not in solution.place_of}
    waiting = sorted(found)
    there: dict[str, list[str]] = {}
    for person, place in solution.place_of.items():
        if person not in problem.locked:
            there.setdefault(place, []).append(person)
    position = {person: i for i, person in enumerate(problem.people)}
    while waiting:
        row = problem.allowed[position[waiting.pop()]]
        for j in row.nonzero()[0]:
            # Emptied as it is used: a place hands on its people once.
            for person in there.pop(problem.places[j], ()):
                if person not in found:
                    found.add(person)
                    waiting.append(person)
    return sorted(found)


def moves(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Who is elsewhere: person, place before and place after ("" for no seat), by person."""
    for person in sorted({*before, *after}):
        left, came = before.get(person, ""), after.get(person, "")
        if left != came:
            yield person, left, came
