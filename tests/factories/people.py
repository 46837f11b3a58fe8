"""Municipalities, towns, people with roles, accounts and second factors."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.models import Session

from people.models import Organisation, Person, Place, Role, User

#: A Tuesday in June, 13.00 in Nuuk.
AT = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)
SINCE = date(2020, 1, 1)
PASSWORD = "en rolig dag i juni"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
_numbers = itertools.count(1)

TOWNS = {
    "Ilulissat": "Avannaata Kommunia",
    "Upernavik": "Avannaata Kommunia",
    "Sisimiut": "Qeqqata Kommunia",
}


def make_town(name: str = "Upernavik") -> Place:
    """The town of that name, in its municipality; made once."""
    municipality, _created = Organisation.objects.get_or_create(
        key=TOWNS[name].casefold().replace(" ", "-"),
        defaults={
            "kind": "municipality",
            "name": TOWNS[name],
            "starts_on": date(2018, 1, 1),
        },
    )
    town, _created = Place.objects.get_or_create(
        key=name.casefold(),
        defaults={
            "name": name,
            "district": name,
            "municipality": municipality,
            "dialect": "west",
            "link": "radio",
        },
    )
    return town


def make_role(key: str, where: "Place | Organisation | None" = None, **period: Any) -> Role:
    """A role that is not saved, for a town, a municipality or (None) the country."""
    return Role(
        key=key,
        scope={Place: "town", Organisation: "municipality"}.get(type(where), "country"),
        place=where if isinstance(where, Place) else None,
        municipality=where if isinstance(where, Organisation) else None,
        **{"starts_on": SINCE, **period},
    )


def make_person(*roles: Role, account: bool = True, **fields: Any) -> Person:
    """Somebody with ``roles`` and, if asked for, an account with a proven address."""
    number = next(_numbers)
    defaults = {"name": f"Person Demo {number}", "email": f"person{number}@example.org"}
    person = Person.objects.create(**{**defaults, **fields})
    if account:
        open_account(person)
    for role in roles:
        role.person = person
        role.save()
    return person


def open_account(person: Person) -> User:
    """An account for ``person`` with :data:`PASSWORD`."""
    user = User.objects.create_user(person.email, PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    person.user = user
    person.save()
    return user


def add_totp(user: User) -> None:
    """A code app with :data:`TOTP_SECRET`, and recovery codes."""
    TOTP.activate(user, TOTP_SECRET)
    RecoveryCodes.activate(user)


def totp_code(moment: float, secret: str = TOTP_SECRET) -> str:
    """What the code app shows at ``moment`` (seconds of the epoch)."""
    return format_hotp_value(hotp_value(secret, int(moment) // 30))


def sessions_of(user: User) -> int:
    """How many sessions would still sign ``user`` in."""
    found = [session.get_decoded() for session in Session.objects.all()]
    return sum(data.get("_auth_user_id") == str(user.pk) for data in found)
