"""Somebody who works in the admin."""

import pytest

from people import groups
from tests.factories.mentoring import make_person


@pytest.fixture(autouse=True)
def _password_alone(settings):
    settings.SIDEMAND_SECOND_FACTOR = False


@pytest.fixture
def as_role(client):
    """Sign somebody in who holds a role of the admin today."""

    def sign_in(key):
        person = make_person(key, scope="country")
        person.user.groups.add(groups.ensure()[key])
        client.force_login(person.user)
        return person

    return sign_in
