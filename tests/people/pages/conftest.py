"""Somebody whose page is looked at."""

import pytest

from people.models import Person, Place
from tests.factories.people import make_person, make_role


@pytest.fixture
def subject(town: Place) -> Person:
    """A mentor in the coordinator's scope who has no account yet."""
    return make_person(make_role("mentor", town), account=False, name="Ny Mentor Demo")
