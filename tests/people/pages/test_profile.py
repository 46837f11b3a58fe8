"""What everybody keeps of themselves."""

import pytest
from django.urls import reverse

from people.models import LanguageSkill, Person, Role
from tests.factories.people import make_person, make_role
from tests.people.pages.looking import signed_in


@pytest.mark.parametrize("key", Role.Key.values)
def test_everybody_has_a_profile(base: None, key: str) -> None:
    client = signed_in(make_person(make_role(key)))

    assert client.get(reverse("people:me")).status_code == 200


def test_a_profile_keeps_name_language_and_levels(mentor: Person) -> None:
    client = signed_in(mentor)
    LanguageSkill.objects.create(person=mentor, language="en", spoken=1, written=1)

    client.post(
        reverse("people:me"),
        {"name": "Mentor Demo 7", "language": "kl", "spoken_kl-west": "2", "written_da": "3"},
    )

    mentor.refresh_from_db()
    levels = set(mentor.languages.values_list("language", "spoken", "written"))
    assert (mentor.name, mentor.language) == ("Mentor Demo 7", "kl")
    assert levels == {("kl-west", 2, 0), ("da", 0, 3)}


def test_a_refused_name_is_not_saved_and_does_not_show_in_the_header(mentor: Person) -> None:
    response = signed_in(mentor).post(
        reverse("people:me"), {"name": "Demo 010170" + "-1234", "language": "da"}
    )

    mentor.refresh_from_db()
    assert response.status_code == 422
    assert mentor.name == "Mentor Demo"
    assert response.content.decode().count("010170") == 1  # in its field, nowhere else
