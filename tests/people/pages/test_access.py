"""Who opens the pages of people, and whom they find there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import Invitation, Person, Place, Role
from tests.factories.people import make_person, make_role
from tests.people.pages.looking import BUTTONS_OF_ONE, signed_in, urls_of


def test_anonymous_is_led_to_the_sign_in_and_back(client: Client, subject: Person) -> None:
    url = reverse("people:person", args=[subject.pk])

    assert client.get(url)["Location"] == f"/da/konto/log-ind/?next={url}"
    assert client.post(reverse("people:invite", args=[subject.pk]))["Location"] == (
        "/da/konto/log-ind/?next=/da/start/"
    )
    assert client.get(url, headers={"accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("key", sorted(set(Role.Key.values) - {"coordinator", "administrator"}))
def test_other_roles_are_refused_everywhere(town: Place, subject: Person, key: str) -> None:
    client = signed_in(make_person(make_role(key)))

    shared = [reverse("people:people"), reverse("people:new_person")]
    assert {client.get(url).status_code for url in shared} == {403}
    for name, url in urls_of(subject).items():
        method = client.post if name in BUTTONS_OF_ONE else client.get
        assert method(url).status_code == 403, name
    assert not Invitation.objects.exists()


def test_a_role_that_has_ended_and_an_account_without_a_person_are_refused(town: Place) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    former = make_person(make_role("coordinator", town.municipality, ends_on=yesterday))
    nobody = make_person()
    user = nobody.user
    Person.objects.filter(pk=nobody.pk).update(user=None)
    client = Client()
    client.force_login(user)

    assert signed_in(former).get(reverse("people:people")).status_code == 403
    assert client.get(reverse("people:me")).status_code == 403


def test_a_person_outside_the_scope_is_not_there(coordinator: Person, elsewhere: Place) -> None:
    away = make_person(make_role("mentor", elsewhere), account=False)
    client = signed_in(coordinator)

    for name, url in urls_of(away).items():
        method = client.post if name in BUTTONS_OF_ONE else client.get
        assert method(url).status_code == 404, name


def test_a_person_with_a_role_beyond_the_scope_is_seen_but_not_managed(
    coordinator: Person, subject: Person, elsewhere: Place
) -> None:
    foreign = make_role("mentor", elsewhere)
    foreign.person = subject
    foreign.save()
    client = signed_in(coordinator)

    page = client.get(reverse("people:person", args=[subject.pk]))
    edit = client.get(reverse("people:edit_person", args=[subject.pk]))
    end = client.get(reverse("people:end_role", args=[subject.pk, foreign.pk]))

    assert page.status_code == 200
    assert "Ret oplysninger" not in page.content.decode()
    assert (edit.status_code, end.status_code) == (403, 403)


def test_nobody_manages_oneself(administrator: Person) -> None:
    client = signed_in(administrator)

    assert client.get(reverse("people:give_role", args=[administrator.pk])).status_code == 403
    assert client.post(reverse("people:close_account", args=[administrator.pk])).status_code == 403
