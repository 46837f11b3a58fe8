"""The demo's invented people, with accounts that anybody may sign in to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.periods import local_day
from demo.content import TOLD_ON, demo_id, read
from people.actions import command_line, give_role, open_account
from people.models import Affiliation, LanguageSkill, Organisation, Person, Place, Role

#: One password for all: the demo is for trying out, and says so on every page.
PASSWORD = "sidemand-demo"  # noqa: S105  printed for whoever tries the demo


def load_people(*, at: datetime) -> dict[str, Person]:
    """Enter every person of the demo who is not there yet; all of them by their key."""
    content = read("people.toml", today=local_day(at))
    for row in content["organisations"]:
        Organisation.objects.get_or_create(
            key=row["key"],
            defaults={
                "id": demo_id("organisation", row["key"]),
                **{name: row[name] for name in ("kind", "name", "starts_on")},
            },
        )
    organisations = {item.key: item for item in Organisation.objects.all()}
    towns = {item.key: item for item in Place.objects.all()}
    people = {}
    for row in content["people"]:
        person, is_new = Person.objects.get_or_create(
            pk=demo_id("person", row["key"]),
            defaults={"name": row["name"], "email": row["email"], "created_at": at},
        )
        people[row["key"]] = person
        if is_new:
            _enter(person, row, organisations, towns, at=at)
    return people


def account_holders() -> list[UUID]:
    """The ids of everybody who gets an account, in the order they are told of."""
    return [demo_id("person", row["key"]) for row in read("people.toml", today=TOLD_ON)["people"]]


def accounts() -> list[dict[str, str]]:
    """What to sign in with: a row per role of each person, in the order they are told of."""
    rows = []
    told = account_holders()
    roles = Role.objects.filter(person__in=told, person__user__isnull=False).select_related(
        "person", "municipality", "place"
    )
    for role in sorted(roles, key=lambda role: told.index(role.person_id)):
        scope = role.place or role.municipality
        rows.append(
            {
                "role": role.key,
                "email": role.person.email,
                "password": PASSWORD,
                "scope": f"{role.scope}:{scope.key}" if scope else role.scope,
                "from": role.starts_on.isoformat(),
                "until": role.ends_on.isoformat() if role.ends_on else "",
            }
        )
    return rows


def _enter(
    person: Person,
    row: dict[str, Any],
    organisations: dict[str, Organisation],
    towns: dict[str, Place],
    *,
    at: datetime,
) -> None:
    Affiliation.objects.create(
        person=person,
        organisation=organisations[row["organisation"]],
        place=towns.get(row.get("town", "")),
        profession=row["profession"],
        starts_on=row["affiliated_from"],
        ends_on=row.get("affiliated_until"),
    )
    LanguageSkill.objects.bulk_create(
        LanguageSkill(person=person, **skill) for skill in row["languages"]
    )
    for role in row["roles"]:
        scope, _, key = role["scope"].partition(":")
        give_role(
            person,
            Role(
                key=role["key"],
                scope=scope,
                municipality=organisations[key] if scope == "municipality" else None,
                place=towns[key] if scope == "town" else None,
                starts_on=role["starts_on"],
                ends_on=role.get("ends_on"),
            ),
            by=command_line(at),
            at=at,
        )
    open_account(person, PASSWORD, at=at)
