"""One person is entered, invited, given a role and closed."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from people.models import Invitation, Person, Place, Role
from people.permissions import TRAINING_ROLES
from tests.factories.people import open_account
from tests.people.pages.looking import BUTTONS_OF_ONE, signed_in


def test_looking_at_a_person_is_logged_without_text(coordinator: Person, subject: Person) -> None:
    signed_in(coordinator).get(reverse("people:person", args=[subject.pk]))

    [line] = AccessLog.objects.filter(action="view")
    assert (line.actor, line.kind, line.record_id) == (
        coordinator.user,
        "people.person",
        str(subject.pk),
    )
    assert subject.name not in str(AccessLog.objects.values_list())


def test_the_list_leaves_a_line_for_everybody_it_shows(
    coordinator: Person, subject: Person
) -> None:
    shown = signed_in(coordinator).get(reverse("people:people")).context["page"]

    lines = AccessLog.objects.filter(action="list", actor=coordinator.user)
    assert set(lines.values_list("record_id", flat=True)) == {str(one.pk) for one in shown}
    assert str(subject.pk) in {line.record_id for line in lines}


def test_a_refused_look_at_a_person_leaves_no_line(mentor: Person, subject: Person) -> None:
    signed_in(mentor).get(reverse("people:person", args=[subject.pk]))

    assert not AccessLog.objects.filter(action__in=["view", "list"]).exists()


def new_person(**changes: str) -> dict[str, str]:
    return {
        "name": "Sagsbehandler Demo 9",
        "email": "ni@example.org",
        "language": "da",
        "key": "caseworker",
        "starts_on": "2026-01-01",
        "last_day": "",
    } | changes


def test_a_person_is_entered_with_a_role_and_invited(
    coordinator: Person, town: Place, django_capture_on_commit_callbacks
) -> None:
    client = signed_in(coordinator)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            reverse("people:new_person"), new_person(where=f"town:{town.pk}", invite="1")
        )

    person = Person.objects.get(email="ni@example.org")
    assert response["Location"] == reverse("people:person", args=[person.pk])
    assert [(role.key, role.place) for role in person.roles.all()] == [("caseworker", town)]
    assert [message.to for message in mail.outbox] == [["ni@example.org"]]


def test_the_form_offers_what_may_be_given(
    coordinator: Person, administrator: Person, town: Place, elsewhere: Place
) -> None:
    def offered(person: Person) -> tuple[set[str], str]:
        form = signed_in(person).get(reverse("people:new_person")).context["role_form"]
        keys = {key for key, _label in form.fields["key"].choices if key}
        return keys, str(form["where"])

    local_keys, local_places = offered(coordinator)
    all_keys, all_places = offered(administrator)

    assert local_keys == set(TRAINING_ROLES)
    assert all_keys == set(Role.Key.values)
    assert "Upernavik" in local_places
    assert "Sisimiut" not in local_places
    assert "Sisimiut" in all_places


@pytest.mark.parametrize(
    "forged",
    [{"where": "country"}, {"key": "administrator"}, {"where": "town:elsewhere"}],
)
def test_what_the_form_does_not_offer_it_does_not_take(
    coordinator: Person, town: Place, elsewhere: Place, forged: dict[str, str]
) -> None:
    forged = {key: value.replace("elsewhere", str(elsewhere.pk)) for key, value in forged.items()}
    data = new_person(**({"where": f"town:{town.pk}"} | forged))

    response = signed_in(coordinator).post(reverse("people:new_person"), data)

    assert response.status_code == 422
    assert not Person.objects.filter(email="ni@example.org").exists()


def test_an_address_that_somebody_has_is_told_at_the_field(
    coordinator: Person, mentor: Person, town: Place
) -> None:
    data = new_person(email=mentor.email.upper(), where=f"town:{town.pk}")

    response = signed_in(coordinator).post(reverse("people:new_person"), data)

    assert response.status_code == 422
    assert "En anden person har denne e-mailadresse." in response.content.decode()
    assert Person.objects.filter(email__iexact=mentor.email).count() == 1


def test_a_role_is_given_until_and_including_its_last_day(
    coordinator: Person, subject: Person, town: Place
) -> None:
    data = {
        "key": "travelling",
        "where": f"municipality:{town.municipality_id}",
        "starts_on": "2027-02-01",
        "last_day": "2027-05-31",
    }

    signed_in(coordinator).post(reverse("people:give_role", args=[subject.pk]), data)

    role = subject.roles.get(key="travelling")
    assert (str(role.starts_on), str(role.ends_on)) == ("2027-02-01", "2027-06-01")
    assert role.municipality == town.municipality


def test_a_refused_role_keeps_what_was_entered(
    coordinator: Person, subject: Person, town: Place
) -> None:
    data = {
        "key": "mentor",
        "where": f"town:{town.pk}",
        "starts_on": "2026-01-01",
        "last_day": "2026-12-31",
    }

    response = signed_in(coordinator).post(reverse("people:give_role", args=[subject.pk]), data)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Personen har allerede rollen i den tid." in page
    assert 'value="2026-12-31"' in page


def test_a_role_ends_now_or_on_a_day(coordinator: Person, subject: Person) -> None:
    client = signed_in(coordinator)
    role = subject.roles.get()
    url = reverse("people:end_role", args=[subject.pk, role.pk])

    client.post(url, {"last_day": "2099-12-31"})
    role.refresh_from_db()
    later = str(role.ends_on)
    client.post(url, {"now": "1"})
    role.refresh_from_db()

    assert later == "2100-01-01"
    assert not role.is_valid_on(timezone.localdate())


def test_invitation_again_withdraw_close_and_reopen(coordinator: Person, subject: Person) -> None:
    client = signed_in(coordinator)

    def press(name: str) -> str:
        page = client.post(reverse(name, args=[subject.pk]), follow=True)
        return " ".join(str(message) for message in page.context["messages"])

    told = [press("people:invite"), press("people:invite"), press("people:withdraw")]
    sending = subject.invitations.get().sending
    nothing = press("people:withdraw")
    open_account(subject)
    told += [press("people:close_account"), press("people:reopen_account")]

    assert sending == 2
    assert nothing == "Invitationen er ikke længere åben."
    assert told[2:] == [
        "Invitationen er trukket tilbage. Linket virker ikke længere.",
        "Kontoen er lukket. Du kan åbne den igen.",
        "Kontoen er åben igen.",
    ]


def test_nothing_changes_on_get(coordinator: Person, subject: Person) -> None:
    client = signed_in(coordinator)

    answers = {
        name: client.get(reverse(name, args=[subject.pk])).status_code for name in BUTTONS_OF_ONE
    }

    assert answers == {
        "people:invite": 405,
        "people:withdraw": 405,
        "people:close_account": 200,
        "people:reopen_account": 405,
    }
    assert not Invitation.objects.exists()


def test_a_workplace_is_added_and_ended(coordinator: Person, subject: Person, town: Place) -> None:
    client = signed_in(coordinator)
    client.post(
        reverse("people:add_affiliation", args=[subject.pk]),
        {
            "organisation": town.municipality_id,
            "place": town.pk,
            "profession": "social_worker",
            "starts_on": "2026-01-01",
        },
    )
    affiliation = subject.affiliations.get()

    client.post(reverse("people:end_affiliation", args=[subject.pk, affiliation.pk]))

    affiliation.refresh_from_db()
    assert affiliation.ends_on == timezone.localdate()
