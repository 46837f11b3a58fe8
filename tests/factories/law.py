"""A new version of an act, and decisions on its rules, made by the actions that the site uses."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from rules.law_changes import decide, enter_version
from rules.models import Act, Decision, Rule

#: The day on which the new version holds, and a moment of it: a Monday, 12.00 in Nuuk.
NEW_LAW = date(2027, 9, 6)
ENTERED = datetime(2027, 9, 6, 14, 0, tzinfo=UTC)
DECIDED = ENTERED + timedelta(hours=1)


def new_version(old: Act, *, at: datetime = ENTERED, by: Any = None, **fields: Any) -> Act:
    """The version of ``old`` that takes its place on :data:`NEW_LAW`."""
    defaults = {
        "kind": "act",
        "number": "5/2027",
        "title_da": "Inatsisartutlov nr. 5 fra 2027 om støtte til børn",
        "short_name": "børnestøtteloven (2027)",
        "in_force_from": NEW_LAW,
        "source_url": "https://nalunaarutit.gl/2027/5",
    }
    new = Act(**(defaults | fields))
    enter_version(old, new, at=at, by=by)
    return new


def decide_on(
    rule: Rule, kind: str, *, at: datetime = DECIDED, by: Any = None, **values: Any
) -> Decision:
    """What a reviewer found about ``rule`` as it stands."""
    rule = Rule.objects.get(pk=rule.pk)
    latest = rule.versions.order_by("-number").first()
    assert latest is not None
    check = {
        "source_title": "Børnestøtteloven, nr. 5 fra 2027",
        "source_url": "https://nalunaarutit.gl/2027/5",
        "checked_on": NEW_LAW,
        "review_by": date(2028, 9, 6),
    }
    return decide(rule, kind, check | values, seen_version=latest.number, at=at, by=by)
