"""A small world with one of each: every kind of person, and something of each kind to open."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from people.actions import command_line, give_role, open_account
from people.models import Organisation, Person, Place, Role


@dataclass
class World:
    """The people by the name of their column, and ids to fill placeholders with."""

    people: dict[str, Person | None]
    ids: dict[str, Any] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """A browser in which this person is signed in; nobody is where the person is none."""
        client = Client(raise_request_exception=False)
        person = self.people[name]
        if person is not None and person.user is not None:
            client.force_login(person.user)
        return client


def build() -> World:
    """Prepare the site, load the demo, and add the kinds of people the demo has not."""
    call_command("prepare", verbosity=0)
    call_command("load_demo", "--json", verbosity=0, stdout=_Nowhere())
    demo = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    sisimiut = Place.objects.get(key="sisimiut")
    at = timezone.now()
    today = timezone.localdate()

    def add(
        name: str, key: str, *, starts: int = -60, ends: int | None = None, **scope: Any
    ) -> Person:
        person = Person.objects.create(name=name, email=f"{name}@example.org")
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
    own = add("own", "coordinator", scope="municipality", municipality=qeqqata)
    ended = add("ended", "editor", ends=-1)
    away = add("away", "mentor", ends=-1, scope="town", place=sisimiut)
    closed = add("closed", "coordinator")
    assert closed.user is not None
    closed.user.is_active = False
    closed.user.save()
    pairing = sisimiut.pairings.get()
    pairing.members.create(
        person=away,
        side="mentor",
        starts_on=today - timedelta(days=60),
        ends_on=today - timedelta(days=1),
    )
    return World(
        people={
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
        }
    )


class _Nowhere:
    """Takes what a command prints."""

    write: Callable[[str], int] = staticmethod(len)

    def flush(self) -> None:
        """Nothing is kept."""

    def isatty(self) -> bool:
        """No terminal."""
        return False
