"""What the file tests share."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from people.models import User


@pytest.fixture(autouse=True)
def _base(base: None) -> None:
    """Every test here has a root collection, and Wagtail remembers no size of another's image."""
    cache.clear()


class Reader(Client):
    """A browser that reads what it asks for to its end."""

    def request(self, **environ: Any) -> Any:
        response = super().request(**environ)
        response.read = b"".join(response) if response.streaming else response.content
        return response


@pytest.fixture
def client() -> Client:
    """A browser in which nobody has signed in."""
    return Reader()


@pytest.fixture
def user() -> User:
    """Somebody with an account and no role."""
    return User.objects.create(email="nogen@example.org")


@pytest.fixture
def as_user(client: Client, user: User) -> Client:
    """A browser in which ``user`` has signed in."""
    client.force_login(user)
    return client
