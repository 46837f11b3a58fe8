"""A pairing of today with a log, and somebody to take over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.models import Pairing, Session
from people.models import Person
from tests.factories.mentoring import make_pairing, make_person, send
from tests.mentoring.handover.doing import OLD, SECRET, today


@pytest.fixture
def pairing(db: None) -> Pairing:
    """One mentor, two caseworkers; the mentor leaves in ten days."""
    made = make_pairing(caseworkers=2)
    made.members.filter(side="mentor").update(ends_on=today() + timedelta(days=10))
    return made


@pytest.fixture
def receiver(pairing: Pairing) -> Person:
    return make_person(
        "travelling", scope="municipality", place=pairing.place, name="Rejsende Demo"
    )


@pytest.fixture
def logged(pairing: Pairing) -> list[Session]:
    """Four sessions, of which the receiver reads three."""
    texts = [SECRET, "Den anden session.", "Den tredje session.", OLD]
    return [
        send(
            pairing,
            at=timezone.now(),
            held_on=str(today() - timedelta(days=number)),
            went_well=text,
            next_step="",
        )
        for number, text in enumerate(texts)
    ]
