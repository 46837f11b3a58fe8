"""A small world with every kind of person, beside what the demo brings."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from people.actions import command_line, give_role, open_account
from people.models import Organisation, Person, Place, Role


def build() -> dict[str, Person | None]:
    """Add to the demo the kinds of people it has not.

    Returns the people by the name of their column. Nobody's name is part of another's, and no
    word of the site: whoever finds one on a page has found the person.
    """
    demo = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    sisimiut = Place.objects.get(key="sisimiut")
    at = timezone.now()
    today = timezone.localdate()

    def add(
        name: str, key: str, *, starts: int = -60, ends: int | None = None, **scope: Any
    ) -> Person:
        email = f"{name.split(maxsplit=1)[0].casefold()}@example.org"
        person = Person.objects.create(name=name, email=email)
        role = Role(
            key=key,
            starts_on=today + timedelta(days=starts),
            ends_on=None if ends is None else today + timedelta(days=ends),
            **({"scope": "country"} | scope),
        )
        give_role(person, role, by=command_line(at), at=at)
        open_account(person, "sidemand-demo", at=at)
        return person

    qeqqata = Organisation.objects.get(key="qeqqata")
    own = add("Karl Egenkommune", "coordinator", scope="municipality", municipality=qeqqata)
    ended = add("Ane Forhenværende", "editor", ends=-1)
    away = add("Bo Hjemrejst", "mentor", ends=-1, scope="town", place=sisimiut)
    closed = add("Cecilie Lukket", "coordinator")
    assert closed.user is not None
    closed.user.is_active = False
    closed.user.save()
    highest = add("Dorthe Højest", "administrator")
    assert highest.user is not None
    highest.user.is_superuser = True
    highest.user.save()
    invited = Person.objects.create(name="Erik Indbudt", email="erik@example.org")
    role = Role(key="caseworker", scope="town", place=sisimiut, starts_on=today)
    give_role(invited, role, by=command_line(at), at=at)
    pairing = sisimiut.pairings.get()
    pairing.members.create(
        person=away,
        side="mentor",
        starts_on=today - timedelta(days=60),
        ends_on=today - timedelta(days=1),
    )
    return {
        "anonymous": None,
        "caseworker": demo["sagsbehandler1"],
        "mentor": demo["mentor1"],
        "travelling": demo["rejsende1"],
        "leader": demo["teamleder1"],
        "coordinator of the own municipality": own,
        "coordinator of another municipality": demo["koordinator2"],
        "editor": demo["redaktoer1"],
        "translator": demo["oversaetter1"],
        "reviewer": demo["godkender1"],
        "administrator": demo["administrator1"],
        "a role that ended": ended,
        "a closed account": closed,
        "a mentor whose stay has ended": away,
        "a superuser who is an administrator": highest,
    }
