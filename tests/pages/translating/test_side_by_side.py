"""A lesson in both languages, passage by passage; and the same spot after switching."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import PageViewRestriction

from pages.models import LessonPage
from tests.factories.courses import make_question, make_rule
from tests.factories.pages import (
    block,
    in_kalaallisut,
    make_lesson_page,
    make_module_page,
    text,
    translate,
)
from tests.factories.translating import make_staff, publish, write

MISSING = "Ikke oversat til kalaallisut endnu"


def rows(client: Client, page: LessonPage, language: str = "da") -> list[list[str]]:
    """What stands in each row, cell by cell."""
    shown = page if language == "da" else in_kalaallisut(page)
    answer = client.get(shown.url.replace(f"/{language}/", f"/{language}/begge/", 1))
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.content, "html.parser")
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all("div", recursive=False)]
        for row in soup.select(".both-row")
    ]


@pytest.fixture
def lesson() -> LessonPage:
    body = [
        text("<p>Læs.</p><p>Skriv.</p>"),
        block("heading", "Akut"),
        block("rule", str(make_rule(statement_kl="[kl] regel").pk)),
    ]
    page = make_lesson_page(title="Titel", introduction="Kort.", body=body)
    write(page, {"Titel": "[kl] titel", "Læs.": "[kl] a", "Akut": "[kl] akut"}, None)
    publish(page, make_staff("reviewer"))
    return page


def test_passages_of_one_block_stand_in_one_row(client, lesson):
    found = rows(client, lesson)

    assert found[:5] == [
        ["Titel", "[kl] titel"],
        ["Kort.", MISSING],
        ["Læs.", "[kl] a"],
        ["Skriv.", MISSING],
        ["Akut", "[kl] akut"],
    ]
    assert "Kommunen beslutter" in found[5][0]
    assert "[kl] regel" in found[5][1]


def test_the_readers_own_language_comes_first(client, lesson):
    assert rows(client, lesson, "kl")[0] == ["[kl] titel", "Titel"]


def test_each_cell_says_its_language(client, lesson):
    html = client.get(lesson.url.replace("/da/", "/da/begge/", 1)).content.decode()

    assert re.search(r'<div lang="da"><p[^>]*>Læs\.</p></div><div lang="kl"><p[^>]*>\[kl\] a', html)


def test_paragraphs_that_do_not_pair_stand_in_one_row(client):
    page = make_lesson_page(body=[text("<p>Læs.</p><p>Skriv.</p>")])
    body = in_kalaallisut(page).body.raw_data[0]
    translate(in_kalaallisut(page), body=[{**body, "value": "<p>[kl] begge.</p>"}])

    assert rows(client, page)[1:] == [["Læs. Skriv.", "[kl] begge."]]


def test_a_rule_without_kalaallisut_and_a_danish_list_are_not_repeated(client):
    body = [
        block("rule", str(make_rule().pk)),
        block("checklist", {"title": "Gør det klar", "items": ["Læs."]}),
    ]
    page = make_lesson_page(title="Titel", body=body)
    translate(in_kalaallisut(page), title="[kl] titel")

    assert [right for _left, right in rows(client, page)[1:]] == [MISSING, MISSING]


def test_what_stands_in_the_translation_alone_comes_last(client):
    page = make_lesson_page(body=[text("<p>Læs.</p>")])
    danish = in_kalaallisut(page).body.raw_data[0]
    translate(in_kalaallisut(page), body=[danish, text("<p>[kl] ekstra</p>")])

    assert rows(client, page)[-1] == ["Ikke på dansk", "[kl] ekstra"]


def test_a_quiz_is_answered_on_the_lesson_itself(client):
    question = make_question()
    page = make_lesson_page(
        body=[text("<p>Læs.</p>"), block("quiz", {"questions": [str(question.pk)]})]
    )

    html = client.get(page.url.replace("/da/", "/da/begge/", 1)).content.decode()

    assert question.text_da not in html
    assert "Gå til lektionen, og svar på quizzen" in html


def test_a_module_leads_to_its_lessons_in_both_languages(client, lesson):
    module = lesson.get_parent()
    translate(in_kalaallisut(module.specific), title="[kl] modul")

    html = client.get(module.url.replace("/da/", "/da/begge/", 1)).content.decode()

    assert lesson.url.replace("/da/", "/da/begge/", 1) in html


@pytest.mark.parametrize("is_translated", [True, False])
def test_the_lesson_leads_there_when_it_is_translated(client, is_translated):
    page = make_lesson_page(title="Titel")
    if is_translated:
        translate(in_kalaallisut(page), title="[kl] titel")

    for shown in (page, in_kalaallisut(page)):
        html = client.get(shown.url).content.decode()
        assert ("/begge/" in html) is is_translated


def test_other_kinds_of_pages_have_no_such_view(client, lesson):
    course = lesson.get_parent().get_parent()

    assert client.get(course.url.replace("/da/", "/da/begge/", 1)).status_code == 404
    assert client.get("/da/begge/findes/ikke/").status_code == 404
    assert client.post(lesson.url.replace("/da/", "/da/begge/", 1)).status_code == 405


def test_a_restricted_lesson_is_closed_in_both_languages(client, lesson, as_learner: Client):
    restriction = PageViewRestriction.objects.create(
        page=lesson, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="Kun for nogle"))
    address = lesson.url.replace("/da/", "/da/begge/", 1)

    assert as_learner.get(address).status_code == 404
    stranger = Client().get(address)
    assert (stranger.status_code, stranger["Location"]) == (302, lesson.url)


@pytest.mark.parametrize("count", [1, 30])
def test_it_takes_the_same_number_of_queries(client, count, django_assert_num_queries):
    page = make_lesson_page(
        make_module_page(), title="Titel", body=[text(f"<p>{n}.</p>") for n in range(count)]
    )
    translate(in_kalaallisut(page), title="[kl] titel")
    address = page.url.replace("/da/", "/da/begge/", 1)
    client.get(address)

    with django_assert_num_queries(5):  # the page; its restrictions; its twin; a place of each
        client.get(address)


def ids(html: bytes) -> list[Any]:
    prose = BeautifulSoup(html, "html.parser").select_one(".prose")
    assert isinstance(prose, Tag)
    return [part["id"] for part in prose.select('[id^="b-"]')]


def test_blocks_have_the_same_name_in_every_language(client, lesson):
    danish = ids(client.get(lesson.url).content)

    assert len(danish) == 3
    assert ids(client.get(in_kalaallisut(lesson).url).content) == danish
