"""The smallest change that would cover a seat which the best solution leaves empty.

A seat stays empty because nobody who could be spared is allowed to take it. Whoever could be
spared follows from the solution: people without a seat, and people whose seat one of those could
take, and so on (an alternating path, as in the proof of Berge, "Two theorems in graph theory",
PNAS 43(9), 1957). Allowing any of them to take the seat covers one seat more; allowing anybody
else covers none more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mentoring.matching.solving import Problem, Solution, solve

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What cannot be changed at all.
NEVER = -1
#: How many changes are tried, cheapest first, where groups travel together.
MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Change:
    """Allowing ``person`` to take a seat in ``place``, at a price."""

    person: str
    place: str
    price: int


def empty_seats(problem: Problem, solution: Solution) -> dict[str, int]:
    """How many seats stay empty, for each place that has some, in the order given."""
    there = list(solution.place_of.values())
    left = {
        place: seats - there.count(place)
        for place, seats in zip(problem.places, problem.seats, strict=True)
    }
    return {place: seats for place, seats in left.items() if seats > 0}


def smallest_change(
    problem: Problem, solution: Solution, place: str, price: "NDArray[np.int64]"
) -> Change | None:
    """The cheapest single change after which one seat more is covered, in ``place``.

    Args:
        solution: What :func:`solve` found for ``problem``.
        price: For each person and place what it costs to allow the pair: 0 where it is allowed,
            ``NEVER`` where nothing helps. Equal prices are taken by key.

    Returns:
        None when no single change would do: there are more seats than people who can be spared.
    """
    at = list(problem.places).index(place)
    position = {person: i for i, person in enumerate(problem.people)}
    spared = spared_people(problem, solution)
    candidates = sorted(
        (int(price[position[person], at]), person)
        for person in spared
        if price[position[person], at] > 0
    )
    for cost, person in candidates if not problem.together else candidates[:MOST_TRIED]:
        if not problem.together or _covers_more(problem, solution, position[person], at):
            return Change(person, place, cost)
    return None


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


def allowing(problem: Problem, person: str, place: str) -> Problem:
    """The same problem where ``person`` may take a seat in ``place``."""
    allowed = problem.allowed.copy()
    allowed[list(problem.people).index(person), list(problem.places).index(place)] = True
    return replace(problem, allowed=allowed)


def _covers_more(problem: Problem, solution: Solution, person: int, place: int) -> bool:
    """Whether the change covers a seat more; people who travel together change as one."""
    group = next(
        (one for one in problem.together if problem.people[person] in one),
        frozenset({problem.people[person]}),
    )
    changed = problem
    for member in sorted(group):
        changed = allowing(changed, member, problem.places[place])
    return solve(changed).covered > solution.covered


def moves(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Who is elsewhere: person, place before and place after ("" for no seat), by person."""
    for person in sorted({*before, *after}):
        left, came = before.get(person, ""), after.get(person, "")
        if left != came:
            yield person, left, came
