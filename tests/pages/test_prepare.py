"""One command makes an empty database usable, and may be repeated."""

from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site, Workflow

from core.declarations import all_declarations
from pages import setup
from pages.models import HomePage, PrivacyPage
from people.models import Place
from rules.models import Rule
from tests.factories.pages import clear_pages


def prepare() -> str:
    """Run the command; what it says."""
    said = StringIO()
    call_command("prepare", "--skip-static", stdout=said)
    return said.getvalue()


def counts() -> list[int]:
    """How many there are of everything that the command makes."""
    return [model.objects.count() for model in (Page, Site, Workflow, Place, Rule)]


def test_an_empty_database_gets_what_a_site_needs(client: Client):
    clear_pages()

    said = prepare()

    assert "[1/14] " in said
    homes = HomePage.objects.order_by("path").values_list("locale__language_code", "live")
    assert list(homes) == [("da", True), ("kl", True)]
    assert Site.objects.get().root_page.specific.locale.language_code == "da"
    assert client.get("/da/").status_code == 200
    assert client.get("/kl/").status_code == 200
    assert Place.objects.count() == 17
    assert Rule.objects.exists()


def test_repeating_changes_nothing():
    prepare()
    before = counts()

    prepare()

    assert counts() == before


def test_wagtails_own_welcome_page_gives_way():
    root = Page.get_first_root_node()
    assert root is not None
    if not root.get_children().exists():
        root.add_child(instance=Page(title="Welcome", slug="home"))

    setup.create_home_pages()

    assert set(root.get_children().specific()) == set(HomePage.objects.all())


@pytest.mark.parametrize("language", ["da", "kl"])
def test_the_footer_leads_to_pages_that_are_there(client: Client, language: str):
    prepare()

    footer = BeautifulSoup(client.get(f"/{language}/").content, "html.parser").footer
    assert footer is not None
    links = [str(link["href"]) for link in footer.select("a")]

    assert {client.get(link).status_code for link in links} == {200}
    told = client.get(f"/{language}/privatliv/").content.decode()
    assert all(str(declaration.title) in told for declaration in all_declarations())


def test_what_editors_made_of_them_stays():
    prepare()
    page = PrivacyPage.objects.get(locale__language_code="da")
    page.title = "Sådan passer vi på data"
    page.save_revision().publish()

    prepare()

    assert PrivacyPage.objects.get(locale__language_code="da").title == page.title


@pytest.mark.parametrize("language", ["da", "kl"])
def test_every_page_below_home_is_reviewed_before_it_goes_live(language: str):
    prepare()
    home = HomePage.objects.get(locale__language_code=language)

    workflow = home.get_workflow()

    assert workflow is not None
    assert workflow.name == "Faglig gennemgang"
    task = workflow.tasks.get().specific
    assert [group.name for group in task.groups.all()] == ["Faglige godkendere"]
