"""Initiatives, bodies and seats, without a page or an action in between."""

import itertools
from datetime import date, datetime
from typing import Any

from cooperation.models import Body, BodyMember, Initiative
from people.models import Organisation, Person
from tests.factories.people import AT, make_person, make_town

SINCE = date(2026, 1, 1)
_numbers = itertools.count(1)


def make_organisation(name: str = "", kind: str = "agency", **fields: Any) -> Organisation:
    """An organisation of its own."""
    number = next(_numbers)
    return Organisation.objects.create(
        key=f"organisation-{number}",
        name=name or f"Organisation Demo {number}",
        kind=kind,
        **({"starts_on": date(2018, 1, 1)} | fields),
    )


def make_initiative(**fields: Any) -> Initiative:
    """An initiative of the cooperation's own."""
    defaults: dict[str, Any] = {
        "title_da": f"Indsats Demo {next(_numbers)}",
        "starts_on": SINCE,
        "created_at": AT,
    }
    return Initiative.objects.create(**(defaults | fields))


def make_body(keeper: Organisation | None = None, **fields: Any) -> Body:
    """A steering group, looked after by ``keeper`` or by the municipality of Ilulissat."""
    defaults: dict[str, Any] = {
        "kind": "steering",
        "name_da": f"Gruppe Demo {next(_numbers)}",
        "keeper": keeper or make_town("Ilulissat").municipality,
        "starts_on": SINCE,
        "created_at": AT,
    }
    return Body.objects.create(**(defaults | fields))


def make_member(
    body: Body, person: Person | None = None, role: str = "member", **fields: Any
) -> BodyMember:
    """A seat of ``person``, or of somebody new without any role, in ``body``."""
    person = person or make_person()
    defaults: dict[str, Any] = {"organisation": body.keeper, "starts_on": SINCE}
    return body.members.create(person=person, role=role, **(defaults | fields))


def standing(person: Person, at: datetime = AT) -> Any:
    """What ``person`` may do at that moment."""
    from people.permissions import standing_of

    assert person.user is not None
    return standing_of(person.user, at=at)
