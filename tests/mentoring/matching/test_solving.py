"""The pairs are the best there are, whoever counts and in whatever order they come."""

import numpy as np
import pytest

from mentoring.matching.changing import (
    NEVER,
    Change,
    Search,
    empty_seats,
    smallest_change,
    spared_people,
)
from mentoring.matching.solving import Problem, solve
from tests.mentoring.matching.problems import (
    allowing,
    by_one_programme,
    by_trying_everything,
    invented,
    reached,
    shuffled,
)

SMALL, LARGER = range(700), range(700, 1000)


def small(seed: int, *, groups: bool = False) -> Problem:
    """Few enough people to try everything."""
    return invented(seed, people=seed % 6, places=1 + seed % 4, groups=groups)


def larger(seed: int) -> Problem:
    """Some dozens of people."""
    return invented(seed, people=10 + seed % 30, places=5 + seed % 12)


def problem(allowed, *, seats=None, score=None, **options):
    """A problem written as a table of ones and noughts."""
    table = np.array(allowed, dtype=bool)
    return Problem(
        people=[f"m{n}" for n in range(table.shape[0])],
        places=[f"p{n}" for n in range(table.shape[1])],
        seats=seats or [1] * table.shape[1],
        score=np.array(score if score is not None else np.zeros(table.shape), dtype=np.int64),
        allowed=table,
        **options,
    )


def test_seven_hundred_small_problems_are_solved_as_well_as_by_trying_everything():
    for seed in SMALL:
        one = small(seed)
        assert reached(one, solve(one)) == by_trying_everything(one), seed


def test_three_hundred_larger_problems_are_solved_as_well_as_by_one_programme():
    for seed in LARGER:
        one = larger(seed)
        assert reached(one, solve(one)) == by_one_programme(one), seed


def test_people_who_travel_together_are_seated_as_well_as_by_trying_everything():
    for seed in range(0, 700, 3):
        one = small(seed, groups=True)
        solution = solve(one)
        assert reached(one, solution) == by_trying_everything(one), seed
        assert solution.is_proven


def test_the_order_of_people_and_places_changes_nothing():
    for seed in range(0, 1000, 5):
        one = larger(seed) if seed in LARGER else small(seed, groups=seed % 2 == 0)
        assert solve(shuffled(one, seed)) == solve(one), seed


def test_covering_a_seat_counts_more_than_any_score_and_any_stay():
    one = problem([[1, 1], [1, 0]], score=[[1000, 0], [0, 0]], before={"m0": "p0"})

    assert dict(solve(one).place_of) == {"m0": "p1", "m1": "p0"}


def test_staying_counts_more_than_any_score():
    one = problem([[1, 1], [1, 1]], score=[[0, 1000], [1000, 0]], before={"m0": "p0", "m1": "p1"})

    assert (dict(solve(one).place_of), solve(one).moved) == ({"m0": "p0", "m1": "p1"}, 0)


def test_who_is_locked_stays_whatever_it_costs():
    one = problem([[1, 1], [1, 0]], locked={"m0": "p0"})

    assert dict(solve(one).place_of) == {"m0": "p0"}


def test_people_are_spread_where_crowding_costs():
    one = problem([[1, 1], [1, 1]], seats=[2, 2], score=[[20, 10], [20, 10]], spread=15)

    assert set(solve(one).place_of.values()) == {"p0", "p1"}


def test_a_group_goes_together_or_not_at_all():
    pair = frozenset({"m0", "m1"})
    apart = problem([[1, 1], [1, 1], [1, 1]], seats=[1, 1], together=[pair])
    whole = problem([[1, 1], [0, 1], [1, 1]], seats=[1, 2], together=[pair])

    assert dict(solve(apart).place_of) in ({"m2": "p0"}, {"m2": "p1"})
    assert dict(solve(whole).place_of) == {"m0": "p1", "m1": "p1", "m2": "p0"}


def test_more_than_two_hundred_with_a_group_is_not_called_proven():
    size = 201
    table = np.eye(size, dtype=int)
    table[1, 0] = table[0, 1] = 1
    one = problem(table, seats=[2] * size, together=[frozenset({"m0", "m1"})])

    solution = solve(one)

    assert solution.covered == size
    assert not solution.is_proven


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"score": [[1001]]}, "outside"),
        ({"score": [[-1]]}, "outside"),
        ({"seats": [-1]}, "negative"),
        ({"locked": {"x": "p0"}}, "not among"),
        ({"locked": {"m0": "x"}}, "not among"),
        ({"together": [frozenset({"m0", "x"})]}, "not among"),
        ({"together": [frozenset({"m0"}), frozenset({"m0"})]}, "two groups"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        problem([[1]], **options)


def test_locks_that_cannot_hold_are_refused():
    both = {"m0": "p0", "m1": "p0"}
    with pytest.raises(ValueError, match="More people"):
        problem([[1], [1]], locked=both)
    with pytest.raises(ValueError, match="not allowed"):
        solve(problem([[0]], locked={"m0": "p0"}))
    with pytest.raises(ValueError, match="different places"):
        solve(
            problem(
                [[1, 1], [1, 1]],
                locked={"m0": "p0", "m1": "p1"},
                together=[frozenset({"m0", "m1"})],
            )
        )


def test_nobody_and_nowhere_are_answers():
    assert solve(problem(np.zeros((0, 2)))).covered == 0
    assert solve(problem(np.zeros((2, 0)))).covered == 0
    assert solve(problem([[0, 0]])).covered == 0


# --- The smallest change --------------------------------------------------------------------------


def test_each_suggested_change_covers_the_seat_and_no_cheaper_one_would():
    seen = 0
    for seed in range(700):
        one = small(seed)
        solution = solve(one)
        price = np.where(
            one.allowed, 0, 1 + (np.arange(one.score.size).reshape(one.score.shape) * 7) % 5
        )
        for place in empty_seats(one, solution):
            at = list(one.places).index(place)
            change = smallest_change(one, solution, place, price).change
            helping = {
                int(price[i, at])
                for i, person in enumerate(one.people)
                if price[i, at] > 0
                and solve(allowing(one, person, place)).covered > solution.covered
            }
            assert (change.price if change else None) == min(helping, default=None), seed
            if change:
                seen += 1
                [person] = change.people
                assert solve(allowing(one, person, place)).covered == solution.covered + 1
    assert seen > 100


def test_what_never_helps_is_not_suggested():
    one = problem([[0, 0]])

    found = smallest_change(one, solve(one), "p0", np.array([[NEVER, 3]]))

    assert (found.change, found.is_certain) == (None, True)


def test_somebody_seated_is_spared_when_somebody_else_can_take_their_seat():
    one = problem([[1, 0], [1, 0]], score=[[5, 0], [0, 0]])
    solution = solve(one)

    assert dict(solution.place_of) == {"m0": "p0"}
    assert spared_people(one, solution) == ["m0", "m1"]
    change = smallest_change(one, solution, "p1", np.array([[0, 2], [0, 9]])).change
    assert change == Change(frozenset({"m0"}), "p1", 2)


def test_who_is_locked_is_not_spared():
    one = problem([[1, 0], [1, 0]], locked={"m0": "p0"})

    assert spared_people(one, solve(one)) == ["m1"]


def test_a_group_changes_as_one():
    one = problem([[0, 1], [0, 1]], seats=[2, 1], together=[frozenset({"m0", "m1"})])
    solution = solve(one)

    found = smallest_change(one, solution, "p0", np.array([[4, 0], [5, 0]]))

    assert solution.covered == 0
    assert found == Search(Change(frozenset({"m0", "m1"}), "p0", 9), is_certain=True)


def test_seven_pairs_before_one_empty_seat_hide_no_dearer_mentor_who_would_do():
    pairs = [frozenset({f"m{2 * n}", f"m{2 * n + 1}"}) for n in range(7)]
    one = problem([[0]] * 15, together=pairs)
    price = np.array([[1]] * 14 + [[400]])

    found = smallest_change(one, solve(one), "p0", price)

    assert found.change == Change(frozenset({"m14"}), "p0", 400)


def test_a_group_with_somebody_for_whom_nothing_helps_does_not_change():
    one = problem([[0], [0]], seats=[2], together=[frozenset({"m0", "m1"})])

    found = smallest_change(one, solve(one), "p0", np.array([[1], [NEVER]]))

    assert found == Search(None, is_certain=True)


def test_among_groups_each_suggested_change_is_the_cheapest_that_covers_more():
    helped = hopeless = 0
    for seed in range(120):
        sizes = [(2, 2, 2, 2, 2, 2, 2), (2, 3, 2), (2, 2), (3, 2, 2, 2)][seed % 4]
        one = invented(seed, people=sum(sizes) + seed % 3, places=2 + seed % 4, sizes=sizes)
        solution = solve(one)
        dice = np.random.default_rng(seed)
        price = np.where(one.allowed, 0, dice.integers(1, 6, one.score.shape))
        for place in empty_seats(one, solution):
            found = smallest_change(one, solution, place, price)
            costs = by_trying_each_group(one, place, price)
            assert found.is_certain
            assert (found.change.price if found.change else None) == min(
                (cost for cost, covered in costs if covered > solution.covered), default=None
            ), seed
            helped += found.change is not None
            hopeless += found.change is None
    assert helped > 50
    assert hopeless > 5


def by_trying_each_group(one: Problem, place: str, price) -> list[tuple[int, int]]:
    """What letting each group, or whoever travels alone, come there costs, and then covers."""
    at = list(one.places).index(place)
    grouped = {person for group in one.together for person in group}
    alone = [frozenset({person}) for person in one.people if person not in grouped]
    found = []
    for group in [*one.together, *alone]:
        changed, cost = one, 0
        for person in group:
            cost += int(price[list(one.people).index(person), at])
            changed = allowing(changed, person, place)
        if cost:
            found.append((cost, solve(changed).covered))
    return found
