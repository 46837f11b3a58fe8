"""The places, and the first account of an empty database."""

import io
import re
from datetime import UTC, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import access_log
from people.models import Organisation, Person, Place, Role, User
from tests.factories.people import PASSWORD, make_person, make_role


def test_places_are_loaded_once_however_often(base: None) -> None:
    for _ in range(2):
        call_command("load_places", stdout=io.StringIO())

    towns = Place.objects.select_related("municipality")
    assert towns.count() == 17
    assert len({town.municipality for town in towns}) == 5
    assert {town.name for town in towns if town.dialect == "north"} == {"Qaanaaq"}
    assert {town.name for town in towns if town.dialect == "east"} == {
        "Tasiilaq",
        "Ittoqqortoormiit",
    }
    divided = Organisation.objects.get(key="qaasuitsup")
    assert {str(item) for item in divided.successors.all()} == {
        "Avannaata Kommunia",
        "Kommune Qeqertalik",
    }
    assert set(divided.successors.values_list("starts_on", flat=True)) == {divided.ends_on}


def test_loading_again_mends_what_was_changed_and_keeps_what_was_added(base: None) -> None:
    call_command("load_places", stdout=io.StringIO())
    Place.objects.filter(key="nuuk").update(link="radio")
    Organisation.objects.create(key="skole", kind="school", name="Skole", starts_on="2020-01-01")

    call_command("load_places", stdout=io.StringIO())

    assert Place.objects.get(key="nuuk").link == "good"
    assert Organisation.objects.filter(key="skole").exists()


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_administrator", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_printed_link_leads_to_an_administrator(base: None, client: Client) -> None:
    link = run("a@example.org", "Administrator Demo")

    client.get(link.removeprefix("http://localhost:8000"))
    client.post(reverse("account_signup"), {"email": "a@example.org", "password1": PASSWORD})

    person = Person.objects.get()
    assert re.fullmatch(r"http://localhost:8000/da/personer/invitation/\S+/", link)
    assert person.user.standing.has(Role.Key.ADMINISTRATOR)
    assert not person.user.is_superuser
    assert client.get(reverse("people:people")).status_code == 200


def test_a_password_from_standard_input_opens_the_account_at_once(
    base: None, client: Client, monkeypatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))

    run("a@example.org", "Administrator Demo", "--password-stdin")

    login = {"login": "a@example.org", "password": PASSWORD}
    assert client.post("/da/konto/log-ind/", login).status_code == 302


@pytest.mark.parametrize("password", ["kort", "password"])
def test_a_weak_password_creates_nobody(base: None, monkeypatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))

    with pytest.raises(CommandError):
        run("a@example.org", "Administrator Demo", "--password-stdin")

    assert not Person.objects.exists()


def test_a_lost_link_is_asked_for_again_and_the_first_leads_nowhere(
    base: None, client: Client
) -> None:
    lost, found = (run(email, "Administrator Demo") for email in ("a@example.org", "A@example.org"))

    sign_up = {"email": "a@example.org", "password1": PASSWORD}
    for link, has_account in [(lost, False), (found, True)]:
        client.get(link.removeprefix("http://localhost:8000"))
        client.post(reverse("account_signup"), sign_up)
        assert User.objects.exists() is has_account
    assert Person.objects.get().user.standing.has(Role.Key.ADMINISTRATOR)


def test_a_password_instead_of_a_lost_link_opens_the_account_and_ends_the_link(
    base: None, client: Client, monkeypatch
) -> None:
    lost = run("a@example.org", "Administrator Demo")
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    run("a@example.org", "Administrator Demo", "--password-stdin")

    client.get(lost.removeprefix("http://localhost:8000"))
    client.post(reverse("account_signup"), {"email": "a@example.org", "password1": "en helt anden"})

    login = {"login": "a@example.org", "password": PASSWORD}
    assert Client().post("/da/konto/log-ind/", login).status_code == 302
    assert User.objects.count() == 1


@pytest.mark.parametrize("role", ["administrator", "mentor"])
def test_a_second_with_the_same_address_is_refused(base: None, monkeypatch, role: Role.Key) -> None:
    if role == "mentor":
        make_person(make_role(role), name="Mentor Demo", email="a@example.org")
    else:
        monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
        run("a@example.org", "Administrator Demo", "--password-stdin")
    accounts = User.objects.count()

    with pytest.raises(CommandError, match="e-mail"):
        run("A@example.org", "Administrator Demo 2")

    assert Person.objects.count() == 1
    assert User.objects.count() == accounts


@pytest.mark.usefixtures("base")
def test_every_permission_that_a_group_should_hold_exists() -> None:
    """Holds once all migrations have run; without them, wagtail-localize lacks its own."""
    from people import groups

    assert groups.missing() <= {"wagtail_localize.submit_translation"}


def test_the_access_log_is_read_by_whoever_runs_the_site(base: None) -> None:
    looker = make_person(make_role("administrator"), name="Administrator Demo")
    looked_at = make_person(name="Mentor Demo")
    now = timezone.now()
    access_log.record(looker.user, "view", looked_at, at=now)
    access_log.record(looker.user, "change", looker, at=now - timedelta(days=100))

    def lines(*arguments: str) -> list[list[str]]:
        out = io.StringIO()
        call_command("access_log", *arguments, stdout=out)
        return [line.split(";") for line in out.getvalue().splitlines()[1:]]

    about = [now.astimezone(UTC).isoformat(timespec="seconds"), looker.email, "view"]
    about += ["people.person", str(looked_at.pk)]
    assert lines(looked_at.email.upper()) == [about]
    assert lines(looker.email, "--by") == [about]
    assert [line[2] for line in lines(looker.email, "--by", "--days", "200")] == ["view", "change"]
    assert lines(looked_at.email)[0][1:3] == ["command line", "read_log"]
    with pytest.raises(CommandError):
        call_command("access_log", "nobody@example.org", stdout=io.StringIO())
