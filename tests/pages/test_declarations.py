"""Nothing is kept about a person that the privacy page does not tell of."""

from bs4 import BeautifulSoup
from django.apps import apps
from django.test import Client

from core.declarations import all_declarations
from pages.models import PrivacyPage
from people.models import Person, User
from tests.factories.pages import make_home, put

OURS = [
    "core",
    "files",
    "people",
    "notices",
    "rules",
    "competences",
    "courses",
    "mentoring",
    "pages",
]


def test_every_model_that_names_a_person_is_declared():
    declared = {name for declaration in all_declarations() for name in declaration.models}

    about_people = {
        model._meta.label
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if any(
            field.related_model in {Person, User}
            for field in model._meta.get_fields()
            if field.concrete
        )
    }

    assert about_people - declared == set()


def test_every_declared_model_exists():
    for declaration in all_declarations():
        for name in declaration.models:
            apps.get_model(name)


def test_the_privacy_page_shows_every_declaration_in_danish(client: Client):
    put(make_home(), PrivacyPage(title="Privatliv", slug="privatliv"))

    page = BeautifulSoup(client.get("/da/privatliv/").content, "html.parser")

    shown = [" ".join(box.h3.get_text().split()) for box in page.select(".prose ~ section .box")]
    assert shown == [str(declaration.title) for declaration in all_declarations()]
    assert "Det gemmer vi, punkt for punkt" in page.get_text()
