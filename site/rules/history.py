"""What a rule has said over the years, told by what changed from one version to the next."""

from dataclasses import dataclass
from typing import Any

from rules.models import Act, Rule, RuleVersion


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a rule: what it said before, and what it says from then on."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """A version with what it changed; the first one has changed nothing."""

    version: RuleVersion
    changes: list[Change]


def history_of(rule: Rule) -> list[Told]:
    """The versions of ``rule``, the newest first. Three queries at any length."""
    versions = list(rule.versions.select_related("recorded_by").order_by("number"))
    acts = {str(act.pk): str(act) for act in Act.objects.all()}
    told = []
    before: dict[str, Any] | None = None
    for version in versions:
        changes = [] if before is None else _changes(before, version.content, acts)
        told.append(Told(version, changes))
        before = version.content
    return told[::-1]


def _changes(before: dict[str, Any], after: dict[str, Any], acts: dict[str, str]) -> list[Change]:
    states = dict(Rule.State.choices)

    def in_words(name: str, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if name == "act_id":
            return acts.get(value, "–")
        return str(states[value]) if name == "state" else str(value)

    return [
        Change(
            str(field.verbose_name),
            in_words(field.attname, before.get(field.attname)),
            in_words(field.attname, after.get(field.attname)),
        )
        for field in Rule._meta.concrete_fields
        if field.attname != "checked_by_id"  # who saved it stands at the version
        and before.get(field.attname) != after.get(field.attname)
    ]
