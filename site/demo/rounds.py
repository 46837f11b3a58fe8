"""The demo's round in planning: what places need, who can come, one proposal, what is late."""

from datetime import datetime, timedelta
from typing import Any

from competences.models import Competence
from core.periods import local_day
from demo.content import demo_id, read
from mentoring.actions import (
    NeedFacts,
    StayFacts,
    edit_item,
    make_proposal,
    save_need,
    save_round,
    save_stay,
    tick,
)
from mentoring.models import Round
from mentoring.proposals.brief import WEIGHTS
from people.models import Organisation, Person, Place


def load_rounds(people: dict[str, Person], *, at: datetime) -> None:
    """Plan every round where it is missing."""
    for row in read("rounds.toml", today=local_day(at))["rounds"]:
        if not Round.objects.filter(pk=demo_id("round", row["key"])).exists():
            _load_round(row, people, at=at)


def _load_round(row: dict[str, Any], people: dict[str, Person], *, at: datetime) -> None:
    towns = {place.key: place for place in Place.objects.all()}
    known = {one.key: one for one in Competence.objects.filter(framework__key="caseworker")}
    by = people[row["made_by"]]
    planned = save_round(
        demo_id("round", row["key"]),
        title=row["title"],
        municipalities=Organisation.objects.filter(key__in=row["municipalities"]),
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        fewest_days=row["fewest_days"],
        goals=row["goals"],
        recommendations=row["recommendations"],
        by=by,
        at=at,
    )
    for need in row["needs"]:
        _load_need(planned, need, towns, known, people, at=at)
    for stay in row["stays"]:
        save_stay(
            planned,
            StayFacts(
                person=people[stay["person"]],
                profession=stay["profession"],
                windows=[
                    (one["kind"], one["starts_on"], one["ends_on"]) for one in stay["windows"]
                ],
                most_colleagues=stay.get("most_colleagues", 2),
                competences=_some(known, stay),
                wishes=[towns[key] for key in stay["wishes"]],
            ),
        )
    make_proposal(planned, weights=dict(WEIGHTS), by=by, at=at)


def _some(known: dict[str, Competence], row: dict[str, Any]) -> list[Competence]:
    return [known[key] for key in row.get("competences", ()) if key in known]


def _load_need(
    planned: Round,
    row: dict[str, Any],
    towns: dict[str, Place],
    known: dict[str, Competence],
    people: dict[str, Person],
    *,
    at: datetime,
) -> None:
    owner = people[row["owner"]] if "owner" in row else None
    need = save_need(
        planned,
        NeedFacts(
            place=towns[row["town"]],
            kind=row["kind"],
            seats=row["seats"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            languages=row["languages"],
            has_interpreter=row["has_interpreter"],
            competences=_some(known, row),
            owner=owner,
            note=row.get("note", ""),
        ),
    )
    today = local_day(at)
    for item in need.items.all():
        if (days := row.get("late", {}).get(item.kind)) is not None:
            edit_item(item, owner=owner, due_on=today - timedelta(days=days))
        elif item.kind in row["done"]:
            tick(item, by=people[row.get("owner", "koordinator1")], at=at)
        else:
            edit_item(item, owner=owner, due_on=max(item.due_on, today + timedelta(days=3)))
