"""Pairings, sessions, needs, stays and readiness of two towns, for every list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from core.periods import local_day
from mentoring.models import Need, Pairing, Round, Session, Stay
from people.models import Person
from tests.factories.mentoring import make_pairing, make_person, make_town, send
from tests.factories.rounds import make_mentor, make_need, make_round, make_stay

Browse = Callable[[Person], Client]
#: Every list, by the name of its address and the key in its files.
LISTS = {
    "pairings": "forloeb",
    "overview": "sessioner",
    "members": "personer",
    "needs": "behov",
    "stays": "ophold",
    "items": "klar",
}


def today() -> date:
    return local_day(timezone.now())


@dataclass
class World:
    """One of each in Upernavik, and one of each in Sisimiut."""

    here: Pairing
    there: Pairing
    sessions: list[Session]
    rounds: list[Round]
    needs: list[Need]
    stays: list[Stay]
    coordinator: Person
    country: Person


def make_world() -> World:
    upernavik, sisimiut = make_town(), make_town("Sisimiut", "Qeqqata Kommunia")
    pairings = [make_pairing(place=place) for place in (upernavik, sisimiut)]
    begins = today() + timedelta(days=30)
    rounds = [
        make_round(place, title=title, starts_on=begins, ends_on=begins + timedelta(days=100))
        for place, title in ((upernavik, "Nord"), (sisimiut, "Syd"))
    ]
    places = (upernavik, sisimiut)
    return World(
        here=pairings[0],
        there=pairings[1],
        sessions=[
            send(pairing, at=timezone.now(), held_on=str(today() - timedelta(days=2)))
            for pairing in pairings
        ],
        rounds=rounds,
        needs=[
            make_need(planned, place, owner=make_person("leader", place=place, name=f"Leder {n}"))
            for n, (planned, place) in enumerate(zip(rounds, places, strict=True))
        ],
        stays=[
            make_stay(planned, make_mentor(place))
            for planned, place in zip(rounds, places, strict=True)
        ],
        coordinator=make_person("coordinator", place=upernavik, scope="municipality"),
        country=make_person("coordinator", scope="country"),
    )


def cells(response: Any) -> str:
    """The first column of a list."""
    return " · ".join(str(row[0]) for row in response.context["table"])
