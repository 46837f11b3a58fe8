"""How the tests of people open pages, and which ones there are."""

from django.test import Client
from django.urls import reverse

from people.models import Person

FORMS_OF_ONE = ["people:person", "people:edit_person", "people:give_role", "people:add_affiliation"]


BUTTONS_OF_ONE = [
    "people:invite",
    "people:withdraw",
    "people:close_account",
    "people:reopen_account",
]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def urls_of(person: Person) -> dict[str, str]:
    names = FORMS_OF_ONE + BUTTONS_OF_ONE
    urls = {name: reverse(name, args=[person.pk]) for name in names}
    role = person.roles.get()
    urls["people:end_role"] = reverse("people:end_role", args=[person.pk, role.pk])
    return urls
