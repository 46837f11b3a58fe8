"""What a version of a case holds, read into objects.

The content is JSON; texts are kept by language, everything else once::

    {"begins": {"weekday": 4, "minute": 940},
     "deadlines": [{"id", "key", "name": {…}, "rule": "<uuid>", "stated": {"amount", "unit"},
                    "length": {"amount", "unit"}, "begins_at": "step key"}],
     "steps": [{"id", "key", "heading": {…}, "text": {…}, "ending": "", "closing": {…},
                "choices": [{"id", "text": {…}, "consequence": {…}, "verdict": "good",
                             "rule": "<uuid>" or null, "takes": {"amount", "unit"},
                             "meets": "deadline key" or "", "to": "step key"}]}],
     "before": ["<uuid>"]}

``before`` are the rules shown before it begins; left out where there are none. ``stated`` is what
the editor wrote, ``length`` what the rule says: a play counts with ``length``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text
from courses.cases.clock import Moment, Span, Unit

#: The texts of each part, by language; everything else stands once.
STEP_TEXTS = ("heading", "text", "closing")
CHOICE_TEXTS = ("text", "consequence")
DEADLINE_TEXTS = ("name",)


class Verdict(models.TextChoices):
    """How well a choice serves the child and the rules."""

    GOOD = "good", _("Good choice")
    ACCEPTABLE = "acceptable", _("It can do")
    POOR = "poor", _("Poor choice")


class Ending(models.TextChoices):
    """How a case ends; the best comes first."""

    GOOD = "good", _("A good ending")
    FAIR = "fair", _("An ending that can do")
    BAD = "bad", _("A bad ending")


@dataclass(frozen=True)
class Choice:
    """One thing that can be done in a step."""

    id: str
    texts: Mapping[str, Mapping[str, str]]
    verdict: str
    rule: str
    takes: Span | None
    meets: str
    to: str

    @property
    def text(self) -> Text:
        """What one does, in the active language, else in Danish."""
        return Text.choose(self.texts["text"])

    @property
    def consequence(self) -> Text:
        """What comes of it."""
        return Text.choose(self.texts["consequence"])

    @property
    def verdict_in_words(self) -> str:
        """How good it is, in words; empty in a draft that does not say."""
        return str(Verdict(self.verdict).label) if self.verdict else ""

    @property
    def minutes(self) -> int:
        """How much time it takes on the clock."""
        return self.takes.minutes if self.takes else 0


@dataclass(frozen=True)
class Step:
    """A moment in which something has happened and something must be done, or an ending."""

    id: str
    key: str
    texts: Mapping[str, Mapping[str, str]]
    ending: str
    choices: tuple[Choice, ...]

    @property
    def heading(self) -> Text:
        """In a few words."""
        return Text.choose(self.texts["heading"])

    @property
    def text(self) -> Text:
        """What happens: rich text, to be cleaned where it is drawn."""
        return Text.choose(self.texts["text"])

    @property
    def closing(self) -> Text:
        """What to take along from an ending."""
        return Text.choose(self.texts["closing"])

    def choice(self, key: str) -> Choice | None:
        """The choice with that id."""
        return next((choice for choice in self.choices if choice.id == key), None)


@dataclass(frozen=True)
class Deadline:
    """A time limit that begins in a step; its length is the rule's."""

    id: str
    key: str
    texts: Mapping[str, Mapping[str, str]]
    rule: str
    stated: Span | None
    length: Span | None
    begins_at: str

    @property
    def name(self) -> Text:
        """What is to be done in time."""
        return Text.choose(self.texts["name"])

    @property
    def minutes(self) -> int | None:
        """How long it lasts on the clock; none where the rule gives no figure."""
        return self.length.minutes if self.length else None


@dataclass(frozen=True)
class Story:
    """A case: steps that lead to one another, deadlines, and the clock it begins on."""

    begins: Moment
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...]
    before: tuple[str, ...] = ()
    _by_key: dict[str, Step] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for step in (step for step in self.steps if step.key):
            self._by_key.setdefault(step.key, step)

    @property
    def first(self) -> Step | None:
        """Where it begins."""
        return self.steps[0] if self.steps else None

    def step(self, key: str) -> Step | None:
        """The step of that key; of several, the first."""
        return self._by_key.get(key)

    @cached_property
    def reached(self) -> frozenset[str]:
        """The keys of the steps that some way leads to."""
        first = self.first
        waiting, found = [first.key] if first else [], set()
        while waiting:
            key = waiting.pop()
            if key in found or key not in self._by_key:
                continue
            found.add(key)
            waiting += [choice.to for choice in self._by_key[key].choices]
        return frozenset(found)

    @property
    def counts_months(self) -> bool:
        """Whether a limit is counted in months, which have 30 days here."""
        return any(one.length and one.length.unit == Unit.MONTHS for one in self.deadlines)

    def rules(self) -> Iterator[str]:
        """The ids of the rules it cites, each once."""
        cited = [*self.before, *(deadline.rule for deadline in self.deadlines)]
        cited += [choice.rule for step in self.steps for choice in step.choices]
        yield from dict.fromkeys(key for key in cited if key)


def read(content: Mapping[str, Any]) -> Story:
    """The story that ``content`` holds; what is missing in a draft is empty."""
    begins = content.get("begins") or {}
    return Story(
        begins=Moment(weekday=begins.get("weekday", 0), minute=begins.get("minute", 0)),
        steps=tuple(_step(raw) for raw in content.get("steps", [])),
        deadlines=tuple(
            Deadline(
                id=raw["id"],
                key=raw["key"],
                texts=_texts(raw, DEADLINE_TEXTS),
                rule=raw.get("rule") or "",
                stated=Span.of(raw.get("stated")),
                length=Span.of(raw.get("length")),
                begins_at=raw.get("begins_at", ""),
            )
            for raw in content.get("deadlines", [])
        ),
        before=tuple(content.get("before", [])),
    )


def _step(raw: Mapping[str, Any]) -> Step:
    return Step(
        id=raw["id"],
        key=raw["key"],
        texts=_texts(raw, STEP_TEXTS),
        ending=raw.get("ending", ""),
        choices=tuple(
            Choice(
                id=choice["id"],
                texts=_texts(choice, CHOICE_TEXTS),
                verdict=choice.get("verdict", ""),
                rule=choice.get("rule") or "",
                takes=Span.of(choice.get("takes")),
                meets=choice.get("meets", ""),
                to=choice.get("to", ""),
            )
            for choice in raw.get("choices", [])
        ),
    )


def _texts(raw: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Mapping[str, str]]:
    return {name: raw.get(name) or {} for name in names}
