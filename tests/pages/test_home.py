"""The front page leads on, and so does the start page of whoever looks after pages."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from pages import setup
from pages.models import InformationPage, PageCondition
from people.actions import sync_groups
from tests.factories.pages import (
    clear_pages,
    in_kalaallisut,
    make_catalogue,
    make_home,
    make_lesson_page,
    put,
)
from tests.factories.people import make_person, make_role


def test_the_front_page_leads_to_the_courses_and_the_pages_below(client: Client):
    catalogue = make_catalogue()
    about = put(make_home(), InformationPage(title="Om os", slug="om-os"))

    html = client.get("/da/").content.decode()

    assert f'<a class="button" href="{catalogue.url}">' in html
    assert f'<a href="{about.url}">Om os</a>' in html


def test_a_danish_title_is_marked_in_kalaallisut(client: Client):
    about = put(make_home(), InformationPage(title="Om os", slug="om-os"))

    html = client.get("/kl/").content.decode()

    assert f'<a href="{in_kalaallisut(about).url}" lang="da">Om os</a>' in html


def test_the_front_page_names_no_restricted_page(client: Client):
    page = put(make_home(), InformationPage(title="Kun for os", slug="kun-for-os"))
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert "Kun for os" not in client.get("/da/").content.decode()


def test_an_empty_front_page_offers_no_way_to_nowhere(client: Client):
    clear_pages()
    make_home()

    assert 'class="button"' not in client.get("/da/").content.decode()


@pytest.mark.parametrize("slug", ["kurser", "hold"])
def test_the_navigation_leads_to_the_courses_wherever_they_are(client: Client, slug: str):
    catalogue = make_catalogue()
    catalogue.slug = slug
    catalogue.save_revision().publish()

    html = client.get("/da/").content.decode()
    response = client.get("/da/kurser/", follow=True)

    assert '<a href="/da/kurser/">Kurser</a>' in html
    assert response.request["PATH_INFO"] == f"/da/{slug}/"
    assert f"<h1>{catalogue.title}</h1>" in response.content.decode()


def test_without_courses_the_navigation_leads_to_the_front_page(client: Client):
    clear_pages()
    make_home()

    assert client.get("/da/kurser/")["Location"] == "/da/"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("editor", ["/admin/"]),
        ("translator", ["/admin/", "/admin/oversaettelser/"]),
        ("reviewer", ["/admin/"]),
        ("administrator", ["/da/personer/"]),
    ],
)
def test_start_leads_to_what_one_looks_after(client: Client, key: str, shown: list[str]):
    make_lesson_page()
    client.force_login(make_person(make_role(key)).user)

    html = client.get("/da/start/").content.decode()

    main = html[html.index("<main") : html.index("</main>")]
    assert [address for address in shown if f'href="{address}"' not in main] == []
    assert "Der venter ikke noget på dig" not in main


def test_a_caseworker_sees_no_way_into_the_admin(client: Client):
    make_home()
    client.force_login(make_person(make_role("caseworker")).user)

    assert "/admin/" not in client.get("/da/start/").content.decode()


def test_reviewer_sees_how_many_pages_wait(client: Client):
    page = make_lesson_page(live=False)
    setup.create_workflow(make_home())
    editor = make_person(make_role("editor"))
    page.get_workflow().start(page, editor.user)
    reviewer = make_person(make_role("reviewer"))
    sync_groups(at=timezone.now())
    client.force_login(reviewer.user)

    assert "1 side venter på din gennemgang" in client.get("/da/start/").content.decode()


def test_an_editor_sees_their_drafts_and_what_is_to_be_read_again(client: Client):
    editor = make_person(make_role("editor"))
    page = make_lesson_page()
    page.title = "Straks, skrevet om"
    page.save_revision(user=editor.user)
    published = make_lesson_page(page.get_parent().specific)
    yesterday = timezone.localdate() - timedelta(days=1)
    PageCondition.objects.filter(page=published).update(review_by=yesterday)
    client.force_login(editor.user)

    start = BeautifulSoup(client.get("/da/start/").content, "html.parser").main

    link = start.find("a", string="Straks, skrevet om")
    assert link["href"] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    again = start.find("a", href=reverse("pages_list", args=["laes-igen"]))
    assert again.parent.get_text() == "Skal læses igen: 1"
    assert not start.find("a", href=reverse("pages_list", args=["links-og-billeder"]))


def test_the_draft_of_somebody_else_is_theirs(client: Client):
    make_lesson_page(live=False).save_revision(user=make_person(make_role("editor")).user)
    client.force_login(make_person(make_role("editor")).user)

    assert "Mine kladder" not in client.get("/da/start/").content.decode()


@pytest.mark.parametrize("key", ["editor", "translator", "reviewer", "administrator"])
def test_start_takes_the_same_queries_for_one_and_for_many(
    client: Client, key: str, django_assert_max_num_queries
):
    client.force_login(make_person(make_role(key)).user)
    module = make_lesson_page().get_parent().specific
    client.get("/da/start/")
    with django_assert_max_num_queries(20) as for_one:
        client.get("/da/start/")
    for _ in range(9):
        make_lesson_page(module)

    with django_assert_max_num_queries(20) as for_many:
        client.get("/da/start/")

    assert len(for_many) == len(for_one)
