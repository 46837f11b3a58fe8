"""What the page tests share."""

from collections.abc import Callable

import pytest
from django.test import Client

from pages.rendering import bodies
from people.models import Person
from tests.factories.courses import make_learner

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _base(base: None) -> None:
    """Every test here has languages, a root page and a root collection; no body is kept."""
    bodies.clear()


@pytest.fixture
def learner() -> Person:
    """Somebody who may sign in and has no role."""
    return make_learner("Sagsbehandler Demo 1")


@pytest.fixture
def as_learner(client: Client, learner: Person) -> Client:
    """A browser in which ``learner`` has signed in."""
    client.force_login(learner.user)
    return client
