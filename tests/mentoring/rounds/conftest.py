"""Who plans a round, and one to plan."""

import pytest
from django.test import Client

from mentoring.models import Round
from people.models import Person
from tests.factories.mentoring import make_person
from tests.factories.rounds import (
    make_round,
)
from tests.mentoring.rounds.looking import Browse


@pytest.fixture
def coordinator() -> Person:
    return make_person("coordinator", scope="municipality")


@pytest.fixture
def client(coordinator: Person, browse: Browse) -> Client:
    return browse(coordinator)


@pytest.fixture
def planned() -> Round:
    return make_round()
