"""What the tests of pages share: a pairing of today, and browsers that are signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.periods import local_day
from mentoring.models import Pairing, Session
from people.models import Person
from tests.factories.mentoring import make_pairing, send


@pytest.fixture
def pairing(db: None) -> Pairing:
    return make_pairing(mentors=2, caseworkers=2)


@pytest.fixture
def browse() -> Callable[[Person], Client]:
    """A browser in which this person has signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        assert person.user is not None
        client.force_login(person.user)
        return client

    return signed_in


@pytest.fixture
def count_queries(browse: Callable[[Person], Client]) -> Callable[[Person, str], int]:
    """How many queries a person's page takes, once it is warm."""

    def counting(person: Person, address: str) -> int:
        client = browse(person)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return counting


@pytest.fixture
def sent(pairing: Pairing) -> Callable[..., Session]:
    """Sends a session of today in the pairing."""

    def sending(**changes: Any) -> Session:
        at = timezone.now()
        return send(
            changes.pop("pairing", pairing), at=at, **{"held_on": str(local_day(at)), **changes}
        )

    return sending
