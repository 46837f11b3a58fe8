"""A meeting as tests plan, fill and hold it."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from cooperation.decisions.actions import (
    give_action,
)
from cooperation.meetings import actions
from cooperation.models import Action, AgendaItem, Body, Meeting
from people.models import Person
from tests.factories.people import AT

TODAY = AT.date()
State = Meeting.State


def plan(body: Body, starts_at: datetime, **changes: Any) -> Meeting:
    facts: dict[str, Any] = {
        "key": uuid.uuid4(),
        "starts_at": starts_at,
        "duration_minutes": 120,
        "place": None,
        "room": "",
        "note": "",
        "seen": None,
        "by": None,
        "at": starts_at - timedelta(days=30),
    }
    return actions.save_meeting(body, **(facts | changes))


def put(meeting: Meeting, title: str = "Tolkning", **changes: Any) -> AgendaItem:
    facts: dict[str, Any] = {"key": uuid.uuid4(), "title": title, "text": "", "seen": None}
    return actions.save_item(meeting, **(facts | changes), by=None, at=AT)


def promise(body: Body, owner: Person, text: str = "Skriv ud", **changes: Any) -> Action:
    facts: dict[str, Any] = {"key": uuid.uuid4(), "text": text, "due_on": TODAY, "at": AT}
    return give_action(body, owner=owner, by=None, **(facts | changes))


def write(item: AgendaItem, outcome: str = "dealt", minutes: str = "Talt om det.") -> AgendaItem:
    item.refresh_from_db()
    seen = actions.item_seen(item)
    return actions.write_item(item, minutes=minutes, outcome=outcome, seen=seen, by=None, at=AT)


def hold(meeting: Meeting) -> Meeting:
    return actions.begin(meeting, by=None, at=meeting.starts_at)


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.items.in_order().values_list("title", flat=True))
