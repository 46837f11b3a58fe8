"""Browsers in which somebody has signed in who may enter Wagtail's admin."""

from django.test import Client
from django.utils import timezone

from pages import setup
from people.actions import sync_groups
from people.models import User
from tests.factories.people import make_person, make_role


def make_user(key: str) -> User:
    """An account with the role ``key`` in the whole country, in its group."""
    setup.grant_permissions()
    person = make_person(make_role(key), name=f"{key.title()} Demo")
    sync_groups(at=timezone.now())
    assert person.user is not None
    return User.objects.get(pk=person.user.pk)


def admin_browser(key: str) -> Client:
    """A browser in which somebody with the role ``key`` has signed in."""
    client = Client()
    client.force_login(make_user(key))
    return client
