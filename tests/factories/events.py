"""Events, invitations and delegations, by the actions where these matter."""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cooperation.events.actions.registering import Entry, save_delegation
from cooperation.models import Event, Invitation, Participant, ProgrammeItem
from people.models import Organisation, Person
from tests.factories.people import AT, make_person, make_role, make_town

#: Half a year ahead of AT: a Tuesday and a Wednesday.
STARTS = date(2027, 11, 9)
ANSWER_BY = date(2027, 9, 30)
#: Noon in Nuuk on the day after the last day for answers.
DEALT_AT = datetime(2027, 10, 1, 14, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_event(**fields: Any) -> Event:
    """An announced seminar of two days in Ilulissat, held by its municipality."""
    town = make_town("Ilulissat")
    defaults: dict[str, Any] = {
        "title_da": f"Seminar Demo {next(_numbers)}",
        "host": town.municipality,
        "place": town,
        "seats": 10,
        "starts_on": STARTS,
        "ends_on": STARTS + timedelta(days=2),
        "answer_by": ANSWER_BY,
        "state": "open",
        "made_at": AT,
        "changed_at": AT,
    }
    return Event.objects.create(**(defaults | fields))


def make_workshop(event: Event, capacity: int | None = 2, **fields: Any) -> ProgrammeItem:
    """A workshop on the first afternoon."""
    defaults: dict[str, Any] = {
        "title_da": f"Workshop Demo {next(_numbers)}",
        "starts_at": datetime(2027, 11, 9, 15, 0, tzinfo=UTC),
        "minutes": 90,
        "capacity": capacity,
    }
    return event.programme.create(**(defaults | fields))


def make_invited(name: str = "") -> Organisation:
    """A municipality to invite."""
    number = next(_numbers)
    return Organisation.objects.create(
        key=f"kommune-{number}",
        kind="municipality",
        name=name or f"Kommune Demo {number}",
        starts_on=date(2018, 1, 1),
    )


def make_invitation(
    event: Event, organisation: Organisation | None = None, **fields: Any
) -> Invitation:
    """An invitation that was sent."""
    defaults: dict[str, Any] = {"role": "leader", "seats": 2, "sent_at": AT}
    organisation = organisation or make_invited()
    return event.invitations.create(organisation=organisation, **(defaults | fields))


def entries(*names: str, emails: bool = True) -> list[Entry]:
    """A line for each name."""
    return [
        Entry(
            uuid.uuid4(),
            name,
            "social",
            f"{name.replace(' ', '').casefold()}@example.org" if emails else "",
        )
        for name in names
    ]


def register(
    invitation: Invitation, *names: str, at: datetime = AT, all_or_none: bool = False
) -> list[Participant]:
    """Register these people, in this order; without mail addresses."""
    save_delegation(
        invitation,
        entries(*names, emails=False),
        all_or_none=all_or_none,
        by=make_person(),
        at=at,
    )
    return list(invitation.participants.signed_up().in_order())


def coordinator_of(where: Any = None) -> Person:
    """A coordinator of a municipality, a town or (None) the country."""
    return make_person(make_role("coordinator", where))
