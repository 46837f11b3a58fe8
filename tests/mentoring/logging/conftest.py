import pytest

from mentoring.models import Pairing
from people.models import Person
from tests.factories.mentoring import caseworker_of, mentor_of
from tests.mentoring.logging.device import Device


@pytest.fixture
def mentor(pairing: Pairing) -> Person:
    return mentor_of(pairing)


@pytest.fixture
def colleague(pairing: Pairing) -> Person:
    return caseworker_of(pairing)


@pytest.fixture
def device(pairing: Pairing, mentor: Person) -> Device:
    return Device(mentor, pairing)
