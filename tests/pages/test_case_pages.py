"""The page of a case, and where a module lists it, as strangers, learners and mentors see it."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from courses.actions import begin_case, choose
from courses.models import Case, CasePlay
from people.models import Person
from tests.factories.cases import (
    make_case_page,
    make_mentor_and_colleague,
    told,
)
from tests.factories.courses import AT, make_rule
from tests.factories.pages import make_module_page


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    """Signing in is proven elsewhere."""
    settings.SIDEMAND_SECOND_FACTOR = False


def test_a_stranger_reads_what_the_case_is_about_and_is_led_to_the_sign_in(client: Client):
    page = make_case_page(introduction="En opdigtet opringning.")

    html = client.get(page.url).content.decode()

    assert "En opdigtet opringning." in html
    assert "begynder fredag kl. 15.40" in html
    assert "Log ind for at spille sagen" in html
    assert "Begynd sagen" not in html
    assert "Det sker i opkald" not in html


def test_a_learner_finds_how_to_begin_and_to_go_on(as_learner: Client, learner: Person):
    page = make_case_page()
    assert "Begynd sagen" in as_learner.get(page.url).content.decode()

    case = Case.objects.get(pk=page.translation_key)
    play = begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)

    html = as_learner.get(page.url).content.decode()
    assert "Gå videre med sagen" in html
    assert reverse("courses:case_play", args=[play.pk]) in html
    assert "Hvem spiller?" not in html


def test_a_mentor_is_offered_to_play_with_the_own_colleague_only(client: Client):
    page = make_case_page()
    mentor, colleague = make_mentor_and_colleague()
    client.force_login(mentor.user)

    html = client.get(page.url).content.decode()

    assert re.findall(r'name="partner" value="([^"]*)"', html) == ["", str(colleague.pk)]


def test_a_page_that_has_not_changed_is_not_sent_again(as_learner: Client, learner: Person):
    page = make_case_page()
    tag = as_learner.get(page.url)["ETag"]
    assert as_learner.get(page.url, headers={"if-none-match": tag}).status_code == 304

    case = Case.objects.get(pk=page.translation_key)
    begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)

    assert as_learner.get(page.url, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("count", [1, 10])
def test_the_pages_of_a_case_and_of_a_module_take_as_many_queries_for_one_as_for_many(
    as_learner: Client, learner: Person, count: int, django_assert_max_num_queries: Any
):
    module = make_module_page()
    pages = [make_case_page(module, told_da=told(make_rule())) for _ in range(count)]
    case = Case.objects.get(pk=pages[0].translation_key)
    for page in pages:
        begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)
    as_learner.get(pages[0].url)

    with django_assert_max_num_queries(8):
        html = as_learner.get(pages[0].url).content.decode()
    assert html.count("sagsspil/") == count + 1

    for listing in (module.url, module.get_parent().url):
        as_learner.get(listing)
        with django_assert_max_num_queries(9):
            html = as_learner.get(listing).content.decode()
        assert html.count("15 min") == count


def test_a_module_lists_its_cases_with_how_far_the_reader_is(as_learner: Client, learner: Person):
    module = make_module_page()
    page = make_case_page(module)
    case = Case.objects.get(pk=page.translation_key)
    assert "Ikke begyndt" in as_learner.get(module.url).content.decode()

    play = begin_case(play_id=page.translation_key, case=case, person=learner, at=AT)
    assert "I gang" in as_learner.get(module.url).content.decode()
    for turn, (key, chosen) in enumerate([("opkald", "spoerg"), ("notat", "beslut")]):
        play = choose(play, turn=turn, step=key, choice=chosen, at=AT)

    html = as_learner.get(module.url).content.decode()
    assert "din bedste: En god slutning" in html
    assert "Færdig" in html


def test_a_case_behind_a_restriction_cannot_be_begun(as_learner: Client):
    page = make_case_page()
    url = reverse("courses:case_begin", args=[page.translation_key])
    PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="luk"
    )

    assert as_learner.post(url, {"play": str(uuid.uuid4())}).status_code == 404
    assert not CasePlay.objects.exists()
