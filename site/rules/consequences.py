"""What a change of the law does by itself, beside what somebody has to look through.

Apps that know of something register a teller in ``AppConfig.ready``; rules import none of them. The
reviewer reads its line at the decision: how many there are, and what becomes of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from rules.models import Decision

#: From decisions to one line about each that does something, by key. One query at any size.
Teller = Callable[[Collection[Decision]], Mapping[int, str]]

_tellers: dict[str, Teller] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """A decision with what it does."""

    decision: Decision
    lines: list[str]

    @property
    def where(self) -> str:
        """Paragraph of the rule, or its key where nobody has seen one."""
        return self.decision.rule.paragraph or self.decision.rule.key

    @property
    def act(self) -> str:
        """The act by which it changed."""
        act = self.decision.act or self.decision.rule.act
        return str(act) if act else ""


def register(key: str, teller: Teller) -> None:
    """Let ``teller`` be asked, or replace the one of its key."""
    _tellers[key] = teller


def consequences(decisions: Iterable[Decision]) -> list[Told]:
    """Each of ``decisions`` with what it does; one by which nothing changed does nothing."""
    told = [Told(decision, []) for decision in decisions]
    changes = [one.decision for one in told if one.decision.kind in Decision.CHANGES]
    if changes:
        for teller in _tellers.values():
            lines = teller(changes)
            for one in told:
                if one.decision.pk in lines:
                    one.lines.append(lines[one.decision.pk])
    return told
