"""Who enters Wagtail's admin."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people import actions
from people.models import Role, User
from people.permissions import ADMIN_ROLES
from tests.factories.people import make_person, make_role
from tests.people.conftest import COMMAND_LINE


@pytest.mark.parametrize("key", Role.Key.values)
def test_a_role_of_content_opens_it(base: None, client: Client, key: str) -> None:
    person = make_person()
    actions.give_role(person, make_role(key), by=COMMAND_LINE, at=timezone.now())
    client.force_login(person.user)

    assert client.get("/admin/").status_code == (200 if key in ADMIN_ROLES else 403)


def test_a_role_that_has_ended_closes_it_before_the_group_is_gone(
    base: None, client: Client
) -> None:
    person = make_person()
    role = actions.give_role(person, make_role("editor"), by=COMMAND_LINE, at=timezone.now())
    Role.objects.filter(pk=role.pk).update(ends_on=timezone.now().date() - timedelta(days=1))
    client.force_login(person.user)

    assert person.user.groups.exists()
    assert client.get("/admin/").status_code == 403


def test_a_superuser_of_the_command_line_enters(base: None, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "en rolig dag i juni"))

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/groups/", "/admin/users/new/"])
def test_accounts_and_groups_are_not_looked_after_there(
    base: None, client: Client, path: str
) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "en rolig dag i juni"))

    assert client.get(path, follow=True).status_code == 404


def test_the_menu_does_not_offer_them(base: None, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "en rolig dag i juni"))

    page = client.get("/admin/").content.decode()

    assert "/admin/users/" not in page
    assert "/admin/groups/" not in page


def test_anonymous_is_led_to_the_sign_in(base: None, client: Client) -> None:
    assert client.get("/admin/")["Location"].startswith("/da/konto/log-ind/")


def test_the_own_settings_of_wagtail_open(base: None, client: Client) -> None:
    person = make_person()
    actions.give_role(person, make_role("editor"), by=COMMAND_LINE, at=timezone.now())
    client.force_login(person.user)

    assert client.get("/admin/account/").status_code == 200
