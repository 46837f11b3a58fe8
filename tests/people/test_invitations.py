"""From an invitation to an account: once, to the invited address, within fourteen days."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people import actions, invitations
from people.actions import PeopleRefused
from people.models import Invitation, Person, Place, User
from tests.at_once import at_once
from tests.factories.people import AT, PASSWORD, make_person, make_role
from tests.people.conftest import ALONE, COMMAND_LINE, SHARED, how_long, standing


@pytest.fixture
def invited(town: Place) -> Person:
    return make_person(
        make_role("caseworker", town),
        account=False,
        name="Sagsbehandler Demo",
        email="ny@example.org",
    )


def invite(person: Person, *, at=None, by=COMMAND_LINE) -> Invitation:
    return actions.invite(person, by, at=at or timezone.now())


def follow(client: Client, invitation: Invitation):
    return client.get(invitations.link_to(invitation).removeprefix("http://localhost:8000"))


def sign_up(client: Client, email: str = "ny@example.org", password: str = PASSWORD, **posted: str):
    form = {"email": email, "password1": password, **posted}
    return client.post(reverse("account_signup"), form)


def test_the_mail_leads_to_an_account_that_is_the_persons(
    client: Client, invited: Person, coordinator: Person, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invite(invited, by=standing(coordinator))
    [message] = mail.outbox
    link = re.search(r"http\S+", message.body)[0]

    landed = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    done = sign_up(client)

    assert (message.to, message.subject) == (["ny@example.org"], "Du er inviteret til Sidemand")
    assert "Koordinator Demo inviterer dig" in message.body
    assert link in message.alternatives[0].content
    assert landed.context["form"]["email"].value() == "ny@example.org"
    assert done["Location"] == "/da/start/"
    invited.refresh_from_db()
    assert invited.user == User.objects.get(email="ny@example.org")
    assert client.session["_auth_user_id"] == str(invited.user.pk)
    assert invited.invitations.get().state(at=timezone.now()) == "accepted"


def test_a_password_chosen_a_moment_ago_is_not_asked_for_again(
    client: Client, invited: Person
) -> None:
    follow(client, invite(invited))
    sign_up(client)

    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.parametrize(("posted", "lasts"), [({}, ALONE), ({"shared": "on"}, SHARED)])
def test_the_first_session_lasts_as_long_as_was_chosen(
    client: Client, invited: Person, posted: dict[str, str], lasts: tuple[bool, int | str]
) -> None:
    follow(client, invite(invited))
    page = client.get(reverse("account_signup"))

    sign_up(client, **posted)

    assert 'name="shared"' in page.content.decode()
    assert how_long(client) == lasts


def test_the_link_is_in_no_row_of_the_database(invited: Person) -> None:
    invitation = invite(invited)
    token = invitations.link_to(invitation).rstrip("/").rpartition("/")[2]
    signature = token.rpartition(".")[2]

    kept = [str(row) for row in Invitation.objects.values_list()]

    assert signature not in "".join(kept)


def test_without_an_invitation_there_is_no_account(client: Client, base: None) -> None:
    page = client.get(reverse("account_signup"))
    posted = sign_up(client)

    assert "Du får en konto ved invitation" in page.content.decode()
    assert posted.status_code == 200
    assert not User.objects.exists()


def test_another_address_than_the_invited_one_gets_no_account(
    client: Client, invited: Person
) -> None:
    follow(client, invite(invited))

    response = sign_up(client, email="other@example.org")

    assert "Invitationen er sendt til en anden adresse" in response.content.decode()
    assert not User.objects.exists()


def test_a_link_serves_once(client: Client, invited: Person) -> None:
    invitation = invite(invited)
    follow(client, invitation)
    sign_up(client)

    again = follow(Client(), invitation)

    assert again.status_code == 410
    assert "Invitationen er brugt" in again.content.decode()


def test_pressing_twice_makes_one_account(invited: Person) -> None:
    invitation = invite(invited)
    first, second = Client(), Client()
    follow(first, invitation)
    follow(second, invitation)

    sign_up(first)
    response = sign_up(second)

    assert response.status_code in {200, 302}
    assert User.objects.count() == 1


def test_sending_again_makes_the_earlier_link_worthless(client: Client, invited: Person) -> None:
    old = invitations.link_to(invite(invited))
    new = invite(invited)

    answer = client.get(old.removeprefix("http://localhost:8000"))

    assert answer.status_code == 410
    assert "nyere invitation" in answer.content.decode()
    assert follow(client, new)["Location"] == reverse("account_signup")


def test_a_session_that_followed_an_earlier_link_makes_no_account(
    client: Client, invited: Person
) -> None:
    follow(client, invite(invited))
    invite(invited)

    sign_up(client)

    assert not User.objects.exists()


def test_a_withdrawn_invitation_leads_nowhere(client: Client, invited: Person) -> None:
    invitation = invite(invited)
    follow(client, invitation)
    actions.withdraw_invitation(invitation, COMMAND_LINE, at=timezone.now())

    sign_up(client)

    assert follow(Client(), invitation).status_code == 410
    assert not User.objects.exists()


def test_a_forged_link_is_not_found(client: Client, invited: Person) -> None:
    invitation = invite(invited)

    forged = reverse("people:invitation", args=[f"{invitation.pk}.1.forged"])

    assert client.get(forged).status_code == 404


@pytest.mark.parametrize(("age", "status"), [(timedelta(days=14), 410), (timedelta(days=13), 302)])
def test_a_link_works_for_fourteen_days(
    client: Client, invited: Person, age: timedelta, status: int
) -> None:
    invitation = invite(invited, at=timezone.now() - age)

    assert follow(client, invitation).status_code == status


def test_asking_for_a_new_one_tells_the_sender_once(
    client: Client, invited: Person, coordinator: Person, django_capture_on_commit_callbacks
) -> None:
    invitation = invite(invited, at=timezone.now() - timedelta(days=20), by=standing(coordinator))
    link = invitations.link_to(invitation).removeprefix("http://localhost:8000")

    with django_capture_on_commit_callbacks(execute=True):
        client.post(link)
        client.post(link)

    assert [message.to for message in mail.outbox] == [[coordinator.email]]
    assert "beder om en ny" in mail.outbox[0].subject


def test_who_may_not_manage_the_person_does_not_invite(
    coordinator: Person, elsewhere: Place
) -> None:
    person = make_person(make_role("mentor", elsewhere), account=False)

    with pytest.raises(PermissionDenied):
        actions.invite(person, standing(coordinator), at=AT)


def test_an_address_that_has_an_account_is_not_invited(town: Place, mentor: Person) -> None:
    person = make_person(make_role("mentor", town), account=False, email="second@example.org")
    mentor.user.email = "second@example.org"
    mentor.user.save()

    with pytest.raises(PeopleRefused) as refusal:
        invite(person)

    assert refusal.value.code == "account"


def test_signed_in_as_somebody_else_the_link_asks_to_sign_out(
    client: Client, invited: Person, mentor: Person
) -> None:
    client.force_login(mentor.user)

    response = follow(client, invite(invited))

    assert "Log ud, og åbn linket igen" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_again_while_it_is_accepted(base: None) -> None:
    from tests.factories.people import make_town

    for number in range(5):
        email = f"a{number}@example.org"
        person = make_person(make_role("caseworker", make_town()), account=False, email=email)
        invitation = actions.invite(person, COMMAND_LINE, at=timezone.now())

        def send_or_accept(which: int, person=person, invitation=invitation, email=email) -> str:
            if which:
                actions.invite(person, COMMAND_LINE, at=timezone.now())
                return "sent"
            actions.accept_invitation(
                invitation, lambda: User.objects.create_user(email, PASSWORD), at=timezone.now()
            )
            return "account"

        answers = at_once(2, send_or_accept, refusals=(PeopleRefused,))

        assert {one for one in answers if isinstance(one, str)}
        person.refresh_from_db()
        assert (person.user_id is not None) == ("account" in answers)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_served(base: None) -> None:
    from tests.factories.people import make_town

    person = make_person(make_role("caseworker", make_town()), account=False, email="a@example.org")
    invitation = actions.invite(person, COMMAND_LINE, at=timezone.now())
    outcomes: list[str] = []
    together = threading.Barrier(6)

    def accept() -> None:
        together.wait()
        try:
            actions.accept_invitation(
                invitation,
                lambda: User.objects.create_user("a@example.org", PASSWORD),
                at=timezone.now(),
            )
            outcomes.append("account")
        except PeopleRefused as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept) for _ in range(6)]
    if connection.vendor == "sqlite":  # one file in memory: one after the other
        together = threading.Barrier(1)
        for thread in threads:
            thread.start()
            thread.join()
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(outcomes) == ["account", *["over"] * 5]
    assert User.objects.count() == 1
