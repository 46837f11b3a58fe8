"""No text breaks a form, and a name comes back as it was written."""

import pytest
from django.test import Client
from django.urls import reverse

from people.models import Person
from tests.people.pages.looking import signed_in, urls_of

HOSTILE = [
    "\x00\x01\x1b[31m",
    "\u202eomvendt\u202c",
    "👩🏽‍⚕️" * 40,
    "x" * 1_000_000,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\"'`;--",
    "%s %(name)s {name} {% now %}",
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_a_form(administrator: Person, subject: Person, text: str) -> None:
    client = signed_in(administrator)
    forms = {
        reverse("people:people"): ["q"],
        reverse("people:new_person"): ["name", "email", "language", "key", "where", "starts_on"],
        reverse("people:me"): ["name", "language", "spoken_da"],
        reverse("people:edit_person", args=[subject.pk]): ["name", "email", "language"],
        reverse("people:give_role", args=[subject.pk]): ["key", "where", "starts_on", "last_day"],
        urls_of(subject)["people:end_role"]: ["last_day"],
        reverse("people:add_affiliation", args=[subject.pk]): ["organisation", "place"],
        reverse("account_email"): ["email", "action_add"],
        reverse("account_change_password"): ["oldpassword", "password1", "password2"],
    }

    for url, fields in forms.items():
        assert client.post(url, dict.fromkeys(fields, text)).status_code < 500, url
    for name in ("role", "town", "state", "sort", "page"):
        assert client.get(reverse("people:people"), {name: text[:2000]}).status_code < 500
    anonymous = Client()
    for url, fields in {
        "/da/konto/log-ind/": ["login", "password", "shared", "credential", "next"],
        reverse("account_reset_password"): ["email"],
        reverse("account_signup"): ["email", "password1"],
    }.items():
        assert anonymous.post(url, dict.fromkeys(fields, text)).status_code < 500, url


def test_a_name_comes_back_as_it_was_written(administrator: Person, subject: Person) -> None:
    name = "ĸaaĸ Å <b>& 'Demo'"
    client = signed_in(administrator)

    client.post(
        reverse("people:edit_person", args=[subject.pk]),
        {"name": name, "email": subject.email, "language": "da"},
    )

    subject.refresh_from_db()
    assert subject.name == name
    page = client.get(reverse("people:person", args=[subject.pk])).content.decode()
    assert "<b>&" not in page
