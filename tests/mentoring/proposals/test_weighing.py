"""What stops a pair, what speaks for it, and what would help an empty seat: each of it is true."""

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from mentoring.matching.solving import MOST_SCORE, Solution, solve
from mentoring.proposals.brief import WEIGHTS, Brief, ColleagueBrief, NeedBrief, StayBrief
from mentoring.proposals.changes import Help, Step, applied, smallest_help
from mentoring.proposals.numbers import tables
from mentoring.proposals.weighing import Weighed, explain, weigh
from tests.mentoring.matching.problems import allowing
from tests.mentoring.proposals.briefs import BEGINNING, invented

NEED = NeedBrief(
    key="n",
    place="t",
    kind="on_site",
    seats=1,
    profession="social_worker",
    starts_on=BEGINNING,
    ends_on=BEGINNING + 100,
    has_interpreter=False,
    languages={"da": 2},
    competences=frozenset({"c1", "c2"}),
)
STAY = StayBrief(
    key="s",
    person="p",
    profession="social_worker",
    windows=(("on_site", BEGINNING, BEGINNING + 100),),
    languages={"da": 3},
    competences=frozenset({"c1", "c9"}),
    wishes={"t": 2},
    been=frozenset({"t"}),
)


def brief(need: NeedBrief = NEED, stay: StayBrief = STAY, **facts) -> Brief:
    return Brief(fewest_days=28, needs=[need], stays=[stay], **facts)


def stopped_by(one: Brief) -> list[str]:
    found = tables(one, WEIGHTS)
    return [rule for rule, stopped in found.blocked.items() if stopped[0, 0]]


# --- Rules ----------------------------------------------------------------------------------------


def test_nothing_stops_a_mentor_who_fits():
    assert stopped_by(brief()) == []
    assert weigh(brief(), WEIGHTS).solution.place_of == {"s": "n"}


@pytest.mark.parametrize(
    ("stay", "rules"),
    [
        ({"windows": (("remote", BEGINNING, BEGINNING + 100),)}, ["form"]),
        ({"profession": "family_therapist"}, ["profession"]),
        ({"windows": (("on_site", BEGINNING + 72, BEGINNING + 200),)}, []),
        ({"windows": (("on_site", BEGINNING + 73, BEGINNING + 200),)}, ["period"]),
        ({"languages": {"da": 2}}, []),
        ({"languages": {"da": 1, "kl-west": 3}}, ["language"]),
        ({"languages": {}}, ["language"]),
    ],
)
def test_each_rule_stops_on_one_side_of_its_edge_alone(stay, rules):
    assert stopped_by(brief(stay=replace(STAY, **stay))) == rules


def test_an_interpreter_stands_in_for_the_language_and_an_unasked_language_stops_nobody():
    speechless = replace(STAY, languages={})

    assert stopped_by(brief(replace(NEED, has_interpreter=True), speechless)) == []
    assert stopped_by(brief(replace(NEED, languages={}), speechless)) == []


def test_a_forbidden_pair_is_stopped_and_a_locked_one_is_made_whatever_stops_it():
    forbidden = brief(forbidden=frozenset({("s", "n")}))
    locked = brief(stay=replace(STAY, languages={}), locked={"s": "n"})

    assert stopped_by(forbidden) == ["forbidden"]
    assert stopped_by(locked) == ["language"]
    assert weigh(locked, WEIGHTS).solution.place_of == {"s": "n"}


def test_a_need_shorter_than_the_fewest_days_asks_for_no_more_than_it_has():
    short = replace(NEED, ends_on=BEGINNING + 10)

    assert stopped_by(brief(short)) == []
    assert stopped_by(
        brief(short, replace(STAY, windows=(("on_site", BEGINNING + 1, 10**6),)))
    ) == ["period"]


def test_the_window_in_the_form_asked_for_counts_and_the_best_of_several():
    windows = (
        ("remote", BEGINNING, BEGINNING + 100),
        ("on_site", BEGINNING + 10, BEGINNING + 20),
        ("on_site", BEGINNING + 40, BEGINNING + 90),
    )
    numbers = tables(brief(stay=replace(STAY, windows=windows)), WEIGHTS)

    assert numbers.days.tolist() == [[50]]


# --- Reasons --------------------------------------------------------------------------------------


def test_the_reasons_say_what_was_found_and_add_up_to_the_points():
    [pair] = weigh(brief(), WEIGHTS).seated

    assert pair.reasons == {
        "overlap": [272, 100],
        "language": [272, ["da", 3]],
        "competences": [90, [1, 2]],
        "continuity": [181, True],
        "wishes": [72, 2],
    }
    assert pair.score == sum(points for points, _found in pair.reasons.values()) == 887


def test_a_weight_of_nothing_takes_a_reason_out():
    [pair] = weigh(brief(), {**dict.fromkeys(WEIGHTS, 0), "wishes": 3}).seated

    assert {term: points for term, (points, _found) in pair.reasons.items()} == {
        **dict.fromkeys(WEIGHTS, 0),
        "wishes": 800,
    }


def test_the_points_of_many_rounds_add_up_and_stay_in_their_range():
    for seed in range(60):
        done = weigh(invented(seed, stays=12, needs=6), WEIGHTS)
        for pair in done.seated:
            assert pair.score == sum(points for points, _found in pair.reasons.values())
            assert 0 <= pair.score <= MOST_SCORE
        assert done.solution.score == sum(pair.score for pair in done.seated)


# --- Empty seats ----------------------------------------------------------------------------------


def test_an_empty_seat_tells_how_many_mentors_each_rule_stops_and_who_is_needed_elsewhere():
    needs = [NEED, replace(NEED, key="n2", place="t2", profession="", languages={"kl-west": 2})]
    stays = [
        STAY,
        replace(STAY, key="s2", profession="family_therapist", languages={}),
        replace(STAY, key="s3", languages={"kl-west": 3}),
    ]
    done = weigh(
        Brief(fewest_days=28, needs=[replace(needs[0], seats=3), needs[1]], stays=stays), WEIGHTS
    )

    [empty] = done.uncovered
    assert (empty.need, empty.seats, empty.elsewhere) == ("n", 2, 0)
    assert empty.blocks == {"profession": 1, "language": 2}


#: Sizes of groups who travel together in the invented rounds.
GROUPS = [(), (2,), (2, 2, 2, 2, 2, 2, 2), (), (2, 3), (3, 2, 2)]


def mixed(seed: int) -> Brief:
    """A round without groups, with one, or with more than a dozen people in them."""
    groups = GROUPS[seed % len(GROUPS)]
    return invented(seed, stays=max(sum(groups) + 1, 4) + seed % 5, needs=5, groups=groups)


def chosen_by_hand(round_: Brief, seed: int) -> Weighed:
    """Some of those who fit are seated, as somebody would who sees no further than each."""
    numbers, dice = tables(round_, WEIGHTS), random.Random(seed)
    left = {need.key: need.seats for need in round_.needs}
    place_of: dict[str, str] = {}
    for group in as_they_travel(round_):
        fits = [
            need.key
            for need in round_.needs
            if left[need.key] >= len(group)
            and all(numbers.allowed[numbers.row(stay), numbers.column(need.key)] for stay in group)
        ]
        if fits and dice.random() < 0.7:
            chosen = dice.choice(fits)
            left[chosen] -= len(group)
            place_of |= dict.fromkeys(sorted(group), chosen)
    return explain(numbers, Solution(place_of, 0, 0, is_proven=False))


def as_they_travel(round_: Brief) -> list[frozenset[str]]:
    """The groups, and everybody else alone."""
    grouped = {stay for group in round_.together for stay in group}
    alone = [stay.key for stay in round_.stays if stay.key not in grouped]
    return [*round_.together, *(frozenset({stay}) for stay in alone)]


def why_not_there(done: Weighed, need: str, empty: int) -> Counter[str]:
    """For each mentor who does not sit there the one thing that is true of them."""
    round_, place_of = done.tables.brief, done.solution.place_of
    stopped = {
        stay.key
        for stay in round_.stays
        if not done.tables.allowed[done.tables.row(stay.key), done.tables.column(need)]
    }
    return Counter(
        "stopped"
        if stay in stopped
        else "companion"
        if group & stopped
        else "elsewhere"
        if stay in place_of
        else "crowd"
        if len(group) > empty
        else "free"
        for group in as_they_travel(round_)
        for stay in group
        if place_of.get(stay) != need
    )


def test_what_an_empty_seat_tells_is_true_of_every_mentor_also_with_groups_and_by_hand():
    seen: Counter[str] = Counter()
    for seed in range(180):
        best, by_hand = weigh(mixed(seed), WEIGHTS), chosen_by_hand(mixed(seed), seed)
        for done in (best, by_hand):
            for empty in done.uncovered:
                true = why_not_there(done, empty.need, empty.seats)
                told = {
                    "companion": empty.blocks.get("companion", 0),
                    "crowd": empty.blocks.get("crowd", 0),
                    "elsewhere": empty.elsewhere,
                    "free": empty.free,
                }
                assert told == {why: true[why] for why in told}, (seed, empty.need)
                assert done is by_hand or empty.free == 0
                seen += Counter(told)
    assert min(seen.values()) > 10, seen


def test_who_fits_and_sits_nowhere_is_not_said_to_be_needed_elsewhere():
    """Of two who travel together one lacks the language: it is said so of the other."""
    stays = [replace(STAY, key="a"), replace(STAY, key="b", languages={})]
    pair = frozenset({"a", "b"})
    round_ = Brief(fewest_days=28, needs=[replace(NEED, seats=2)], stays=stays, together=[pair])

    [empty] = weigh(round_, WEIGHTS).uncovered

    assert (empty.blocks, empty.elsewhere, empty.free) == ({"language": 1, "companion": 1}, 0, 0)


def test_who_was_left_out_by_hand_is_said_to_be_free():
    round_ = Brief(fewest_days=28, needs=[NEED], stays=[STAY])

    [empty] = explain(tables(round_, WEIGHTS), Solution({}, 0, 0, is_proven=False)).uncovered

    assert (empty.blocks, empty.elsewhere, empty.free) == ({}, 0, 1)


def test_more_people_together_than_a_place_has_seats_are_told_as_such():
    stays = [replace(STAY, key=key) for key in ("a", "b")]
    round_ = Brief(fewest_days=28, needs=[NEED], stays=stays, together=[frozenset({"a", "b"})])

    [empty] = weigh(round_, WEIGHTS).uncovered

    assert (empty.blocks, empty.elsewhere, empty.free) == ({"crowd": 2}, 0, 0)


def test_no_rule_is_told_of_somebody_whom_a_lock_has_let_in():
    round_ = Brief(
        fewest_days=28,
        needs=[replace(NEED, seats=2)],
        stays=[replace(STAY, languages={})],
        locked={"s": "n"},
    )

    [empty] = weigh(round_, WEIGHTS).uncovered

    assert (empty.seats, empty.blocks, empty.elsewhere) == (1, {}, 0)


def test_every_suggestion_of_many_rounds_covers_a_seat_and_what_none_is_found_for_is_hopeless():
    suggested = hopeless = 0
    for seed in range(180):
        round_ = mixed(seed)
        done = weigh(round_, WEIGHTS)
        for empty in done.uncovered:
            found = smallest_help(done.tables, done.solution, empty.need)
            assert found.is_certain
            if not found.stays:
                hopeless += 1
                assert not helped_by_anybody(done, empty.need), seed
                continue
            suggested += 1
            after = weigh(applied(round_, found), WEIGHTS)
            assert after.solution.covered > done.solution.covered, (seed, found)
    assert suggested > 100
    assert hopeless > 5


def helped_by_anybody(done: Weighed, need: str) -> bool:
    """Whether letting anybody come there, with whom they travel, would cover a seat more."""
    for group in as_they_travel(done.tables.brief):
        problem = done.tables.problem()
        for stay in group:
            problem = allowing(problem, stay, need)
        if solve(problem).covered > done.solution.covered:
            return True
    return False


def test_behind_seven_pairs_before_a_gap_of_one_seat_a_dearer_mentor_is_found():
    pairs = [frozenset({f"a{n}", f"b{n}"}) for n in range(7)]
    stays = [replace(STAY, key=key, languages={}) for pair in pairs for key in sorted(pair)]
    stays.append(replace(STAY, key="z", profession="family_therapist"))
    round_ = Brief(fewest_days=28, needs=[NEED], stays=stays, together=pairs)
    done = weigh(round_, WEIGHTS)

    found = smallest_help(done.tables, done.solution, "n")

    assert found == Help("n", [("z", [Step("profession")])])


@pytest.mark.parametrize(
    ("need", "stay", "steps"),
    [
        ({}, {"windows": (("on_site", BEGINNING + 79, BEGINNING + 300),)}, [Step("period", 7, 0)]),
        ({}, {"windows": (("on_site", BEGINNING - 90, BEGINNING + 25),)}, [Step("period", 0, 3)]),
        (
            {},
            {"windows": (("on_site", BEGINNING + 5, BEGINNING + 10),)},
            [Step("period", 5, 18)],
        ),
        (
            {},
            {"windows": (("on_site", BEGINNING + 130, BEGINNING + 300),)},
            [Step("period", 58, 0)],
        ),
        ({}, {"windows": (("on_site", BEGINNING - 90, BEGINNING - 30),)}, [Step("period", 0, 58)]),
        ({}, {"languages": {}}, [Step("language")]),
        ({}, {"profession": "other", "languages": {}}, [Step("profession"), Step("language")]),
        (
            {"kind": "remote"},
            {"windows": (("on_site", BEGINNING + 80, BEGINNING + 300),)},
            [Step("form"), Step("period", 8, 0)],
        ),
    ],
)
def test_the_change_says_what_would_have_to_give_way(need, stay, steps):
    one = brief(replace(NEED, **need), replace(STAY, **stay))
    done = weigh(one, WEIGHTS)

    found = smallest_help(done.tables, done.solution, "n")

    assert found == Help("n", [("s", steps)])
    assert weigh(applied(one, found), WEIGHTS).solution.place_of == {"s": "n"}


def test_a_short_prolongation_is_smaller_than_an_interpreter_and_a_long_one_is_not():
    needs = [replace(NEED, languages={"kl-north": 2})]
    late = replace(STAY, key="late", languages={"kl-north": 3})
    for days, smallest in ((20, "late"), (22, "s")):
        window = ("on_site", BEGINNING + 72 + days, BEGINNING + 300)
        stays = [STAY, replace(late, windows=(window,))]
        done = weigh(Brief(fewest_days=28, needs=needs, stays=stays), WEIGHTS)

        found = smallest_help(done.tables, done.solution, "n")

        assert [stay for stay, _steps in found.stays] == [smallest]


def test_people_who_travel_together_are_helped_as_one():
    stays = [replace(STAY, key=key, person=key, languages={}) for key in ("s1", "s2")]
    round_ = Brief(
        fewest_days=28,
        needs=[replace(NEED, seats=2)],
        stays=stays,
        together=[frozenset({"s1", "s2"})],
    )
    done = weigh(round_, WEIGHTS)

    found = smallest_help(done.tables, done.solution, "n")

    assert found == Help("n", [("s1", [Step("language")]), ("s2", [Step("language")])])
    assert weigh(applied(round_, found), WEIGHTS).solution.covered == 2


# --- Colleagues -----------------------------------------------------------------------------------


def beside(*colleagues: ColleagueBrief, most: int = 2, **facts) -> dict[str, str]:
    stays = [
        replace(STAY, key=key, person=f"of {key}", most_colleagues=most) for key in ("s1", "s2")
    ]
    round_ = Brief(
        fewest_days=28,
        needs=[replace(NEED, seats=2, **facts.pop("need", {}))],
        stays=stays,
        colleagues=colleagues,
        **facts,
    )
    return {one.person: one.stay for one in weigh(round_, WEIGHTS).beside}


def colleague(name: str, **facts) -> ColleagueBrief:
    return ColleagueBrief(
        name, **{"place": "t", "needs": frozenset({"n"}), "languages": {"da": 2}, **facts}
    )


def test_the_load_is_shared_out():
    found = beside(*(colleague(f"c{n}") for n in range(4)))

    assert sorted(found.values()) == ["s1", "s1", "s2", "s2"]


def test_nobody_takes_more_colleagues_than_they_said():
    found = beside(*(colleague(f"c{n}") for n in range(3)), most=1)

    assert sorted(found.values()) == ["", "s1", "s2"]


def test_who_worked_together_before_works_together_again():
    again = frozenset({("of s2", "c0")})

    assert beside(colleague("c0"), partners=again) == {"c0": "s2"}


def test_a_colleague_needs_a_language_in_common_at_work_or_an_interpreter():
    few_words = colleague("c0", languages={"da": 1, "kl-west": 3})

    assert beside(few_words) == {"c0": ""}
    assert beside(few_words, need={"has_interpreter": True})["c0"] in {"s1", "s2"}


def test_a_colleague_works_there_on_the_first_day_and_in_that_town():
    assert beside(colleague("c0", needs=frozenset())) == {}
    assert beside(colleague("c0", place="t2")) == {}


# --- The same for every order ---------------------------------------------------------------------


def test_the_order_of_everything_changes_neither_pairs_nor_digest():
    for seed in range(20):
        one = invented(seed, stays=9, needs=5, colleagues=12)
        turned = replace(
            one,
            needs=one.needs[::-1],
            stays=one.stays[::-1],
            colleagues=one.colleagues[::-1],
        )
        first, second = weigh(one, WEIGHTS), weigh(turned, WEIGHTS)
        assert first.solution == second.solution
        assert {(b.person, b.stay) for b in first.beside} == {
            (b.person, b.stay) for b in second.beside
        }
        assert one.digest == turned.digest


def test_each_fact_that_is_weighed_has_a_digest_of_its_own():
    facts = [
        brief(),
        brief(replace(NEED, seats=2)),
        brief(replace(NEED, has_interpreter=True)),
        brief(replace(NEED, languages={"da": 3})),
        brief(replace(NEED, competences=frozenset({"c1"}))),
        brief(replace(NEED, ends_on=BEGINNING + 99)),
        brief(stay=replace(STAY, windows=())),
        brief(stay=replace(STAY, wishes={})),
        brief(stay=replace(STAY, been=frozenset())),
        brief(stay=replace(STAY, most_colleagues=3)),
        brief(forbidden=frozenset({("s", "n")})),
        brief(locked={"s": "n"}),
        brief(partners=frozenset({("p", "c")})),
        brief(colleagues=[colleague("c0")]),
        brief(together=[frozenset({"s", "x"})]),
    ]
    digests = sorted(one.digest for one in facts)

    assert all(one != other for one, other in pairwise(digests))
