"""The first page of the admin: to each what waits for them, in the same few queries."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.actions import submit_quiz
from pages import setup
from pages.editing.dashboard import SHOWN
from pages.editing.lists import Asking, listings
from pages.models import PageCondition
from tests.factories.admin import admin_browser, make_user
from tests.factories.courses import (
    current,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
    make_rule,
    wrong_answer,
)
from tests.factories.pages import make_home, make_lesson_page, make_module_page

HOME = "wagtailadmin_home"
EVERYTHING = {
    "editor": [
        "Mine kladder", "Skal læses igen", "Venter på oversættelse", "Links og billeder at se på",
        "Tunge sider", "Spørgsmål der går galt",
    ],
    "translator": ["Mine kladder", "Venter på oversættelse"],
    "reviewer": [
        "Venter på mig", "Mine kladder", "Regler, der skulle være kontrolleret", "Skal læses igen",
        "Links og billeder at se på", "Tunge sider", "Spørgsmål der går galt", "Små rettelser",
    ],
}  # fmt: skip


def lists(browser: Client) -> dict[str, list[str]]:
    """The lists of the first page with the titles in them."""
    html = browser.get(reverse(HOME)).content
    found = BeautifulSoup(html, "html.parser").select(".dashboard section")
    return {
        section.h2.get_text().split(" (")[0]: [one.get_text() for one in section.select("li a")]
        for section in found
        if section.h2
    }


def on_behalf_of(role: str) -> tuple[Client, Any]:
    """A browser of somebody with the role, and their account."""
    user = make_user(role)
    browser = Client()
    browser.force_login(user)
    return browser, user


@pytest.mark.parametrize("role", EVERYTHING)
def test_each_role_is_shown_its_own_lists(role: str):
    make_home()

    assert list(lists(admin_browser(role))) == EVERYTHING[role]


def test_empty_lists_say_so():
    make_home()

    html = admin_browser("reviewer").get(reverse(HOME)).content.decode()

    assert "Intet venter på dit svar." in html
    assert "Alle sider er inden for målet." in html
    assert "Vis alle" not in html


def test_my_drafts_are_mine_and_not_under_review():
    setup.create_workflow(make_home())
    browser, me = on_behalf_of("editor")
    other = make_user("editor")
    module = make_module_page()
    mine = make_lesson_page(module, live=False, title="Min kladde")
    mine.save_revision(user=me)
    changed = make_lesson_page(module, title="Udgivet")
    changed.title = "Min ændring"
    changed.save_revision(user=me)
    make_lesson_page(module, live=False, title="En andens").save_revision(user=other)
    sent = make_lesson_page(module, live=False, title="Sendt")
    sent.save_revision(user=me)
    sent.get_workflow().start(sent, me)

    assert lists(browser)["Mine kladder"] == ["Min ændring", "Min kladde"]


def test_what_waits_for_me_is_the_reviewers():
    setup.create_workflow(make_home())
    editor = make_user("editor")
    page = make_lesson_page(live=False, title="Til gennemgang")
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)

    assert lists(admin_browser("reviewer"))["Venter på mig"] == ["Til gennemgang"]
    assert "Venter på mig" not in lists(admin_browser("editor"))


def test_a_heavy_page_and_one_with_faults_are_told():
    page = make_lesson_page(title="Tung")
    PageCondition.objects.filter(page=page.pk).update(is_heavy=True, first_visit_bytes=31_000)
    dead = make_lesson_page(title="Med dødt link")
    for number in range(2):
        dead.outside_links.create(address=f"https://a{number}.gl/", words="A", is_dead=True)
    make_lesson_page(title="Fin").outside_links.create(address="https://b.gl/", words="B")

    found = lists(admin_browser("editor"))

    assert found["Tunge sider"] == ["Tung"]
    assert found["Links og billeder at se på"] == ["Med dødt link"]


def test_the_first_five_are_shown_and_the_rest_is_one_press_away():
    for number in range(SHOWN + 2):
        make_lesson_page(title=f"Tung {number}")
    PageCondition.objects.filter(page__title__startswith="Tung").update(is_heavy=True)
    browser = admin_browser("editor")

    assert len(lists(browser)["Tunge sider"]) == SHOWN
    html = browser.get(reverse(HOME)).content.decode()
    assert f'href="{reverse("pages_list", args=["tunge"])}">Vis alle 7' in html
    whole = browser.get(reverse("pages_list", args=["tunge"]))
    assert len(whole.context["rows"]) == SHOWN + 2


def test_questions_that_go_wrong_are_told_and_counted_once_an_hour(django_assert_num_queries: Any):
    cache.clear()
    question = make_question()
    lesson = make_lesson(make_module(make_course()), questions=[question.pk])
    for _number in range(5):
        answers = {current(question).pk: wrong_answer(question)}
        submit_quiz(
            attempt_id=uuid.uuid4(),
            lesson=lesson,
            person=make_learner(),
            answers=answers,
            language="da",
            at=timezone.now(),
        )
    browser = admin_browser("editor")

    assert lists(browser)["Spørgsmål der går galt"] == [str(question)]
    question.retired_at = timezone.now()
    question.save()
    asking = Asking(make_user("editor"), timezone.now())
    [listing] = [one for one in listings() if one.heading == "Spørgsmål der går galt"]
    with django_assert_num_queries(0):
        assert len(listing.found(asking)) == 1
    cache.clear()
    assert listing.found(asking) == []
    cache.clear()


def many(count: int, editor: Any) -> None:
    """So many of everything that a list can hold."""
    module = make_module_page()
    for number in range(count):
        page = make_lesson_page(module, title=f"Side {number}")
        page.outside_links.create(address="https://a.gl/", words="A", is_dead=True)
        draft = make_lesson_page(module, live=False)
        draft.save_revision(user=editor)
        sent = make_lesson_page(module, live=False)
        sent.save_revision(user=editor)
        sent.get_workflow().start(sent, editor)
        today = timezone.localdate()
        make_rule(checked_on=today - timedelta(days=9), review_by=today - timedelta(days=1))
    PageCondition.objects.update(
        is_heavy=True, has_faults=True, review_by=timezone.localdate() - timedelta(days=1)
    )


@pytest.mark.parametrize("role", EVERYTHING)
def test_the_first_page_takes_the_same_queries_at_one_and_at_many(role: str):
    setup.create_workflow(make_home())
    editor = make_user("editor")
    browser = admin_browser(role)
    taken = []
    for count in (1, 9):
        many(count, editor)
        browser.get(reverse(HOME))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(HOME))
        taken.append(len(queries))

    assert taken[0] == taken[1]


@pytest.mark.parametrize("key", ["kladder", "laes-igen", "links-og-billeder", "tunge"])
def test_a_whole_list_takes_the_same_queries_at_one_and_at_many(key: str):
    setup.create_workflow(make_home())
    browser, me = on_behalf_of("editor")
    taken = []
    for count in (1, 9):
        many(count, me)
        browser.get(reverse("pages_list", args=[key]))
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(reverse("pages_list", args=[key]))
        taken.append(len(queries))
        assert answer.context["rows"]

    assert taken[0] == taken[1]


@pytest.mark.parametrize(
    "key", ["tunge", "rettelser", "laes-igen", "links-og-billeder", "findes-ikke"]
)
def test_a_list_that_is_not_theirs_is_not_there(key: str):
    answer = admin_browser("translator").get(reverse("pages_list", args=[key]), follow=True)

    assert answer.status_code == 404
