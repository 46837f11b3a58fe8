"""Judge a case before anybody plays it: what is wrong, and where.

A draft may be saved with problems; nothing with a problem is published or sent to review.
"""

import gzip
import heapq
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text
from courses.cases.clock import Span, lasting
from courses.cases.story import Deadline, Story

#: What a case may weigh on the wire: every step and choice of one language, compressed.
MOST_BYTES = 20_000


@dataclass(frozen=True)
class Said:
    """A translatable sentence with its values, put together where it is shown."""

    template: "str | Promise"
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return str(self.template) % {
            name: str(value) if isinstance(value, Promise | Span) else value
            for name, value in self.values.items()
        }


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``block`` is the id of the block where an editor puts it right."""

    code: str
    message: Said
    step: str = ""
    block: str = ""
    field: str = "steps"

    def __str__(self) -> str:
        return str(self.message)


def weigh(content: Mapping[str, Any]) -> int:
    """What ``content`` weighs on the wire in the language in which it is heaviest."""
    return max(_weight(content, language) for language in ("da", "kl"))


def check(story: Story, *, unverified: Mapping[str, str], weight: int = 0) -> list[Problem]:
    """Everything that is wrong with ``story``, in its order.

    Args:
        unverified: The rules it cites that may not be published, by id: how each is named.
        weight: What it weighs on the wire, see :func:`weigh`.
    """
    if not story.steps:
        return [Problem("no_steps", Said(_("The case has no steps yet."), {}))]
    problems = [
        *_steps(story),
        *_choices(story, unverified),
        *_deadlines(story, unverified),
    ]
    if weight > MOST_BYTES:
        problems.append(
            Problem(
                "heavy",
                Said(
                    _(
                        "The case weighs %(kb)d kB on the wire; at most %(most)d kB reach a bad "
                        "connection in time. Shorten the texts."
                    ),
                    {"kb": -(-weight // 1000), "most": MOST_BYTES // 1000},
                ),
            )
        )
    return problems


def _steps(story: Story) -> Iterator[Problem]:
    times = Counter(step.key for step in story.steps)
    ends = _leading_to_an_end(story)
    for step in story.steps:
        place = {"step": step.key, "block": step.id}
        named = {"step": step.heading or step.key}
        if not step.key:
            message = _("The step “%(step)s” has no key. Give it one, so that choices lead to it.")
            yield Problem("no_key", Said(message, named), **place)
            continue
        if times[step.key] > 1:
            message = _("Two steps have the key “%(key)s”. Give each a key of its own.")
            yield Problem("duplicate_key", Said(message, {"key": step.key}), **place)
            continue
        if step.key not in story.reached:
            message = _("No choice leads to the step “%(step)s”. Lead one there, or delete it.")
            yield Problem("unreachable", Said(message, named), **place)
        if step.ending and step.choices:
            message = _("The step “%(step)s” is an ending and has choices. Keep one of the two.")
            yield Problem("ending_with_choices", Said(message, named), **place)
        elif not step.choices and not step.ending:
            message = _(
                "The branch stops at “%(step)s”: it has no choices and is no ending. Add choices, "
                "or say how it ends."
            )
            yield Problem("no_end", Said(message, named), **place)
        elif step.choices and step.key in story.reached and step.key not in ends:
            message = _(
                "From the step “%(step)s” no way leads to an ending: one goes round in a circle."
            )
            yield Problem("no_end", Said(message, named), **place)


def _leading_to_an_end(story: Story) -> set[str]:
    """The keys of the steps from which some ending can be reached.

    A step whose branch is broken elsewhere is not blamed: an unknown target and a step without
    choices are told where they stand.
    """
    ends = {step.key for step in story.steps if not step.choices}
    ends |= {
        step.key
        for step in story.steps
        if any(story.step(choice.to) is None for choice in step.choices)
    }
    before = -1
    while before != len(ends):
        before = len(ends)
        ends |= {
            step.key for step in story.steps if any(choice.to in ends for choice in step.choices)
        }
    return ends


def _choices(story: Story, unverified: Mapping[str, str]) -> Iterator[Problem]:
    limits = {deadline.key for deadline in story.deadlines}
    for step, choice in [(one, choice) for one in story.steps for choice in one.choices]:
        place = {"step": step.key, "block": step.id}
        named = {"choice": _short(choice.text), "step": step.heading or step.key}
        if story.step(choice.to) is None:
            message = (
                _("“%(choice)s” leads to the step “%(to)s”, which does not exist.")
                if choice.to
                else _("“%(choice)s” in “%(step)s” leads nowhere. Say which step follows.")
            )
            yield Problem("unknown_target", Said(message, named | {"to": choice.to}), **place)
        if choice.meets and choice.meets not in limits:
            message = _("“%(choice)s” meets the deadline “%(key)s”, which does not exist.")
            yield Problem("unknown_deadline", Said(message, named | {"key": choice.meets}), **place)
        if choice.rule in unverified:
            yield _unverified(unverified[choice.rule], **place)


def _deadlines(story: Story, unverified: Mapping[str, str]) -> Iterator[Problem]:
    times = Counter(deadline.key for deadline in story.deadlines)
    for deadline in story.deadlines:
        place = {"block": deadline.id, "field": "deadlines"}
        named: dict[str, Any] = {"deadline": deadline.name or deadline.key}
        if times[deadline.key] > 1:
            message = _("Two deadlines have the key “%(key)s”. Give each a key of its own.")
            yield Problem("duplicate_key", Said(message, {"key": deadline.key}), **place)
            continue
        if deadline.rule in unverified:
            yield _unverified(unverified[deadline.rule], **place)
        if not deadline.rule:
            message = _("The deadline “%(deadline)s” has no rule. Choose the rule it stands in.")
            yield Problem("no_rule", Said(message, named), **place)
        elif deadline.length is None:
            message = _(
                "The rule behind “%(deadline)s” gives no limit in hours, days or months. Choose "
                "another rule."
            )
            yield Problem("no_length", Said(message, named), **place)
        elif deadline.stated is None or not deadline.stated.says_the_same(deadline.length):
            message = _(
                "The deadline “%(deadline)s” says %(stated)s; the rule says %(length)s. Write "
                "what the rule says."
            )
            figures = {"stated": deadline.stated or "–", "length": deadline.length}
            yield Problem("wrong_deadline", Said(message, named | figures), **place)
        if story.step(deadline.begins_at) is None:
            message = _(
                "The deadline “%(deadline)s” begins at the step “%(key)s”, which does not exist."
            )
            yield Problem(
                "unknown_step", Said(message, named | {"key": deadline.begins_at}), **place
            )
        elif deadline.begins_at in story.reached and deadline.length is not None:
            yield from _never_met(story, deadline, named, place)


def _never_met(
    story: Story, deadline: Deadline, named: dict[str, Any], place: dict[str, Any]
) -> Iterator[Problem]:
    soonest = _soonest(story, deadline)
    if soonest is None:
        message = _("No choice after its beginning meets the deadline “%(deadline)s”.")
        yield Problem("never_met", Said(message, named), **place)
    elif deadline.minutes is not None and soonest > deadline.minutes:
        message = _(
            "The deadline “%(deadline)s” cannot be met: the quickest way takes %(soonest)s, the "
            "rule gives %(length)s."
        )
        figures = {"soonest": lasting(soonest), "length": deadline.length}
        yield Problem("never_met", Said(message, named | figures), **place)


def _soonest(story: Story, deadline: Deadline) -> int | None:
    """The fewest minutes from the beginning of ``deadline`` to when a choice has met it."""
    waiting = [(0, deadline.begins_at)]
    seen: set[str] = set()
    found: list[int] = []
    while waiting:
        so_far, key = heapq.heappop(waiting)
        step = story.step(key)
        if step is None or key in seen:
            continue
        seen.add(key)
        for choice in step.choices:
            if choice.meets == deadline.key:
                found.append(so_far + choice.minutes)
            heapq.heappush(waiting, (so_far + choice.minutes, choice.to))
    return min(found, default=None)


def _unverified(rule: str, **place: Any) -> Problem:
    message = _("The rule “%(rule)s” is not verified. Only checked rules may be shown.")
    return Problem("unverified", Said(message, {"rule": rule}), **place)


def _short(text: str) -> str:
    return f"{text[:60]}…" if len(text) > 60 else text


def _weight(content: Mapping[str, Any], language: str) -> int:
    told = json.dumps(_in_one_language(content, language), ensure_ascii=False)
    return len(gzip.compress(told.encode()))


def _in_one_language(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        if value and set(value) <= {"da", "kl"}:
            return str(Text.choose(value, language))
        return {name: _in_one_language(part, language) for name, part in value.items()}
    if isinstance(value, list):
        return [_in_one_language(part, language) for part in value]
    return value
