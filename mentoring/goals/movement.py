"""The movement from in front to behind as a small picture, laid out in whole numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mentoring.models import Mode

#: From the bottom of the picture to its top.
MODES = (Mode.IN_FRONT, Mode.BESIDE, Mode.BEHIND)
LEFT, RIGHT, TOP, GAP = 98, 312, 18, 40


@dataclass(frozen=True, slots=True)
class Point:
    """One session: where it stands in the picture, and what it says in words."""

    x: int
    y: int
    held_on: date
    mode: "str | Promise"


@dataclass(frozen=True, slots=True)
class Movement:
    """The sessions from the oldest to the newest, and what they show."""

    points: Sequence[Point]
    finding: str

    @classmethod
    def of(cls, sessions: Iterable[tuple[date, str]]) -> "Movement":
        """The picture of the day and mode of each session, the oldest first."""
        rows = list(sessions)
        between = (RIGHT - LEFT) / max(len(rows) - 1, 1)
        steps = [MODES.index(Mode(mode)) for _day, mode in rows]
        return cls(
            [
                Point(round(LEFT + place * between), _height(step), day, MODES[step].label)
                for place, ((day, _mode), step) in enumerate(zip(rows, steps, strict=True))
            ],
            _finding(steps),
        )

    @property
    def line(self) -> str:
        """The points as SVG takes them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def levels(self) -> "list[tuple[int, str | Promise]]":
        """The height and the name of each mode, from the top."""
        return [(_height(step), MODES[step].label) for step in reversed(range(len(MODES)))]

    @property
    def newest_first(self) -> list[Point]:
        """As the table beside the picture tells them."""
        return list(reversed(self.points))


def _height(step: int) -> int:
    return TOP + (len(MODES) - 1 - step) * GAP


def _finding(steps: Sequence[int]) -> str:
    if len(steps) < 2:
        return _("One session so far") if steps else ""
    if steps[-1] > steps[0]:
        return _("From in front towards behind")
    return _("Back towards in front") if steps[-1] < steps[0] else _("The same way as before")
