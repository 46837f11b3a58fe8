"""No hidden group can be computed, from whatever is shown and by whoever knows the rule."""

import itertools
import random
from collections import defaultdict

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from cooperation.reports.suppression import hidden_cells, is_too_few
from core.small_groups import FEWEST_TO_SHOW


def crowd(*sizes):
    """Cells of so many people each, nobody in two of them."""
    names = itertools.count()
    return [frozenset(next(names) for _ in range(size)) for size in sizes]


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ((5, 7, 12), set()),
        ((0, 5, 0), set()),
        ((0, 0, 0), set()),
        ((4, 7, 12), {0, 1}),
        ((7, 12, 4), {2, 0}),
        ((1, 0, 9, 8), {0, 1, 2}),
        ((2, 3, 9, 8), {0, 1}),
        ((3, 1, 9, 8), {0, 1, 2}),
        ((2, 1, 1), {0, 1, 2}),
        ((4,), {0}),
        ((5,), set()),
    ],
)
def test_what_is_hidden(sizes, hidden):
    assert hidden_cells(crowd(*sizes)) == hidden


@pytest.mark.parametrize(("people", "is_hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_both_edges_of_a_group(people, is_hidden):
    assert is_too_few(people) is is_hidden


def test_people_who_stand_in_several_cells_are_one_person_each():
    everywhere = frozenset({"a", "b", "c", "d"})

    assert hidden_cells([everywhere, everywhere, everywhere]) == {0, 1, 2}


def published(sizes):
    """What a reader sees of a table: each shown number, what is hidden, and the total."""
    hidden = hidden_cells(crowd(*sizes))
    total = sum(sizes)
    shown = tuple(None if place in hidden else size for place, size in enumerate(sizes))
    return shown, None if is_too_few(total) else total


@pytest.mark.parametrize("cells", [2, 3, 4])
def test_whoever_knows_the_rule_cannot_tell_a_small_group_either(cells):
    """Every table there is: of those that look alike, none gives its small groups away."""
    most = 9 if cells < 4 else 7
    alike = defaultdict(list)
    for sizes in itertools.product(range(most + 1), repeat=cells):
        shown, total = published(sizes)
        if sum(sizes) - sum(one for one in shown if one is not None) <= most:
            alike[shown, total].append(sizes)  # every table that looks like it is among these

    told = [
        (seen, place)
        for seen, tables in alike.items()
        for place, number in enumerate(seen[0])
        if number is None
        and any(is_too_few(sizes[place]) for sizes in tables)
        and len({sizes[place] for sizes in tables}) < 2
    ]

    assert told == []


# --- Solving for what is hidden -------------------------------------------------------------------


def solve(shown, places, equations):
    """The least and the most that each hidden number can be, by integer programming.

    Args:
        shown: Each number that is known, by its place.
        places: How many numbers there are.
        equations: (places that are added up, the sum).
    """
    rows = [[1 if one in added else 0 for one in range(places)] for added, _sum in equations]
    sums = [total for _added, total in equations]
    for place, number in shown.items():
        rows.append([1 if one == place else 0 for one in range(places)])
        sums.append(number)
    constraint = LinearConstraint(np.array(rows), sums, sums) if rows else ()
    found = {}
    for place in set(range(places)) - set(shown):
        aim = np.zeros(places)
        aim[place] = 1
        whole = np.ones(places)
        ends = [milp(sign * aim, constraints=constraint, integrality=whole) for sign in (1, -1)]
        # Without an upper bound there is none.
        found[place] = tuple(round(end.x[place]) if end.x is not None else None for end in ends)
    return found


def reports_of(table):
    """Whatever any report shows of municipalities × cells: each one's own, and all sums over them.

    The country, and every initiative that some of the municipalities take part in.
    """
    places = len(table) * len(table[0])
    width = len(table[0])
    shown, equations = {}, []
    columns = []
    for number, sizes in enumerate(table):
        own, total = published(sizes)
        columns.append((own, total))
        for place, value in enumerate(own):
            if value is not None:
                shown[number * width + place] = value
        if total is not None:
            equations.append(([number * width + place for place in range(width)], total))
    for many in range(2, len(table) + 1):
        for some in itertools.combinations(range(len(table)), many):
            for place in range(width):
                added = [one * width + place for one in some if columns[one][0][place] is not None]
                if added:
                    equations.append((added, sum(shown[one] for one in added)))
            told = [one for one in some if columns[one][1] is not None]
            if told:
                added = [one * width + place for one in told for place in range(width)]
                equations.append((added, sum(columns[one][1] for one in told)))
    return shown, places, equations


def assert_nothing_is_told(table):
    shown, places, equations = reports_of(table)
    for place, (least, most) in solve(shown, places, equations).items():
        number = table[place // len(table[0])][place % len(table[0])]
        if is_too_few(number):
            assert least <= 1, (table, place)
            assert most is None or most >= FEWEST_TO_SHOW - 1, (table, place)


def test_no_combination_of_reports_tells_a_hidden_group():
    chance = random.Random(7)
    for _ in range(6):
        table = [tuple(chance.choice(range(13)) for _ in range(4)) for _ in range(5)]
        assert_nothing_is_told(table)


@pytest.mark.full
def test_no_combination_of_very_many_reports_tells_a_hidden_group():
    chance = random.Random(11)
    for _ in range(1000):
        table = [tuple(chance.choice(range(13)) for _ in range(4)) for _ in range(5)]
        assert_nothing_is_told(table)


def test_the_attack_finds_a_group_that_is_hidden_alone():
    """The solver is no straw man: with one cell hidden and the total shown, it says the number."""
    found = solve({1: 9, 2: 8}, 3, [([0, 1, 2], 20)])

    assert found == {0: (3, 3)}
