"""What the catalogue of pages shows of the cooperation, beside what the demo brings."""

from datetime import date, datetime, timedelta
from typing import Any

from cooperation.models import Body, Initiative
from people.models import Organisation, Person


def cooperation(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """Initiatives with and without words, bodies with and without members."""
    agency = Organisation.objects.get(key="socialstyrelsen")
    said = Initiative.objects.get(number=6)
    goal = said.goals.create(
        text_da="Sager lukkes inden for fristen", indicator="Kommuner, der når det", unit="kommuner"
    )
    goal.values.create(measured_on=today - timedelta(days=90), value=2, written_at=at)
    said.updates.create(
        state="at_risk",
        said_on=today - timedelta(days=7),
        words="To kommuner mangler tolk.",
        written_at=at,
        published_at=at,
    )
    body = Body.objects.create(
        kind="steering",
        name_da="Styregruppen",
        purpose_da="Følger indsatserne og beslutter, hvad der skal ske.",
        keeper=agency,
        starts_on=today - timedelta(days=400),
        created_at=at,
    )
    for key in ("koordinator1", "koordinator2", "teamleder1"):
        body.members.create(
            person=demo[key],
            organisation=demo[key].affiliations.get().organisation,
            starts_on=today - timedelta(days=400),
        )
    empty = Body.objects.create(
        kind="working_group",
        name_da="Arbejdsgruppen om tolkning",
        keeper=agency,
        starts_on=today,
        created_at=at,
    )
    return {
        "initiative": said.pk,
        "quiet_initiative": Initiative.objects.get(number=1).pk,
        "body": body.pk,
        "empty_body": empty.pk,
    }
