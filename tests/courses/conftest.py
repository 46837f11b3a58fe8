"""Courses are tested by themselves: without the pages, which say who may read a lesson."""

import pytest
from django.test import Client

from courses import access
from people.models import Person
from tests.factories.courses import make_learner


@pytest.fixture(autouse=True)
def _no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_gates", [])


@pytest.fixture
def learner(base: None, client: Client) -> Person:
    """Somebody who has signed in."""
    person = make_learner()
    client.force_login(person.user)
    return person
