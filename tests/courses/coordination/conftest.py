"""A coordinator who has signed in, a path, and one person in each state."""

import pytest

from tests.courses.coordination.people import caseworker, walk
from tests.factories.courses import (
    make_course,
    make_lesson,
    make_module,
    make_path,
    make_question,
)
from tests.factories.people import make_person, make_role, make_town


@pytest.fixture(autouse=True)
def _password_alone(settings):
    settings.SIDEMAND_SECOND_FACTOR = False


@pytest.fixture
def path():
    module = make_module(make_course())
    make_lesson(module, questions=[make_question().pk])
    return make_path(module)


@pytest.fixture
def coordinator(client):
    person = make_person(
        make_role("coordinator", make_town().municipality), name="Koordinator Demo 1"
    )
    client.force_login(person.user)
    return person


@pytest.fixture
def everybody(path):
    """One in each state, and one elsewhere."""
    walk(caseworker("Anna Sen"), path, due=-1, last=1)
    walk(caseworker("Bo Fast"), path, assigned=20)
    caseworker("Cecilie Uden")
    walk(caseworker("Dines Færdig"), path, done=1)
    walk(caseworker("Else Undervejs"), path, due=3, last=1)
    walk(caseworker("Frank Fjern", "Sisimiut"), path, due=-1)
