"""A case page as ``courses.cases`` reads it: what it tells, and what is wrong with it."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings

from courses.actions.cases import content_of
from courses.cases import Problem, Span, Story, Unit, check, read, weigh
from courses.cases.picture import Picture, draw
from pages.blocks import rules_in
from rules.models import Rule

if TYPE_CHECKING:
    from pages.models import CasePage


def told_by(page: "CasePage") -> dict[str, Any]:
    """What ``page`` tells, as ``courses.actions.sync_case`` takes it."""
    before = list(dict.fromkeys(str(rule.pk) for rule in rules_in(page.body)))
    return {
        **({"before": before} if before else {}),
        "begins": {
            "weekday": page.begins_weekday,
            "minute": page.begins_time.hour * 60 + page.begins_time.minute,
        },
        "deadlines": [
            {
                "id": _id(child, index),
                "key": child.value["key"] or "",
                "name": child.value["name"] or "",
                "rule": _key(child.value["rule"]),
                "stated": _span(child.value["length"]),
                "length": length_of(child.value["rule"]),
                "begins_at": child.value["begins_at"] or "",
            }
            for index, child in enumerate(page.deadlines)
        ],
        "steps": [
            {
                "id": _id(child, index),
                "key": child.value["key"] or "",
                "heading": child.value["heading"] or "",
                "text": child.value["text"].source if child.value["text"] else "",
                "ending": child.value["ending"] or "",
                "closing": child.value["closing"] or "",
                "choices": [
                    {
                        "id": _id(bound, place),
                        "text": bound.value["text"] or "",
                        "consequence": bound.value["consequence"] or "",
                        "verdict": bound.value["verdict"] or "",
                        "rule": _key(bound.value["rule"]),
                        "takes": _span(bound.value["takes"]),
                        "meets": bound.value["meets"] or "",
                        "to": bound.value["to"] or "",
                    }
                    for place, bound in enumerate(child.value["choices"].bound_blocks)
                ],
            }
            for index, child in enumerate(page.steps)
        ],
    }


def length_of(rule: Rule | None) -> dict[str, Any] | None:
    """The time limit that ``rule`` gives in figures; none where it gives no or a mixed one."""
    if rule is None:
        return None
    figures = [
        (rule.deadline_hours, Unit.HOURS),
        (rule.deadline_days, Unit.DAYS),
        (rule.deadline_months, Unit.MONTHS),
    ]
    given = [Span(amount, unit) for amount, unit in figures if amount is not None]
    return given[0].as_raw() if len(given) == 1 else None


@dataclass(frozen=True)
class Draft:
    """A case as its page tells it now, before it is frozen."""

    told: dict[str, Any]
    language: str

    @classmethod
    def of(cls, page: "CasePage") -> "Draft":
        """What ``page`` tells now."""
        return cls(told_by(page), page.language)

    @cached_property
    def content(self) -> dict[str, Any]:
        """As a version would keep it."""
        return content_of({settings.LANGUAGE_CODE: self.told})

    @cached_property
    def story(self) -> Story:
        """What it tells."""
        return read(self.content)

    @cached_property
    def weight(self) -> int:
        """What it weighs on the wire."""
        return weigh(self.content)

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that keeps it from being published.

        The Danish page is the case; of a translation only the weight is asked.
        """
        cited = Rule.objects.filter(pk__in=list(self.story.rules()))
        unverified = {str(rule.pk): str(rule) for rule in cited if not rule.is_publishable}
        found = check(self.story, unverified=unverified, weight=self.weight)
        if self.language == settings.LANGUAGE_CODE:
            return found
        return [problem for problem in found if problem.code == "heavy"]

    @cached_property
    def picture(self) -> Picture:
        """Its branches."""
        return draw(self.story, self.problems)


def _id(child: Any, index: int) -> str:
    """The id of a block; one that has never been saved is named by its place."""
    return child.id or f"new-{index}"


def _key(rule: Rule | None) -> str | None:
    return None if rule is None else str(rule.pk)


def _span(value: Any) -> dict[str, Any] | None:
    if value is None or value["amount"] is None or not value["unit"]:
        return None
    return {"amount": value["amount"], "unit": str(value["unit"])}
