"""Organisations are entered, corrected and ended by administrators; the past stays."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core.models import AccessLog
from people import actions
from people.models import LanguageSkill, Organisation, Person, Place
from tests.factories.people import AT, make_person, make_role
from tests.people.conftest import COMMAND_LINE, standing

LIST = "/da/personer/organisationer/"
NEW = "/da/personer/organisationer/ny/"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def enter(name: str = "Udlånskommune Demo C", **changes: Any) -> Organisation:
    fields = {"kind": "lender", "name": name, "starts_on": date(2020, 1, 1), **changes}
    return actions.create_organisation(COMMAND_LINE, **fields, at=AT)


def edit(organisation: Organisation, **changes: Any) -> None:
    kept = {name: getattr(organisation, name) for name in ("kind", "name", "starts_on", "ends_on")}
    fields = {**kept, "successors": organisation.successors.all(), **changes}
    actions.edit_organisation(organisation, COMMAND_LINE, **fields, at=AT)


def test_an_administrator_enters_one_and_somebody_works_there(
    administrator: Person, mentor: Person
) -> None:
    client = signed_in(administrator)

    response = client.post(
        NEW, {"name": "Udlånskommune Demo C", "kind": "lender", "starts_on": "2020-01-01"}
    )

    assert response["Location"] == LIST
    organisation = Organisation.objects.get(name="Udlånskommune Demo C")
    assert AccessLog.objects.get(action="create", record_id=str(organisation.pk))
    assert "Udlånskommune Demo C" in client.get(LIST).content.decode()
    client.post(
        reverse("people:add_affiliation", args=[mentor.pk]),
        {
            "organisation": organisation.pk,
            "profession": "social_worker",
            "starts_on": "2026-01-01",
        },
    )
    assert mentor.affiliations.get().organisation == organisation


@pytest.mark.parametrize("key", ["coordinator", "leader", "editor"])
def test_nobody_else_does(base: None, key: str) -> None:
    client = signed_in(make_person(make_role(key)))
    organisation = enter()

    for address in (LIST, NEW, reverse("people:organisation", args=[organisation.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, {"name": "X"}).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.create_organisation(
            standing(make_person(make_role(key))),
            kind="lender",
            name="Y",
            starts_on=date(2020, 1, 1),
            at=AT,
        )


def test_a_new_name_is_a_new_organisation_and_the_old_one_keeps_its_own(
    administrator: Person,
) -> None:
    old, new = enter("Styrelsen A"), enter("Styrelsen B", starts_on=date(2025, 1, 1))
    client = signed_in(administrator)
    address = reverse("people:organisation", args=[old.pk])
    sent = {"name": "Styrelsen A", "kind": "agency", "starts_on": "2020-01-01"}

    refused = client.post(address, sent | {"successors": [new.pk]})
    assert refused.status_code == 422
    client.post(address, sent | {"successors": [new.pk], "last_day": "2024-12-31"})

    old.refresh_from_db()
    assert (old.kind, old.ends_on, old.successors.get()) == ("agency", date(2025, 1, 1), new)
    shown = " ".join(client.get(LIST).content.decode().split())
    assert "Efterfulgt af Styrelsen B" in shown


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "styrelsen b"}, "taken"),
        ({"itself": True, "ends_on": date(2025, 1, 1)}, "successor"),
    ],
)
def test_what_would_confuse_is_refused(base: None, changes: dict[str, Any], code: str) -> None:
    organisation = enter("Styrelsen A")
    enter("Styrelsen B")
    if changes.pop("itself", False):
        changes["successors"] = [organisation]

    with pytest.raises(actions.PeopleRefused) as refusal:
        edit(organisation, **changes)

    assert refusal.value.code == code
    organisation.refresh_from_db()
    assert (organisation.name, organisation.ends_on) == ("Styrelsen A", None)


def test_two_of_one_name_at_different_times_have_keys_of_their_own(base: None) -> None:
    first = enter("Styrelsen A")
    edit(first, ends_on=date(2022, 1, 1))

    second = enter("Styrelsen A", starts_on=date(2022, 1, 1))

    first.refresh_from_db()
    assert (first.key, second.key) == ("styrelsen-a", "styrelsen-a-2")


def test_what_comes_with_the_product_follows_it(administrator: Person) -> None:
    call_command("load_places", verbosity=0)
    own = Organisation.objects.get(key="avannaata")

    address = reverse("people:organisation", args=[own.pk])

    assert signed_in(administrator).get(address).status_code == 404
    with pytest.raises(actions.PeopleRefused) as refusal:
        edit(own, name="Noget andet")
    assert refusal.value.code == "file"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "-".join(["010170", "1234"])),
        ("name", "x" * 121),
        ("kind", "x"),
        ("starts_on", "x"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(administrator: Person, field: str, value: str) -> None:
    sent = {"name": "Skolen", "kind": "school", "starts_on": "2020-01-01"} | {field: value}

    response = signed_in(administrator).post(NEW, sent)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Organisation.objects.filter(kind="school").exists()


# --- Languages of somebody without an account -----------------------------------------------------


def test_a_coordinator_notes_the_languages_of_a_mentor_who_is_yet_to_come(
    coordinator: Person, town: Place
) -> None:
    coming = make_person(make_role("mentor", town), account=False)
    client = signed_in(coordinator)
    address = reverse("people:languages", args=[coming.pk])
    assert address in client.get(reverse("people:person", args=[coming.pk])).content.decode()

    response = client.post(address, {"spoken_kl-north": "2", "written_kl-north": "1"})

    assert response["Location"] == reverse("people:person", args=[coming.pk])
    skill = LanguageSkill.objects.get(person=coming)
    assert (skill.language, skill.spoken, skill.written) == ("kl-north", 2, 1)
    assert client.post(address, {"spoken_da": "9"}).status_code == 422


def test_with_an_account_it_is_theirs_to_say(coordinator: Person, mentor: Person) -> None:
    client = signed_in(coordinator)
    address = reverse("people:languages", args=[mentor.pk])

    assert client.get(address).status_code == 404
    assert client.post(address, {"spoken_da": "3"}).status_code == 404
    assert address not in client.get(reverse("people:person", args=[mentor.pk])).content.decode()
    assert not mentor.languages.exists()


def test_outside_the_scope_there_is_nobody(coordinator: Person, elsewhere: Place) -> None:
    away = make_person(make_role("mentor", elsewhere), account=False)

    address = reverse("people:languages", args=[away.pk])

    assert signed_in(coordinator).get(address).status_code == 404
