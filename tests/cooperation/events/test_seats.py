"""Who gets a seat: the rule against a plain second writing of it, and what it promises."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cooperation.events.seats import Reason, Wish, deal, draw

ANSWER_BY = date(2027, 6, 15)
CASES = range(1000)


def a_case(number):
    """Some delegations with what they hold and want, and fewer seats than they want, mostly."""
    chance = random.Random(number)
    names = [f"d{index}" for index in range(chance.randint(1, 8))]
    wishes = []
    for name in names:
        in_time, *late = -chance.randint(0, 30), *chance.sample(range(1, 4), chance.choice([0, 1]))
        for day in [in_time, *late] if chance.random() < 0.8 else late:
            wanted = chance.randint(0, 6)
            asked_on = ANSWER_BY + timedelta(days=day)
            wishes.append(Wish(name, wanted, asked_on, chance.random() < 0.4))
    held = {name: chance.randint(0, 4) for name in names if chance.random() < 0.5}
    return {
        "wishes": wishes,
        "free": chance.randint(0, 20),
        "held": held,
        "answer_by": ANSWER_BY,
        "pool": f"pool {number}",
    }


def by_wish(shares):
    return {share.wish: (share.got, share.reason) for share in shares}


# --- The rule once more, as plainly as it can be written --------------------------------------


def plainly(wishes, free, held, answer_by, pool):
    """Every seat handed out one by one, with no cleverness at all."""
    wishes = [wish for wish in wishes if wish.wanted]
    has = {wish.delegation: held.get(wish.delegation, 0) for wish in wishes}
    result = {}
    for day in sorted({max(wish.asked_on, answer_by) for wish in wishes}):
        todays = [wish for wish in wishes if max(wish.asked_on, answer_by) == day]
        todays.sort(key=lambda wish: draw(pool, wish.delegation))
        out = []
        while True:
            got = dict.fromkeys(todays, 0)
            for _seat in range(free):
                waiting = [w for w in todays if w not in out and got[w] < w.wanted]
                if not waiting:
                    break
                fewest = min(has[w.delegation] + got[w] for w in waiting)
                first = next(w for w in waiting if has[w.delegation] + got[w] == fewest)
                got[first] += 1
            short = [w for w in todays if w.all_or_none and w not in out and got[w] < w.wanted]
            if not short:
                break
            most = max(w.wanted - got[w] for w in short)
            out.append([w for w in short if w.wanted - got[w] == most][-1])
        left = free - sum(got.values())
        for wish in todays:
            if wish in out and wish.wanted <= left:
                got[wish] = wish.wanted
                left -= wish.wanted
        for wish in todays:
            if wish in out and got[wish] == 0:
                why = Reason.STEPPED_BACK
            elif got[wish] == wish.wanted:
                why = Reason.ALL
            else:
                why = Reason.SOME if got[wish] else Reason.NONE
            result[wish] = (got[wish], why)
        for wish in todays:
            has[wish.delegation] += got[wish]
        free = left
    return result


def test_a_thousand_cases_come_out_as_the_plain_writing_of_the_rule():
    kinds = set()
    for number in CASES:
        case = a_case(number)
        found = by_wish(deal(**case))
        assert found == plainly(**case), number
        kinds |= {reason for _got, reason in found.values()}

    assert kinds == set(Reason)  # the cases do reach every branch


def test_a_thousand_cases_come_out_the_same_in_any_order_of_arrival():
    for number in CASES:
        case = a_case(number)
        first = by_delegation_and_day(deal(**case))
        chance = random.Random(-number)
        case["wishes"] = [  # sooner or later, as long as it is in time
            replace(wish, asked_on=ANSWER_BY - timedelta(days=chance.randint(0, 30)))
            if wish.asked_on <= ANSWER_BY
            else wish
            for wish in case["wishes"]
        ]
        chance.shuffle(case["wishes"])

        assert by_delegation_and_day(deal(**case)) == first, number


def by_delegation_and_day(shares):
    return {(share.wish.delegation, share.counted_on): (share.got, share.lot) for share in shares}


def test_no_more_seats_than_there_are_and_nobody_gets_more_than_wanted():
    for number in CASES:
        case = a_case(number)
        shares = deal(**case)

        assert sum(share.got for share in shares) <= case["free"]
        assert all(0 <= share.got <= share.wish.wanted for share in shares)
        assert all(
            share.got in (0, share.wish.wanted) for share in shares if share.wish.all_or_none
        )


def test_no_seat_stays_empty_while_somebody_would_take_it():
    for number in CASES:
        case = a_case(number)
        shares = deal(**case)
        left = case["free"] - sum(share.got for share in shares)

        if left:
            waiting = [share for share in shares if share.got < share.wish.wanted]
            assert all(share.wish.all_or_none and share.wish.wanted > left for share in waiting), (
                number
            )


# --- Each sentence by itself ------------------------------------------------------------------


def share_out(*wishes, free, held=None, pool="seminar"):
    shares = deal(wishes, free=free, held=held or {}, answer_by=ANSWER_BY, pool=pool)
    return {share.wish.delegation: share.got for share in shares}


def on(days):
    return ANSWER_BY + timedelta(days=days)


def test_small_delegations_get_their_first_seat_before_a_large_one_gets_its_second():
    large, small, other = Wish("a", 6, on(-9)), Wish("b", 1, on(0)), Wish("c", 1, on(0))

    assert share_out(large, small, other, free=3) == {"a": 1, "b": 1, "c": 1}
    assert share_out(large, small, other, free=5) == {"a": 3, "b": 1, "c": 1}


def test_a_delegation_that_has_seats_already_waits_until_the_others_have_as_many():
    assert share_out(Wish("a", 2, on(0)), Wish("b", 2, on(0)), free=2, held={"a": 2}) == {
        "a": 0,
        "b": 2,
    }


@pytest.mark.parametrize("pool", ["one", "another", "a third", "a fourth"])
def test_the_draw_decides_between_equals(pool):
    first, last = sorted("ab", key=lambda name: draw(pool, name))

    assert share_out(Wish("a", 1, on(0)), Wish("b", 1, on(0)), free=1, pool=pool) == {
        first: 1,
        last: 0,
    }


def test_the_last_day_for_answers_counts_and_the_day_after_stands_behind():
    in_time, late = Wish("a", 2, on(0)), Wish("b", 2, on(1))

    assert share_out(in_time, late, free=2) == {"a": 2, "b": 0}
    assert share_out(replace(late, asked_on=on(0)), in_time, free=2) == {"a": 1, "b": 1}


def test_all_or_none_steps_back_and_leaves_its_seats_to_the_others():
    assert share_out(
        Wish("a", 3, on(0), all_or_none=True), Wish("b", 2, on(0)), free=4
    ) == {"a": 0, "b": 2}  # fmt: skip
    assert share_out(
        Wish("a", 3, on(0), all_or_none=True), Wish("b", 2, on(0)), free=5
    ) == {"a": 3, "b": 2}  # fmt: skip


def test_who_stepped_back_is_tried_once_more():
    """Both step back, the small one first; the seats are then enough for it alone."""
    small, large = Wish("a", 2, on(0), True), Wish("b", 6, on(0), True)

    assert share_out(small, large, free=5, held={"a": 5}) == {"a": 2, "b": 0}


def test_a_delegation_asks_once_a_day():
    with pytest.raises(ValueError, match="once a day"):
        share_out(Wish("a", 1, on(0)), Wish("a", 2, on(-1)), free=5)


def test_every_share_says_what_it_is_explained_with():
    [share] = deal(
        [Wish("a", 3, on(2))], free=1, held={"a": 4}, answer_by=ANSWER_BY, pool="seminar"
    )

    assert (share.counted_on, share.held, share.got, share.lot, share.reason) == (
        on(2), 4, 1, 1, Reason.SOME,
    )  # fmt: skip
