"""What would help an empty seat: the smallest change of a stay or a need, and the change itself.

Each rule that stops somebody has a price in days: a day longer costs one, an interpreter as much
as three weeks; another form, another profession and a pair that somebody forbade cost more than
any prolongation of a plan. Nothing here knows Django.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mentoring.matching.changing import NEVER, smallest_change
from mentoring.matching.solving import Solution
from mentoring.proposals.brief import Brief, NeedBrief, StayBrief
from mentoring.proposals.numbers import Tables

INTERPRETER_PRICE = 21
FORM_PRICE = 400
PROFESSION_PRICE = 1000
FORBIDDEN_PRICE = 3000
PRICES = {
    "form": FORM_PRICE,
    "profession": PROFESSION_PRICE,
    "language": INTERPRETER_PRICE,
    "forbidden": FORBIDDEN_PRICE,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that would have to give way; for the period, how many days at each end."""

    rule: str
    earlier: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True)
class Help:
    """Letting each of these stays come to the need; several only where they travel together.

    No stay: no single change was found. ``is_certain`` says whether all that are smaller were
    weighed.
    """

    need: str
    stays: Sequence[tuple[str, Sequence[Step]]]
    is_certain: bool = True


def smallest_help(numbers: Tables, solution: Solution, need: str) -> Help:
    """The smallest change after which one seat more is covered, in ``need``."""
    import numpy as np

    column = numbers.column(need)
    price = np.zeros(numbers.days.shape, dtype=np.int64)
    price[:, column] = [
        sum(_price(numbers, row, column, step) for step in _steps(numbers, row, column))
        for row in range(len(numbers.brief.stays))
    ]
    price[numbers.blocked["left"][:, column], column] = NEVER
    found = smallest_change(numbers.problem(), solution, need, price)
    people = sorted(found.change.people) if found.change else []
    steps = [(stay, _steps(numbers, numbers.row(stay), column)) for stay in people]
    return Help(need, [one for one in steps if one[1]], found.is_certain)


def _steps(numbers: Tables, row: int, column: int) -> list[Step]:
    """The rules that stop a pair, and what would lift each."""
    if numbers.allowed[row, column]:
        return []
    stay, need = numbers.brief.stays[row], numbers.brief.needs[column]
    steps = []
    for rule, stopped in numbers.blocked.items():
        if stopped[row, column]:
            steps.append(
                Step(rule, *_stretch(numbers.brief, stay, need)) if rule == "period" else Step(rule)
            )
    return steps


def _price(numbers: Tables, row: int, column: int, step: Step) -> int:
    return PRICES.get(step.rule, step.earlier + step.later)


def _best_window(stay: StayBrief, need: NeedBrief) -> tuple[str, int, int]:
    """The window with the most days in the need: of those in its form, if there are any."""
    windows = stay.windows or (("", need.ends_on, need.ends_on),)
    in_form = [window for window in windows if window[0] == need.kind]
    return max(
        in_form or windows,
        key=lambda one: min(one[2], need.ends_on) - max(one[1], need.starts_on),
    )


def _stretch(brief: Brief, stay: StayBrief, need: NeedBrief) -> tuple[int, int]:
    """How many days the window must begin earlier and end later."""
    _kind, starts, ends = _best_window(stay, need)
    missing = brief.days_asked(need) - (min(ends, need.ends_on) - max(starts, need.starts_on))
    # As much as lies before it in the need; what is then still missing comes after it.
    earlier = min(missing, max(starts - need.starts_on, 0))
    if ends <= need.starts_on:  # it is over before the need begins
        earlier = 0
    return earlier, missing - earlier


def applied(brief: Brief, help_: Help) -> Brief:
    """The brief with that change made: what the suggestion says, and nothing else."""
    need = next(one for one in brief.needs if one.key == help_.need)
    stays = {stay.key: stay for stay in brief.stays}
    changed_need, forbidden = need, set(brief.forbidden)
    for key, steps in help_.stays:
        kind, starts, ends = _best_window(stays[key], need)
        for step in steps:
            match step.rule:
                case "language":
                    changed_need = replace(changed_need, has_interpreter=True)
                case "profession":
                    changed_need = replace(changed_need, profession="")
                case "forbidden":
                    forbidden.discard((key, need.key))
                case "form":
                    kind = need.kind
                case "period":
                    starts, ends = starts - step.earlier, ends + step.later
        stays[key] = replace(stays[key], windows=(*stays[key].windows, (kind, starts, ends)))
    return replace(
        brief,
        needs=[changed_need if one.key == need.key else one for one in brief.needs],
        stays=[stays[stay.key] for stay in brief.stays],
        forbidden=frozenset(forbidden),
    )
