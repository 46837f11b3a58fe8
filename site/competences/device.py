"""What a device sends of competences: where somebody says they are."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from competences.actions import rate
from competences.models import Level
from devices.records import Kind, Malformed, Sent
from devices.records.kinds import as_key
from devices.records.schema import shape
from people.permissions import Standing

#: More than any framework holds.
MOST_LEVELS = 300


def keep_rating(_request: HttpRequest, standing: Standing, sent: Sent) -> Mapping[str, Any]:
    """Somebody said of themselves where they are."""
    assert standing.person is not None  # noqa: S101  the view asks for a person
    levels = sent.content.get("levels")
    if not isinstance(levels, dict) or not 0 < len(levels) <= MOST_LEVELS:
        raise Malformed("levels")
    if not all(isinstance(level, str) for level in levels.values()):
        raise Malformed("levels")
    said = {as_key(key, "levels"): level for key, level in levels.items()}
    new = rate(standing.person, said, at=sent.at, said_at=sent.made_at)
    return {"new": len(new)}


OWN_RATING = Kind(
    "own-rating",
    keep_rating,
    content=shape(
        "levels",
        levels={
            "type": "object",
            "description": "By competence, the step.",
            "additionalProperties": {"enum": Level.values},
            "minProperties": 1,
            "maxProperties": MOST_LEVELS,
        },
    ),
    outcome=shape("new", new={"type": "integer"}),
)
