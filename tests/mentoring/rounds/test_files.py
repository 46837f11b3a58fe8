"""Needs and stays go out as files and come back as they were, or not at all."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mentoring.models import Pairing, Round
from people.models import Person
from tests.factories.mentoring import make_person, make_town
from tests.factories.rounds import (
    make_mentor,
    make_need,
    make_round,
    make_stay,
)
from tests.mentoring.rounds.looking import page, said

pytestmark = pytest.mark.django_db


def upload(client: Client, planned: Round, what: str, text: str, **more: str) -> Any:
    file = SimpleUploadedFile("fil.csv", text.encode("utf-8-sig"), "text/csv")
    sent = {"what": what, "file": file, **more}
    return client.post(reverse("mentoring:import", args=[planned.pk]), sent)


def exported(client: Client, planned: Round, what: str) -> str:
    response = client.get(reverse(f"mentoring:export-{what}", args=[planned.pk]))
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


def with_address(person: Person) -> Person:
    person.email = f"{person.pk}@example.org"
    person.save()
    return person


def test_what_is_exported_comes_back_as_it_was(client: Client, planned: Round):
    owner = with_address(make_person("leader"))
    make_need(
        planned,
        seats=3,
        owner=owner,
        languages={"da": 2, "kl-west": 3},
        note="=1+1; og en linje",
        profession="family_therapist",
    )
    first = make_stay(planned, with_address(make_mentor()), wishes=[make_town("Qaanaaq")])
    make_stay(planned, with_address(make_mentor()), travels_with=[first.person], note="@note")
    needs, stays = exported(client, planned, "needs"), exported(client, planned, "stays")
    other = make_round()

    assert upload(client, other, "needs", needs).status_code == 302
    assert upload(client, other, "stays", stays).status_code == 302

    assert "'=1+1" in needs  # no spreadsheet runs it
    assert "'@note" in stays
    assert exported(client, other, "needs") == needs
    assert exported(client, other, "stays") == stays
    assert upload(client, other, "needs", needs).status_code == 302
    assert other.needs.count() == 1


def test_every_wrong_line_is_told_and_nothing_is_taken(client: Client, planned: Round):
    make_need(planned)
    lines = exported(client, planned, "needs").splitlines()
    remote = str(Pairing.Kind.REMOTE.label)
    good = lines[1].replace("På stedet", remote)
    bad = [
        good.replace("Upernavik", "Nuuk"),
        good.replace(";1;", ";99;"),
        good.replace(remote, "Til fods"),
        ";".join([*good.split(";")[:4], "31-02-2027", *good.split(";")[5:]]),
        good.replace("nej", "måske"),
        good,
        good,
    ]
    before = exported(client, planned, "needs")

    response = upload(client, planned, "needs", "\r\n".join([lines[0], *bad]))

    assert response.status_code == 422
    errors = [item.get_text() for item in page(response).select(".error-summary li")]
    assert [error.split(":")[0] for error in errors] == [f"Linje {n}" for n in (2, 3, 4, 5, 6, 8)]
    assert errors[0] == "Linje 2: By: noget er ikke kendt her"
    assert exported(client, planned, "needs") == before


def test_a_companion_without_a_stay_in_the_round_is_told_by_line(client: Client, planned: Round):
    first = make_stay(planned, with_address(make_mentor()))
    second = make_stay(
        planned, with_address(make_mentor()), travels_with=[first.person], note="Sidst"
    )
    heading, *lines = exported(client, planned, "stays").splitlines()
    [alone] = [line for line in lines if line.endswith("Sidst")]
    other = make_round()

    response = upload(client, other, "stays", "\r\n".join([heading, alone]))

    assert response.status_code == 422
    errors = [item.get_text() for item in page(response).select(".error-summary li")]
    assert errors == ["Linje 2: Rejser med: nogen har ikke et ophold i runden"]
    assert not other.stays.exists()
    assert upload(client, other, "stays", "\r\n".join([heading, *lines])).status_code == 302
    [taken] = other.stays.get(person=second.person).travels_with.all()
    assert taken.person == first.person


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Vælg en fil"),
        ("By;Form\r\nUpernavik;Fjern", "Filen mangler disse kolonner: Mentorer"),
        ("x" * 500_001, "Filen er større end 500 kB."),
        ('By;"' + "x" * 131_073, "Se efter et anførselstegn, der ikke er lukket."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(client: Client, planned: Round, text, words):
    file = SimpleUploadedFile("fil.csv", text.encode(), "text/csv")

    response = client.post(
        reverse("mentoring:import", args=[planned.pk]), {"what": "needs", "file": file}
    )

    assert response.status_code == 422
    assert words in said(response)


def test_a_number_in_a_file_is_told_by_its_line_and_never_repeated(client: Client, planned: Round):
    number = "".join(("010190", "1234"))
    make_need(planned)
    lines = exported(client, planned, "needs").splitlines()

    response = upload(client, planned, "needs", "\r\n".join([*lines, f"{lines[1]} {number}"]))

    assert response.status_code == 422
    assert "I linje 3 står cifre, der ligner et CPR-nummer." in said(response)
    assert number not in response.content.decode()
    assert planned.needs.count() == 1
