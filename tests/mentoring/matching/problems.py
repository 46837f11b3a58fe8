"""Invented problems, and the same problems solved by means that share nothing with ours."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from mentoring.matching.solving import Problem, Solution


def invented(
    seed: int, *, people: int, places: int, groups: bool = False, sizes: Sequence[int] = ()
) -> Problem:
    """A problem with forbidden pairs, capacities and many equal scores.

    ``groups`` lets two travel together, ``sizes`` as many groups as it names, of these sizes.
    """
    dice = random.Random(seed)
    names = [f"m{n}" for n in range(people)]
    towns = [f"p{n}" for n in range(places)]
    dice.shuffle(names)
    dice.shuffle(towns)
    score = [[dice.choice([0, 10, 10, 20, 500]) for _town in towns] for _name in names]
    allowed = [[dice.random() < dice.choice([0.3, 0.6, 0.9]) for _town in towns] for _name in names]
    before = {name: dice.choice(towns) for name in names if dice.random() < 0.3}
    if groups and people > 2:
        sizes = [2]
    ends = list(accumulate(sizes))
    together = [frozenset(names[end - size : end]) for size, end in zip(sizes, ends, strict=True)]
    return Problem(
        people=names,
        places=towns,
        seats=[dice.choice([0, 1, 1, 2, 3]) for _town in towns],
        score=np.array(score, dtype=np.int64).reshape(people, places),
        allowed=np.array(allowed, dtype=bool).reshape(people, places),
        before=before if dice.random() < 0.5 else {},
        together=together,
        spread=dice.choice([0, 0, 15]),
    )


def worth(problem: Problem, place_of: dict[str, str]) -> tuple[int, int, int]:
    """What the aims see: seats covered, people who stay, score less crowding; more is better."""
    person_at = {key: n for n, key in enumerate(problem.people)}
    place_at = {key: n for n, key in enumerate(problem.places)}
    crowding = sum(n * (n - 1) // 2 for n in Counter(place_of.values()).values())
    return (
        len(place_of),
        sum(place_of.get(person) == place for person, place in problem.before.items()),
        sum(int(problem.score[person_at[a], place_at[b]]) for a, b in place_of.items())
        - problem.spread * crowding,
    )


def is_legal(problem: Problem, place_of: dict[str, str]) -> bool:
    """Whether nobody is where they may not be, no place is too full and groups are together."""
    person_at = {key: n for n, key in enumerate(problem.people)}
    place_at = {key: n for n, key in enumerate(problem.places)}
    seats = dict(zip(problem.places, problem.seats, strict=True))
    return (
        all(problem.allowed[person_at[a], place_at[b]] for a, b in place_of.items())
        and all(n <= seats[place] for place, n in Counter(place_of.values()).items())
        and all(len({place_of.get(person) for person in group}) == 1 for group in problem.together)
        and all(place_of.get(person) == place for person, place in problem.locked.items())
    )


def by_trying_everything(problem: Problem) -> tuple[int, int, int]:
    """The best worth among all ways to seat the people."""
    ways = product([None, *problem.places], repeat=len(problem.people))
    seatings = (
        {person: place for person, place in zip(problem.people, way, strict=True) if place}
        for way in ways
    )
    return max(worth(problem, way) for way in seatings if is_legal(problem, way))


def by_one_programme(problem: Problem) -> tuple[int, int, int]:
    """The best worth by one integer programme over seats, with large weights between the aims."""
    columns = [
        (j, nth)
        for j, seats in enumerate(problem.seats)
        for nth in range(min(seats, len(problem.people)))
    ]
    cells = [
        (i, c)
        for i in range(len(problem.people))
        for c, (j, _nth) in enumerate(columns)
        if problem.allowed[i, j]
    ]
    if not cells:
        return 0, 0, 0
    most = (1000 + problem.spread * 4) * len(problem.people) + 1
    stays = {(p, problem.places.index(q)) for p, q in enumerate_before(problem)}
    gain = [
        most * (len(problem.people) + 1)
        + most * ((i, columns[c][0]) in stays)
        + int(problem.score[i, columns[c][0]])
        - problem.spread * columns[c][1]
        for i, c in cells
    ]
    table = np.zeros((len(problem.people) + len(columns), len(cells)))
    for k, (i, c) in enumerate(cells):
        table[i, k] = table[len(problem.people) + c, k] = 1
    done = milp(
        -np.array(gain, dtype=float),
        integrality=np.ones(len(cells)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(table, 0, 1)],
        options={"mip_rel_gap": 0.0},
    )
    chosen = [cells[k] for k in range(len(cells)) if done.x[k] > 0.5]
    return worth(problem, {problem.people[i]: problem.places[columns[c][0]] for i, c in chosen})


def enumerate_before(problem: Problem) -> list[tuple[int, str]]:
    """Where people were, by their number."""
    return [(problem.people.index(person), place) for person, place in problem.before.items()]


def shuffled(problem: Problem, seed: int) -> Problem:
    """The same problem in another order."""
    dice = random.Random(seed)
    rows = dice.sample(range(len(problem.people)), len(problem.people))
    columns = dice.sample(range(len(problem.places)), len(problem.places))
    return Problem(
        people=[problem.people[i] for i in rows],
        places=[problem.places[j] for j in columns],
        seats=[problem.seats[j] for j in columns],
        score=problem.score[np.ix_(rows, columns)],
        allowed=problem.allowed[np.ix_(rows, columns)],
        before=problem.before,
        locked=problem.locked,
        together=list(reversed(problem.together)),
        spread=problem.spread,
    )


def reached(problem: Problem, solution: Solution) -> tuple[int, int, int]:
    """The worth of a solution, after seeing that it is legal and says the truth of itself."""
    place_of = dict(solution.place_of)
    assert is_legal(problem, place_of)
    covered, stay, score = worth(problem, place_of)
    assert (solution.covered, solution.score) == (covered, score)
    assert solution.moved == len(problem.before) - stay
    return covered, stay, score


def allowing(problem: Problem, person: str, place: str) -> Problem:
    """The same problem where ``person`` may take a seat in ``place``."""
    allowed = problem.allowed.copy()
    allowed[list(problem.people).index(person), list(problem.places).index(place)] = True
    return replace(problem, allowed=allowed)
