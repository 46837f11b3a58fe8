"""The start page is put together by the apps."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from core import start_page
from core.start_page import Section
from people.models import Person, User
from tests.factories.pages import make_home


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> dict[start_page.Provider, Any]:
    """The registered providers, empty."""
    registered: dict[start_page.Provider, Any] = {}
    monkeypatch.setattr(start_page, "_providers", registered)
    return registered


def section(title: str, order: int, *, is_next_step: bool = False) -> start_page.Provider:
    """A provider of one section."""

    def provide(_request: HttpRequest, _standing: Any) -> Section:
        context = {"heading": title, "url": "/da/", "button": title, "text": title}
        return Section(
            title, "components/next_step.html", context, order, is_next_step=is_next_step
        )

    return provide


def test_nobody_is_led_to_the_sign_in(client: Client):
    response = client.get("/da/start/")

    assert response.status_code == 302
    assert response["Location"] == "/da/konto/log-ind/?next=/da/start/"


def test_an_empty_start_page_says_what_will_stand_there(as_learner: Client, providers):
    make_home()

    html = as_learner.get("/da/start/").content.decode()

    assert "Hej, Sagsbehandler Demo 1" in html
    assert "Der venter ikke noget på dig." in html
    button = BeautifulSoup(html, "html.parser").select_one("main a.button")
    assert button["href"] == reverse("catalogue")


def test_sections_come_in_their_order(as_learner: Client, providers):
    make_home()
    for title, order in [("Sidst", 60), ("Først", 1), ("Midt", 30)]:
        start_page.register(section(title, order))

    response = as_learner.get("/da/start/")

    assert [str(part.title) for part, _ in response.context["sections"]] == [
        "Først",
        "Midt",
        "Sidst",
    ]


def test_only_the_first_next_step_may_fill_its_button(as_learner: Client, providers):
    make_home()
    start_page.register(section("Et", 10))
    start_page.register(section("To", 20, is_next_step=True))
    start_page.register(section("Tre", 30, is_next_step=True))

    response = as_learner.get("/da/start/")

    may_fill = {str(part.title): fill for part, fill in response.context["sections"]}
    assert may_fill == {"Et": False, "To": True, "Tre": False}


def test_an_app_may_have_nothing_to_say(as_learner: Client, providers):
    make_home()
    start_page.register(lambda _request, _standing: None)

    assert as_learner.get("/da/start/").context["sections"] == []


def test_registering_twice_shows_once(as_learner: Client, providers):
    make_home()
    provider = section("Et", 10)
    start_page.register(provider)
    start_page.register(provider)

    assert len(as_learner.get("/da/start/").context["sections"]) == 1


def test_who_names_rows_is_asked_only_where_there_is_one(
    as_learner: Client, providers, django_assert_num_queries
):
    """Those of all are looked for in one query, which somebody without them pays alone."""
    make_home()
    asked = []

    def provider(title: str) -> start_page.Provider:
        def provide(request: HttpRequest, standing: Any) -> Section | None:
            asked.append(title)
            return section(title, 1)(request, standing)

        return provide

    nobody, everybody = Person.objects.none(), Person.objects.all()
    start_page.register(provider("Alle"))
    start_page.register(provider("Ingen"), lambda _standing: nobody)
    start_page.register(provider("En af to"), lambda _standing: nobody, lambda _standing: everybody)
    start_page.register(provider("Tomt"), lambda _standing: everybody.filter(name="Findes ikke"))
    as_learner.get("/da/start/")

    assert asked == ["Alle", "En af to"]
    with django_assert_num_queries(3):  # session, account with roles; the rows of all
        as_learner.get("/da/start/")


def test_an_account_without_a_person_is_refused(client: Client):
    client.force_login(User.objects.create(email="konto@example.org"))

    assert client.get("/da/start/").status_code == 403
