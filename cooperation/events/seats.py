"""Who gets a seat: the rule by itself, for the event and for each of its workshops.

It is pure: the same wishes give the same seats, in whatever order they came in. In words, as
``docs/events.md`` and the page of the event tell it:

1. Whatever came in until the last day for answers came in at the same time. What came later
   stands behind it, day by day; what came in on one day came in at the same time.
2. The next seat goes to the delegation with the fewest seats. Between equals the draw decides.
3. A delegation that wants all or none steps back when it cannot get all; of several, first the one
   that lacks most, of equals the last in the draw. Then the seats are dealt anew without it.
4. If seats are left over, those who stepped back are tried once more, in the order of the draw.
5. Who has a seat keeps it. Inside a delegation its own order of names decides.

The draw is a number made of the event and the delegation: nobody can choose it, everybody can make
it again, and it stays the same however often one signs off and on.
"""

import heapq
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import groupby


class Reason(StrEnum):
    """Why a wish got what it got."""

    ALL = "all"  # everybody it asked for
    SOME = "some"  # the seats ran out while it waited for its next one
    NONE = "none"  # they ran out before its first
    STEPPED_BACK = "stepped_back"  # it wants all or none, and there was no room for all


@dataclass(frozen=True, slots=True)
class Wish:
    """What one delegation asks for in one go: until the last day for answers, or on a day after it.

    Args:
        delegation: Names it for ever.
        wanted: How many of its people wait for a seat.
        asked_on: The day on which it asked.
        all_or_none: Whether it would rather have none than some.
    """

    delegation: str
    wanted: int
    asked_on: date
    all_or_none: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What a wish got, and what it is explained with.

    Args:
        counted_on: The day it counts as asked on: the last day for answers, or later.
        held: How many seats the delegation had before.
        lot: Its place in the draw among those that were dealt with at once, from 1.
    """

    wish: Wish
    counted_on: date
    held: int
    got: int
    lot: int
    reason: Reason


def draw(pool: str, delegation: str) -> str:
    """The number of a delegation in the draw for a pool of seats; the lowest comes first."""
    return sha256(f"{pool}:{delegation}".encode()).hexdigest()


def deal(
    wishes: Collection[Wish],
    *,
    free: int,
    held: Mapping[str, int],
    answer_by: date,
    pool: str,
) -> list[Share]:
    """Deal ``free`` seats of ``pool`` among ``wishes``, by the rule of this module.

    Args:
        held: How many seats each delegation has already; none where it is not named.
        answer_by: The last day for answers.

    Returns:
        A share for each wish: day by day, in the order of the draw.

    Raises:
        ValueError: For two wishes of one delegation that count as one.
    """

    def counts_on(wish: Wish) -> date:
        return max(wish.asked_on, answer_by)

    ordered = sorted(
        (wish for wish in wishes if wish.wanted > 0),
        key=lambda wish: (counts_on(wish), draw(pool, wish.delegation)),
    )
    if len({(wish.delegation, counts_on(wish)) for wish in ordered}) < len(ordered):
        raise ValueError("A delegation asks once a day.")
    seats = dict(held)
    shares: list[Share] = []
    for counted_on, of_that_day in groupby(ordered, key=counts_on):
        day = list(of_that_day)
        got, stepped_back = _deal_of_one_day(day, free, seats)
        for lot, wish in enumerate(day):
            shares.append(
                Share(
                    wish,
                    counted_on,
                    seats.get(wish.delegation, 0),
                    got[lot],
                    lot + 1,
                    _reason(wish, got[lot], was_passed_by=lot in stepped_back),
                )
            )
        for lot, wish in enumerate(day):
            seats[wish.delegation] = seats.get(wish.delegation, 0) + got[lot]
        free -= sum(got)
    return shares


def _deal_of_one_day(
    day: Sequence[Wish], free: int, seats: Mapping[str, int]
) -> tuple[list[int], set[int]]:
    """How many each wish gets, and which have stepped back; both by their place in the draw."""
    stepped_back: set[int] = set()
    while True:
        got = _fill(day, free, seats, stepped_back)
        short = [
            (wish.wanted - got[lot], lot)
            for lot, wish in enumerate(day)
            if wish.all_or_none and lot not in stepped_back and got[lot] < wish.wanted
        ]
        if not short:
            break
        stepped_back.add(max(short)[1])
    left = free - sum(got)
    for lot in sorted(stepped_back):
        if day[lot].wanted <= left:
            got[lot] = day[lot].wanted
            left -= got[lot]
    return got, {lot for lot in stepped_back if not got[lot]}


def _fill(
    day: Sequence[Wish], free: int, seats: Mapping[str, int], without: Collection[int]
) -> list[int]:
    """Seat by seat to whoever has the fewest; of equals to the first in the draw."""
    got = [0] * len(day)
    queue = [
        (seats.get(wish.delegation, 0), lot) for lot, wish in enumerate(day) if lot not in without
    ]
    heapq.heapify(queue)
    while free > 0 and queue:
        has, lot = heapq.heappop(queue)
        got[lot] += 1
        free -= 1
        if got[lot] < day[lot].wanted:
            heapq.heappush(queue, (has + 1, lot))
    return got


def _reason(wish: Wish, got: int, *, was_passed_by: bool) -> Reason:
    if was_passed_by:
        return Reason.STEPPED_BACK
    if got == wish.wanted:
        return Reason.ALL
    return Reason.SOME if got else Reason.NONE
