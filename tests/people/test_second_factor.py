"""The second step: for whom it is demanded, and that nothing leads past it."""

import io
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from people.models import Person, Role
from tests.factories.people import (
    PASSWORD,
    TOTP_SECRET,
    add_totp,
    make_person,
    make_role,
    totp_code,
)

LOGIN = "/da/konto/log-ind/"
SET_UP = "/da/personer/totrin/"


@pytest.fixture(autouse=True)
def _demanded(settings) -> None:
    settings.SIDEMAND_SECOND_FACTOR = True


def with_password(person: Person, client: Client | None = None, **extra) -> Client:
    client = client or Client()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD, **extra})
    return client


@pytest.mark.parametrize("key", Role.Key.values)
def test_it_is_demanded_of_everybody_but_caseworkers(base: None, key: str) -> None:
    person = make_person(make_role(key))

    response = with_password(person).get(reverse("people:me"))

    if key == "caseworker":
        assert response.status_code == 200
    else:
        assert response["Location"] == SET_UP


def test_a_role_given_during_a_session_demands_it_from_the_next_page_on(base: None) -> None:
    person = make_person(make_role("caseworker"))
    client = with_password(person)
    before = client.get(reverse("people:me")).status_code
    role = make_role("mentor")
    role.person = person
    role.save()

    assert before == 200
    assert client.get(reverse("people:me"))["Location"] == SET_UP


def test_until_it_is_set_up_nothing_but_the_account_is_open(administrator: Person) -> None:
    client = with_password(administrator)

    closed = [reverse("people:people"), reverse("start"), "/admin/", reverse("people:new_person")]
    opened = [SET_UP, reverse("mfa_index"), reverse("account_change_password")]

    assert {client.get(url)["Location"] for url in closed} == {SET_UP}
    assert {client.get(url).status_code for url in opened} == {200}
    assert client.post(reverse("people:new_person"), {})["Location"] == SET_UP
    json = client.get(reverse("people:people"), headers={"accept": "application/json"})
    assert (json.status_code, json.json()) == (403, {"error": "second_factor"})
    assert client.post(reverse("account_logout")).status_code == 302


def test_a_code_app_is_set_up_with_recovery_codes(
    administrator: Person, django_capture_on_commit_callbacks
) -> None:
    client = with_password(administrator)
    asked = client.get(reverse("mfa_activate_totp"))
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_activate_totp"), {"code": totp_code(time.time(), secret)})

    assert done["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(done["Location"]).context["unused_codes"]
    assert len(codes) == 10
    assert client.get(reverse("people:people")).status_code == 200
    assert {message.subject for message in mail.outbox} == {"En kodeapp er sat op til din konto"}


def test_the_secret_does_not_lie_open_in_the_database(administrator: Person) -> None:
    add_totp(administrator.user)

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert TOTP_SECRET not in kept


def test_the_password_alone_signs_nobody_in_who_has_a_second_step(administrator: Person) -> None:
    add_totp(administrator.user)

    client = with_password(administrator)

    assert "_auth_user_id" not in client.session
    assert client.get(reverse("people:people"))["Location"].startswith(LOGIN)


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/login/?next=/admin/"])
def test_the_door_of_wagtail_leads_to_our_sign_in(base: None, path: str) -> None:
    editor = make_person(make_role("editor"))
    add_totp(editor.user)
    client = Client()

    page = client.get(path)
    posted = client.post(path, {"username": editor.email, "password": PASSWORD})

    assert page["Location"].startswith(LOGIN)
    assert posted["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/")["Location"].startswith(LOGIN)


def test_the_code_of_the_app_signs_in_and_counts_once(administrator: Person) -> None:
    add_totp(administrator.user)
    client = with_password(administrator)
    code = totp_code(time.time())

    done = client.post(reverse("mfa_authenticate"), {"code": code})
    again = with_password(administrator)
    replayed = again.post(reverse("mfa_authenticate"), {"code": code})

    assert done["Location"] == "/da/start/"
    assert client.get(reverse("people:people")).status_code == 200
    assert replayed.status_code == 200
    assert "_auth_user_id" not in again.session


def test_a_recovery_code_signs_in_once(administrator: Person) -> None:
    add_totp(administrator.user)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    tries = []
    for _ in range(2):
        client = with_password(administrator)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        tries.append("_auth_user_id" in client.session)

    assert tries == [True, False]


def test_codes_are_not_guessed(administrator: Person) -> None:
    add_totp(administrator.user)
    client = with_password(administrator)
    for _ in range(10):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    client.post(reverse("mfa_authenticate"), {"code": totp_code(time.time())})

    assert "_auth_user_id" not in client.session


def test_the_box_for_a_shared_computer_is_remembered_over_the_second_step(
    administrator: Person,
) -> None:
    from people.middleware import LAST_USED

    add_totp(administrator.user)
    client = with_password(administrator, shared="on")
    client.post(reverse("mfa_authenticate"), {"code": totp_code(time.time())})

    assert LAST_USED in client.session
    assert client.cookies["sessionid"]["max-age"] == ""


def test_the_last_second_step_stays_while_it_is_demanded(administrator: Person) -> None:
    add_totp(administrator.user)
    client = with_password(administrator)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(time.time())})

    client.post(reverse("mfa_reauthenticate"), {"code": totp_code(time.time() + 30)})

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(type="totp").exists()


def test_whoever_has_one_sees_the_explaining_page_without_harm(administrator: Person) -> None:
    add_totp(administrator.user)
    client = Client()
    client.force_login(administrator.user)

    assert client.get(SET_UP).status_code == 200


def test_who_lost_everything_begins_anew_from_the_command_line(
    administrator: Person, django_capture_on_commit_callbacks
) -> None:
    add_totp(administrator.user)
    client = with_password(administrator)
    client.post(reverse("mfa_authenticate"), {"code": totp_code(time.time())})

    with django_capture_on_commit_callbacks(execute=True):
        call_command("reset_second_factor", administrator.email, stdout=io.StringIO())

    assert not Authenticator.objects.exists()
    assert client.get(reverse("people:people"))["Location"].startswith(LOGIN)
    assert with_password(administrator).get(reverse("people:people"))["Location"] == SET_UP
    assert [message.to for message in mail.outbox] == [[administrator.email]]


def test_an_unknown_address_is_told_on_the_command_line(base: None) -> None:
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.org")
