"""The branches of a case as boxes and lines, laid out row by row from the beginning."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from courses.cases.check import Problem
from courses.cases.story import Step, Story

BOX_WIDTH, BOX_HEIGHT = 188, 92
GAP_X, GAP_Y = 28, 56
MARGIN = 24
LETTERS, LINES = 20, 2


@dataclass(frozen=True)
class Box:
    """A step in the picture; ``x`` and ``y`` are its upper left corner."""

    number: int
    step: Step
    x: int
    y: int
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    is_reached: bool

    @property
    def middle(self) -> int:
        """Where lines meet it."""
        return self.x + BOX_WIDTH // 2


@dataclass(frozen=True)
class Line:
    """A choice that leads from one box to another, with its number in the step."""

    number: int
    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True)
class Way:
    """One choice in words: its number and text, and the number of the box it leads to, if any."""

    number: int
    text: str
    to: int | None
    to_key: str


@dataclass(frozen=True)
class Picture:
    """Everything the drawing needs, and the same as words for whoever does not see it."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    told: tuple[tuple[Box, tuple[Way, ...]], ...]


def draw(story: Story, problems: Iterable[Problem]) -> Picture:
    """The picture of ``story`` with its ``problems`` at the steps they belong to.

    A step stands in the row of the fewest choices that lead to it; what nothing leads to stands
    in a row of its own at the end.
    """
    rows = _rows(story)
    faults = list(problems)
    widest = max((len(row) for row in rows), default=1)
    width = 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X
    numbers = {step.id: number for number, step in enumerate(story.steps, start=1)}
    boxes: dict[str, Box] = {}
    for depth, row in enumerate(rows):
        own = len(row) * BOX_WIDTH + (len(row) - 1) * GAP_X
        for place, step in enumerate(row):
            boxes[step.id] = Box(
                number=numbers[step.id],
                step=step,
                x=(width - own) // 2 + place * (BOX_WIDTH + GAP_X),
                y=MARGIN + depth * (BOX_HEIGHT + GAP_Y),
                lines=_wrapped(f"{numbers[step.id]}. {step.heading or step.key}"),
                problems=tuple(fault for fault in faults if fault.block == step.id),
                is_reached=step.key in story.reached,
            )
    ordered = tuple(boxes[step.id] for step in story.steps if step.id in boxes)
    by_key: dict[str, Box] = {}
    for box in ordered:
        if box.step.key:
            by_key.setdefault(box.step.key, box)
    return Picture(
        width=width,
        height=2 * MARGIN + len(rows) * BOX_HEIGHT + max(0, len(rows) - 1) * GAP_Y,
        boxes=ordered,
        lines=tuple(
            _line(number, len(box.step.choices), box, by_key[choice.to])
            for box in ordered
            for number, choice in enumerate(box.step.choices, start=1)
            if choice.to in by_key
        ),
        told=tuple(
            (
                box,
                tuple(
                    Way(
                        number=number,
                        text=choice.text,
                        to=by_key[choice.to].number if choice.to in by_key else None,
                        to_key=choice.to,
                    )
                    for number, choice in enumerate(box.step.choices, start=1)
                ),
            )
            for box in ordered
        ),
    )


def _rows(story: Story) -> list[list[Step]]:
    rows: list[list[Step]] = []
    seen: set[str] = set()
    row = [story.first] if story.first else []
    while row:
        rows.append(row)
        seen |= {step.id for step in row}
        following: dict[str, Step] = {}
        for choice in [choice for step in row for choice in step.choices]:
            step = story.step(choice.to)
            if step is not None and step.id not in seen:
                following.setdefault(step.id, step)
        row = list(following.values())
    if left := [step for step in story.steps if step.id not in seen]:
        rows.append(left)
    return rows


def _wrapped(text: str) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, LETTERS, max_lines=LINES, placeholder=" …"))


def _line(number: int, of: int, start: Box, end: Box) -> Line:
    """Down from the lower edge to the upper one; upwards or to itself around the right side."""
    x = start.x + BOX_WIDTH * number // (of + 1)
    y = start.y + BOX_HEIGHT
    if end.y > start.y:
        half = (end.y - y) // 2
        path = f"M{x} {y}C{x} {y + half} {end.middle} {end.y - half} {end.middle} {end.y}"
        return Line(number, path, x, y + 16)
    side = max(start.x, end.x) + BOX_WIDTH
    bend = side + GAP_X - 6
    end_y = end.y + BOX_HEIGHT // 2
    path = f"M{x} {y}C{x} {y + 30} {bend} {y + 30} {bend} {y}"
    path += f"L{bend} {end_y + 12}Q{bend} {end_y} {end.x + BOX_WIDTH} {end_y}"
    return Line(number, path, x, y + 16)
