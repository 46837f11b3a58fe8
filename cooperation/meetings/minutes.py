"""Minutes as they are kept once they are approved, and as they are drawn.

What is kept names people and organisations by their ids: of whoever is erased nothing is left in
old minutes but that somebody was there. An organisation is drawn under the name it bore then, for
that is a record of its own (people.models.Organisation).
"""

from dataclasses import dataclass
from typing import Any

from cooperation.models import Meeting
from core.canonical import content_hash
from people.models import Organisation, Person


def content_of(meeting: Meeting) -> dict[str, Any]:
    """What the minutes say, in ids, days and words; four queries."""
    attendances = meeting.attendances.select_related("member").order_by("member_id")
    items = meeting.items.in_order().prefetch_related("decisions", "actions")
    return {
        "body": str(meeting.body_id),
        "starts_at": meeting.starts_at.isoformat(),
        "place": None if meeting.place_id is None else str(meeting.place_id),
        "room": meeting.room,
        "attendances": [
            {
                "person": str(one.member.person_id),
                "organisation": str(one.member.organisation_id),
                "role": one.member.role,
                "presence": one.presence,
            }
            for one in attendances
        ],
        "items": [
            {
                "id": str(item.pk),
                "kind": item.kind,
                "title": item.title,
                "text": item.text,
                "minutes": item.minutes,
                "outcome": item.outcome,
                "decisions": [
                    {"id": str(one.pk), "label": one.label, "title": one.title_da}
                    for one in sorted(item.decisions.all(), key=lambda one: (one.year, one.number))
                ],
                "actions": [
                    {
                        "id": str(one.pk),
                        "text": one.text,
                        "owner": str(one.owner_id),
                        "due_on": one.due_on.isoformat(),
                    }
                    for one in sorted(item.actions.all(), key=lambda one: (one.due_on, str(one.pk)))
                ],
            }
            for item in items
        ],
    }


def hash_of(meeting: Meeting) -> str:
    """Names what the minutes say now."""
    return content_hash(content_of(meeting))


@dataclass(frozen=True, slots=True)
class Present:
    """One line of who was there."""

    name: str
    organisation: str
    presence: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes in words."""

    present: list[Present]
    items: list[dict[str, Any]]


def drawn(content: dict[str, Any]) -> Minutes:
    """Kept or present content with the names of people and organisations; two queries."""
    people = {row["person"] for row in content["attendances"]}
    people |= {action["owner"] for item in content["items"] for action in item["actions"]}
    named = {
        str(pk): name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "name")
    }
    organisations = {
        str(pk): name
        for pk, name in Organisation.objects.filter(
            pk__in={row["organisation"] for row in content["attendances"]}
        ).values_list("pk", "name")
    }
    present = [
        Present(named[row["person"]], organisations[row["organisation"]], row["presence"])
        for row in content["attendances"]
    ]
    items = [
        {
            **item,
            "actions": [{**one, "owner": named[one["owner"]]} for one in item["actions"]],
        }
        for item in content["items"]
    ]
    return Minutes(sorted(present, key=lambda one: (one.organisation, one.name)), items)
