"""Which groups of people are too small to show, and what is hidden with them.

A group of one to four people is hidden. Were it hidden alone, a total would give it away, so what
is hidden together is always more than one group, and itself five people or more. What is hidden
besides is chosen by its place in the table and never by its size: which cells are hidden tells
nothing about the numbers in them. A table of fewer than five people is hidden whole.

Totals across tables add up what is shown and nothing else, so that no sum, of whichever reports,
holds anything of a hidden group. tests/cooperation/reports/test_suppression.py attacks both.
"""

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet

FEWEST_TO_SHOW = 5


def is_too_few(people: int) -> bool:
    """Whether a group is too small to show; nobody at all is no group."""
    return 0 < people < FEWEST_TO_SHOW


def hidden_cells(cells: Sequence[AbstractSet[Hashable]]) -> frozenset[int]:
    """Which cells of one table are hidden, given who stands behind each of them."""
    everybody = frozenset().union(*cells)
    if is_too_few(len(everybody)):
        return frozenset(range(len(cells)))
    hidden = {place for place, people in enumerate(cells) if is_too_few(len(people))}
    while hidden and len(hidden) < len(cells) and not _is_group(hidden, cells):
        place = max(hidden)
        while place in hidden:
            place = (place + 1) % len(cells)
        hidden.add(place)
    return frozenset(hidden)


def _is_group(hidden: AbstractSet[int], cells: Sequence[AbstractSet[Hashable]]) -> bool:
    together = frozenset().union(*(cells[place] for place in hidden))
    return len(hidden) > 1 and len(together) >= FEWEST_TO_SHOW
