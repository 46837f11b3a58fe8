"""What was shown once stands beside what is shown later, and still no hidden group is told.

Two editions of one half-year, and half-years in which the same people may stand.
"""

import itertools
import random
from collections import defaultdict

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from cooperation.reports.content import HIDDEN, Told, held_back
from cooperation.reports.sections.base import Figure
from cooperation.reports.sections.learning import Ratings
from cooperation.reports.series import hidden_in_series
from cooperation.reports.suppression import (
    FEWEST_TO_SHOW,
    Table,
    hidden_beside,
    hidden_cells,
    is_as_before,
    is_too_few,
    small_for_sure,
)
from tests.cooperation.reports.test_suppression import crowd

KEYS = ["not_yet", "with_help", "alone", "can_teach"]


def alone(sizes):
    """A table as its own report shows it, were there no other."""
    if is_too_few(sum(sizes)):
        return Table(dict.fromkeys(KEYS[: len(sizes)]), None)
    hidden = hidden_cells(crowd(*sizes))
    shown = {KEYS[n]: None if n in hidden else size for n, size in enumerate(sizes)}
    return Table(shown, sum(sizes))


def seen(table):
    return (*table.cells.values(), table.total)


# --- What is hidden besides -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        # One more came: the 4 of before would be told by the 5 of now.
        ((4, 7, 12), (5, 7, 12), (None, None, 12, 24)),
        # One is gone: the 4 of now would be told by the 5 of before, whatever else is hidden.
        ((5, 7, 12), (4, 7, 12), (None, None, None, None)),
        # Nothing small, then or now.
        ((5, 7, 12), (6, 7, 12), (6, 7, 12, 25)),
        # The same is hidden in both: of the two together one number is known.
        ((4, 7, 12), (4, 8, 13), (None, None, 13, 25)),
        # Not the same people and some more: 12 before, 9 now.
        ((4, 7, 12), (9, 7, 9), (9, 7, 9, 25)),
        # So many came that each of one to four stays possible.
        ((4, 7, 12), (20, 30, 12), (20, 30, 12, 62)),
        # Before there was too little to say anything.
        ((0, 3, 0), (5, 7, 12), (5, 7, 12, 24)),
        # That nobody is there now would tell of who was hidden along.
        ((0, 5, 1), (0, 5, 5), (None, None, None, 10)),
    ],
)
def test_what_is_hidden_beside_another_half_year(before, now, shown):
    assert seen(hidden_beside(alone(now), [alone(before)])) == shown


@pytest.mark.parametrize(
    ("hidden", "places", "small"),
    [
        (set(), 3, set()),
        ({0, 1}, 3, {0}),  # 1 alone would hide 2 with it
        ({1, 2}, 3, {1}),
        ({0, 2}, 3, {2}),  # round the table
        ({0, 1, 2}, 3, set()),  # any of them may have begun it
        ({0, 2}, 4, {0, 2}),  # either alone would hide its neighbour
        ({1, 2, 3}, 4, {1}),
    ],
)
def test_which_cells_are_small_since_just_these_are_hidden(hidden, places, small):
    assert small_for_sure(frozenset(hidden), places) == small


def test_that_another_cell_is_hidden_tells_which_was_small():
    """8 in two cells, then 14: the last is small in the one, the middle in the other, so both 4."""
    before, now = Table(dict(zip(KEYS, (0, None, None), strict=False)), 8), alone((3, 7, 4))

    assert seen(now) == (None, 7, None, 14)
    assert seen(hidden_beside(now, [before])) == (None, None, None, None)


def test_nothing_is_hidden_beside_nothing():
    assert seen(hidden_beside(alone((5, 7, 12)), [])) == (5, 7, 12, 24)


def test_beside_several_it_hides_what_any_of_them_would_tell():
    others = [alone((4, 7, 12)), alone((5, 7, 11)), alone((9, 9, 9))]

    table = hidden_beside(alone((5, 7, 12)), others)

    assert {"not_yet", "with_help"} <= table.hidden


@pytest.mark.parametrize(
    ("before", "now", "by_twos", "together"),
    [
        # Nobody came where 9 were shown, and that leaves too little for one of those hidden since.
        (
            [(3, 9, 2, 1), (3, 7, 0, 1)],
            (10, 8, 0, 1),
            (None, 8, 0, None, 19),
            (None, None, None, None, 19),
        ),
        # What left last time and what came before it meet in the one between.
        ([(9, 4, 6, 9), (10, 6, 7, 9)], (10, 6, 0, 7), (10, 6, 0, 7, 23), (None,) * 5),
    ],
)
def test_what_no_two_half_years_tell_is_hidden_where_all_of_them_would(
    before, now, by_twos, together
):
    shown = []
    for sizes in before:
        shown.append(hidden_beside(alone(sizes), shown))

    assert seen(hidden_beside(alone(now), shown)) == by_twos
    assert seen(hidden_in_series(alone(now), shown, [])) == together


def test_a_half_year_begun_late_goes_among_the_others_where_it_lies():
    first, last = alone((9, 4, 6, 9)), alone((10, 6, 0, 7))
    between = alone((10, 6, 7, 9))

    assert seen(hidden_beside(between, [first, last])) != (None,) * 5
    assert seen(hidden_in_series(between, [first], [last])) == (None,) * 5


def test_where_people_came_and_left_nothing_more_is_hidden():
    series = [alone((4, 7, 12)), alone((9, 7, 9))]

    assert seen(hidden_in_series(alone((9, 7, 6)), series, [])) == (9, 7, 6, 22)


@pytest.mark.parametrize(
    ("before", "now", "may_show"),
    [
        ({"all": 24, "a": 5}, {"all": 24, "a": 5}, True),
        ({"all": 24, "a": None}, {"all": 24, "a": None}, True),
        ({"all": 24, "a": 5}, {"all": 25, "a": 6}, False),
        ({"all": 24, "a": None}, {"all": 25, "a": 5}, False),
        ({"all": None, "a": None}, {"all": 25, "a": 5}, False),  # what was hidden whole stays it
        ({"all": 0, "a": 0}, {"all": 25, "a": 5}, True),
        ({"all": 24, "a": None}, {"all": 0, "a": 0}, True),
        ({"all": 24, "a": 5}, {"all": 24, "a": 5, "new": 0}, True),
        ({"all": 24, "a": 5, "gone": 0}, {"all": 24, "a": 5}, True),
        ({"all": 24, "a": 5}, {"all": 25, "a": 5, "new": 1}, False),
    ],
)
def test_a_newer_edition_says_the_same_or_of_nobody_or_nothing(before, now, may_show):
    assert is_as_before(before, now) is may_show


# --- Whoever knows the rule -----------------------------------------------------------------------


def told_by_pairs(most, cells, *, grows):
    """Hidden small numbers that are the only ones possible, among all pairs of half-years."""
    alike = defaultdict(list)
    for before in itertools.product(range(most + 1), repeat=cells):
        ends = [range(one, most + 1) if grows else range(one + 1) for one in before]
        for now in itertools.product(*ends):
            first = alone(before)
            both = (first, hidden_beside(alone(now), [first]))
            alike[tuple(map(seen, both))].append((before, now))
    found = []
    for pair, tables in alike.items():
        # Every pair that looks like it is among these, if no hidden number can be larger.
        sums = [total - sum(n for n in shown if n is not None) for *shown, total in pair if total]
        if None in (pair[0][-1], pair[1][-1]) or max(sums, default=0) > most:
            continue
        for side, place in itertools.product((0, 1), range(cells)):
            if pair[side][place] is None:
                numbers = {one[side][place] for one in tables}
                if len(numbers) < 2 and any(map(is_too_few, numbers)):
                    found.append((pair, side, place, numbers))
    return found


@pytest.mark.parametrize("grows", [True, False])
def test_whoever_knows_the_rules_cannot_tell_by_two_half_years(grows):
    assert told_by_pairs(11, 2, grows=grows) == []
    assert told_by_pairs(5, 3, grows=grows) == []


@pytest.mark.full
@pytest.mark.parametrize("grows", [True, False])
def test_whoever_knows_the_rules_cannot_tell_by_two_larger_half_years(grows):
    assert told_by_pairs(8, 3, grows=grows) == []


# --- Solving for what is hidden -------------------------------------------------------------------


def spans(tables, order):
    """The least and the most of each hidden number, by integer programming over all the tables.

    Args:
        tables: As they are shown.
        order: (smaller, larger): no cell of the one holds more than the same cell of the other.

    Returns:
        By table and cell, as many as are hidden; no most where there is no end.
    """
    width = len(tables[0].cells)
    places = len(tables) * width
    rows, least, most = [], [], []

    def hold(parts, low, high):
        rows.append([parts.get(place, 0) for place in range(places)])
        least.append(low)
        most.append(high)

    hidden = []
    for n, table in enumerate(tables):
        for m, number in enumerate(table.cells.values()):
            if number is None:
                hidden.append((n, m))
            else:
                hold({n * width + m: 1}, number, number)
        if table.total is not None:
            hold({n * width + m: 1 for m in range(width)}, table.total, table.total)
    for small, large in order:
        for m in range(width):
            hold({large * width + m: 1, small * width + m: -1}, 0, np.inf)
    constraint = LinearConstraint(np.array(rows), least, most)
    found = {}
    for n, m in hidden:
        aim = np.zeros(places)
        aim[n * width + m] = 1
        ends = []
        for sign in (1, -1):
            end = milp(
                sign * aim,
                constraints=constraint,
                integrality=np.ones(places),
                options={"presolve": False},  # it has called small programmes impossible
            )
            assert end.status in {0, 3}, end.message  # solved, or without end
            ends.append(None if end.x is None else round(end.x[n * width + m]))
        found[n, m] = tuple(ends)
    return found


def assert_nothing_is_told(numbers, tables, order):
    for (n, m), (least, most) in spans(tables, order).items():
        if is_too_few(numbers[n][m]):
            assert least <= 1, (numbers, tables, n, m)
            assert most is None or most >= FEWEST_TO_SHOW - 1, (numbers, tables, n, m)


def next_half(chance, sizes):
    """The same people and a few more, or all but a few."""
    by = [chance.choice([0, 0, 1, 2, 7]) for _ in sizes]
    if chance.random() < 0.6:
        return tuple(one + more for one, more in zip(sizes, by, strict=True)), True
    return tuple(max(one - less, 0) for one, less in zip(sizes, by, strict=True)), False


def history(chance, many):
    """Half-years one after the other, as they were and as they are shown, and which is in which."""
    numbers = [tuple(chance.choice(range(13)) for _ in KEYS)]
    shown = [alone(numbers[0])]
    order = []
    for n in range(1, many):
        now, has_grown = next_half(chance, numbers[-1])
        numbers.append(now)
        shown.append(hidden_in_series(alone(now), shown, []))
        order.append((n - 1, n) if has_grown else (n, n - 1))
    return numbers, shown, order


def attack(seed, how_often, *, many):
    """Each two half-years, and all of them, to whoever knows who came and who left."""
    chance = random.Random(seed)
    for _ in range(how_often):
        numbers, shown, order = history(chance, many)
        assert_nothing_is_told(numbers, shown, order)


def test_no_half_years_beside_each_other_tell_a_hidden_group():
    attack(3, 40, many=2)
    attack(4, 15, many=3)


@pytest.mark.full
def test_no_very_many_half_years_beside_each_other_tell_a_hidden_group():
    attack(5, 600, many=2)
    attack(6, 300, many=4)


# --- Drafts and editions, in whatever order they were begun ---------------------------------------


def counted(sizes):
    """The figures of one count: both tables, of the same people."""
    figures = [Figure("all", "", {"": sum(sizes)}, hidden=_hidden_if(is_too_few(sum(sizes))))]
    for prefix, numbers in (("", sizes), ("now-", turned(sizes))):
        table = alone(numbers)
        figures += [
            Figure(f"{prefix}{key}", "", {"": number}, hidden=_hidden_if(table.cells[key] is None))
            for key, number in zip(KEYS, numbers, strict=True)
        ]
    return figures


def _hidden_if(is_hidden):
    return frozenset({""}) if is_hidden else frozenset()


def turned(sizes):
    return (*sizes[1:], sizes[0])


def told(figures):
    """What is kept of them, as a report or a draft says it."""
    totals = [
        {"key": one.key, "total": HIDDEN if one.hidden else one.numbers[""]} for one in figures
    ]
    return {"sections": [{"key": Ratings.key, "figures": totals}]}


def tables_of(content):
    """Both tables of what was told."""
    said = {
        one["key"]: None if one["total"] == HIDDEN else one["total"]
        for one in content["sections"][0]["figures"]
    }
    return [
        Table({key: said[f"{prefix}{key}"] for key in KEYS}, said["all"]) for prefix in ("", "now-")
    ]


def begun_in_any_order(chance, many):
    """Half-years, some with a correction, counted in the order in which somebody began them."""
    sizes = tuple(chance.choice(range(13)) for _ in KEYS)
    true, order = {(0, 1): sizes}, []
    for half in range(many):
        if half:
            sizes, has_grown = next_half(chance, sizes)
            true[half, 1] = sizes
            order.append(((half - 1, 1), (half, 1)) if has_grown else ((half, 1), (half - 1, 1)))
        if chance.random() < 0.6:
            true[half, 2], has_grown = next_half(chance, sizes)
            order.append(((half, 1), (half, 2)) if has_grown else ((half, 2), (half, 1)))
    begun = sorted(true)
    chance.shuffle(begun)
    editions = {half: iter(sorted(key for key in true if key[0] == half)) for half, _ in true}
    said = {}
    for half, _edition in begun:
        key = next(editions[half])
        beside = Told(
            [content for other, content in sorted(said.items()) if other[0] == half],
            [content for other, content in sorted(said.items()) if other[0] < half],
            [content for other, content in sorted(said.items()) if other[0] > half],
        )
        said[key] = told(held_back(Ratings(), counted(true[key]), beside))
    return true, said, order


def attack_drafts(seed, how_often, *, many):
    chance = random.Random(seed)
    for _ in range(how_often):
        true, said, order = begun_in_any_order(chance, many)
        keys = sorted(said)
        numbers = [one for key in keys for one in (true[key], turned(true[key]))]
        tables = [one for key in keys for one in tables_of(said[key])]
        places = [
            (2 * keys.index(small) + table, 2 * keys.index(large) + table)
            for small, large in order
            for table in (0, 1)
        ]
        assert_nothing_is_told(numbers, tables, places)


def test_no_drafts_and_editions_beside_each_other_tell_a_hidden_group():
    attack_drafts(7, 25, many=2)
    attack_drafts(8, 10, many=3)


@pytest.mark.full
def test_no_very_many_drafts_and_editions_tell_a_hidden_group():
    attack_drafts(9, 300, many=2)
    attack_drafts(10, 200, many=4)


# --- The solver is no straw man -------------------------------------------------------------------


def test_the_attack_finds_what_two_half_years_would_tell():
    """The solver is no straw man: shown each by itself, these two tell the group of four."""
    found = spans([alone((4, 7, 12)), alone((5, 7, 12))], [(0, 1)])

    assert found[0, 0] == (4, 5)  # and a five would not be hidden


def test_the_attack_finds_what_a_correction_would_tell():
    found = spans([alone((5, 7, 12)), alone((4, 7, 12))], [(1, 0)])

    assert found[1, 0] == (4, 5)
