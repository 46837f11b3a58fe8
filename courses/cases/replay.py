"""What somebody chose, played again from the beginning: where it led, and which limits held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.cases.clock import Moment, lasting
from courses.cases.story import Choice, Deadline, Ending, Step, Story

#: What was chosen: the key of a step and the id of a choice in it.
Path = Sequence[Sequence[str]]


class NotInStory(LookupError):
    """A path that this version of the case does not have."""


@dataclass(frozen=True)
class Move:
    """One choice that was made, and when."""

    number: int
    step: Step
    choice: Choice
    at: Moment
    done: Moment


@dataclass(frozen=True)
class Limit:
    """A deadline that has begun: when it is due, and when it was met."""

    deadline: Deadline
    begun: Moment
    due: Moment
    now: Moment
    met: Moment | None

    @property
    def state(self) -> str:
        """``met``, ``late`` (met after it was due), ``missed`` or ``running``."""
        if self.met is not None:
            return "met" if self.met.elapsed <= self.due.elapsed else "late"
        return "running" if self.now.elapsed <= self.due.elapsed else "missed"

    @property
    def left(self) -> int:
        """The minutes left; below zero when it is over."""
        return self.due.elapsed - self.now.elapsed

    @property
    def left_in_words(self) -> str:
        """The time left, or how long it has been over."""
        return lasting(abs(self.left))


@dataclass(frozen=True)
class Run:
    """Where a play stands."""

    story: Story
    moves: tuple[Move, ...]
    step: Step
    now: Moment
    limits: tuple[Limit, ...]

    @property
    def last(self) -> Move | None:
        """The choice that led here."""
        return self.moves[-1] if self.moves else None

    @property
    def ending(self) -> str:
        """How it ended; empty while it goes on. A good ending takes that every limit was held."""
        if self.step.choices:
            return ""
        return Ending.FAIR.value if self.is_spoilt else self.step.ending

    @property
    def is_spoilt(self) -> bool:
        """Whether it would have ended well, had every limit been held."""
        return self.step.ending == Ending.GOOD and self.missed > 0

    @property
    def is_ended(self) -> bool:
        """Whether nothing more can be chosen."""
        return not self.step.choices

    @property
    def missed(self) -> int:
        """How many limits were not held."""
        return sum(limit.state in {"late", "missed"} for limit in self.limits)

    @property
    def path(self) -> list[list[str]]:
        """What was chosen, as it is kept."""
        return [[move.step.key, move.choice.id] for move in self.moves]


def replay(story: Story, path: Path) -> Run:
    """Play ``path`` on ``story``.

    Raises:
        NotInStory: When the path leaves the story: a step or a choice that it does not have.
    """
    step = story.first
    if step is None:
        raise NotInStory("The story has no step.")
    elapsed = 0
    begun: dict[str, int] = {}
    met: dict[str, int] = {}
    moves: list[Move] = []
    _begin(story.deadlines, step, elapsed, begun)
    for number, (step_key, choice_id) in enumerate(path):
        choice = step.choice(choice_id) if step.key == step_key else None
        following = story.step(choice.to) if choice else None
        if choice is None or following is None:
            raise NotInStory(f"{step_key} {choice_id}")
        at = elapsed
        elapsed += choice.minutes
        if choice.meets in begun:
            met.setdefault(choice.meets, elapsed)
        moves.append(
            Move(number, step, choice, story.begins.after(at), story.begins.after(elapsed))
        )
        step = following
        _begin(story.deadlines, step, elapsed, begun)
    return Run(
        story=story,
        moves=tuple(moves),
        step=step,
        now=story.begins.after(elapsed),
        limits=tuple(_limits(story, elapsed, begun, met)),
    )


def _begin(deadlines: Iterable[Deadline], step: Step, now: int, begun: dict[str, int]) -> None:
    """A limit begins the first time its step is reached."""
    for deadline in deadlines:
        if deadline.begins_at == step.key:
            begun.setdefault(deadline.key, now)


def _limits(story: Story, now: int, begun: dict[str, int], met: dict[str, int]) -> Iterable[Limit]:
    for deadline in story.deadlines:
        if deadline.key in begun and deadline.minutes is not None:
            since = begun[deadline.key]
            yield Limit(
                deadline=deadline,
                begun=story.begins.after(since),
                due=story.begins.after(since + deadline.minutes),
                now=story.begins.after(now),
                met=story.begins.after(met[deadline.key]) if deadline.key in met else None,
            )
