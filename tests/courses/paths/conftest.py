"""A path of two modules, who walks it, and who looks after them."""

import pytest

from people.permissions import standing_of
from tests.factories.courses import (
    make_course,
    make_lesson,
    make_module,
    make_path,
    make_question,
)
from tests.factories.people import AT, make_person, make_role, make_town


@pytest.fixture
def modules():
    """Two modules: one with two lessons, one with a single lesson that asks a question."""
    course = make_course()
    first, second = make_module(course, 1), make_module(course, 2)
    make_lesson(first, 1)
    make_lesson(first, 2)
    make_lesson(second, 1, questions=[make_question().pk])
    return first, second


@pytest.fixture
def path(modules):
    return make_path(*modules)


@pytest.fixture
def learner():
    return make_person(make_role("caseworker", make_town()))


@pytest.fixture
def coordinator():
    """The standing of a coordinator of Avannaata."""
    return standing_of(make_person(make_role("coordinator", make_town().municipality)).user, at=AT)
