"""Who takes part in most tests about people."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from people import actions
from people.middleware import LAST_USED
from people.models import Person, Place
from people.permissions import Standing, standing_on
from tests.factories.people import AT, make_person, make_role, make_town


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Attempts of one test do not count in the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def town(base: None) -> Place:
    return make_town("Upernavik")


@pytest.fixture
def elsewhere(base: None) -> Place:
    return make_town("Sisimiut")


@pytest.fixture
def administrator(base: None) -> Person:
    return make_person(make_role("administrator"), name="Administrator Demo")


@pytest.fixture
def coordinator(town: Place) -> Person:
    """Coordinates the municipality of ``town``."""
    return make_person(make_role("coordinator", town.municipality), name="Koordinator Demo")


@pytest.fixture
def mentor(town: Place) -> Person:
    return make_person(make_role("mentor", town), name="Mentor Demo")


def standing(person: Person) -> Standing:
    """What ``person`` may do at the moment the tests act."""
    return standing_on(person.user, AT.date())


def how_long(client: Client) -> tuple[bool, int | str]:
    """Whether idle time is counted, and how long the cookie stays."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return LAST_USED in client.session, cookie["max-age"]


#: On one's own computer, and on a shared one.
ALONE, SHARED = (False, 30 * 24 * 3600), (True, "")

COMMAND_LINE = actions.command_line(AT)
NOW = timezone.now
