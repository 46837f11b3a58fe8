"""What is not translated is shown in Danish and says so, paragraph by paragraph."""

import re

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils import translation

from pages.models import LessonPage, TranslationRequest
from people.models import Person
from tests.factories.courses import make_rule
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_lesson_page,
    text,
    translate,
)
from tests.factories.translating import make_staff, publish, write

TWO_PARAGRAPHS = "<p>Læs hele underretningen.</p><p>Skriv klokkeslættet ned.</p>"


def prose(client: Client, page: LessonPage) -> Tag:
    """The body of ``page`` as it is drawn under ``/kl/``."""
    response = client.get(in_kalaallisut(page).url)
    assert response.status_code == 200
    found = BeautifulSoup(response.content, "html.parser").select_one(".prose")
    assert found is not None
    return found


def danish_texts(body: Tag) -> list[str]:
    """What is marked as Danish, without the mark's own words."""
    for mark in body.select(".fallback-mark"):
        mark.decompose()
    return [" ".join(part.get_text(" ").split()) for part in body.select('.fallback[lang="da"]')]


def localize(page: LessonPage, translated: dict[str, str]) -> None:
    """Translate as a translator does: segment by segment, then somebody publishes it."""
    write(page, translated, None)
    publish(page, make_staff("reviewer"))


def test_a_page_without_translation_is_danish_under_one_mark(client: Client):
    page = make_lesson_page(
        title="De første 24 timer",
        body=[block("heading", "Rækkefølgen"), text(TWO_PARAGRAPHS), block("heading", "Akut")],
    )

    response = client.get(in_kalaallisut(page).url)

    html = response.content.decode()
    assert html.count("På dansk") == 1
    assert '<h1 class="fallback" lang="da">De første 24 timer</h1>' in html
    body = prose(client, page)
    assert body["lang"] == "kl"
    assert danish_texts(body) == [
        "Rækkefølgen Læs hele underretningen. Skriv klokkeslættet ned. Akut"
    ]


def test_a_danish_page_marks_nothing(client: Client):
    page = make_lesson_page(body=[text(TWO_PARAGRAPHS)])

    html = client.get(page.url).content.decode()

    assert "fallback" not in html
    assert "På dansk" not in html


def test_each_paragraph_without_translation_is_marked_on_its_own(client: Client):
    page = make_lesson_page(title="Titel", body=[text(TWO_PARAGRAPHS)])
    localize(page, {"Læs hele underretningen.": "[kl] nalunaarut"})

    body = prose(client, page)

    assert "[kl] nalunaarut" in body.get_text()
    assert danish_texts(body) == ["Skriv klokkeslættet ned."]


def test_a_translated_page_marks_nothing_and_shows_its_own_title(client: Client):
    page = make_lesson_page(title="Titel", body=[text("<p>Læs.</p>")])
    localize(page, {"Titel": "[kl] titel", "Læs.": "[kl] pikkorissaaneq"})

    response = client.get(in_kalaallisut(page).url)

    html = response.content.decode()
    assert '<h1 lang="kl">[kl] titel</h1>' in html
    assert danish_texts(prose(client, page)) == []
    assert "Bed om en oversættelse" not in html


def test_parts_of_a_box_are_marked_one_by_one(client: Client):
    items = [
        {"type": "item", "value": word, "id": f"0000000{i}-0000-4000-8000-000000000000"}
        for i, word in enumerate(["Læs.", "Skriv."])
    ]
    page = make_lesson_page(body=[block("checklist", {"title": "Gør det klar", "items": items})])
    localize(page, {"Læs.": "[kl] suliaq"})

    assert danish_texts(prose(client, page)) == ["Gør det klar", "Skriv."]


def test_a_list_that_was_stored_without_ids_is_marked_too(client: Client):
    points = {"title": "Gør det klar", "items": ["Læs.", "Skriv."]}
    page = make_lesson_page(body=[block("checklist", points)])

    assert danish_texts(prose(client, page)) == ["Gør det klar Læs. Skriv."]

    localize(page, {"Gør det klar": "[kl] titel"})

    assert danish_texts(prose(client, page)) == ["Læs.", "Skriv."]


def test_list_points_are_marked_one_by_one(client: Client):
    page = make_lesson_page(body=[text("<ul><li>Hvem?</li><li>Hvornår?</li></ul>")])
    localize(page, {"Hvem?": "[kl] kia"})

    body = prose(client, page)

    assert [point.get("lang") for point in body.select("li")] == [None, "da"]


def test_a_rule_says_its_own_language(client: Client):
    rule = make_rule(statement_kl="[kl] inatsit")
    page = make_lesson_page(body=[block("rule", str(rule.pk))])

    body = prose(client, page)

    assert "[kl] inatsit" in body.get_text()
    assert danish_texts(body) == []


def test_a_rule_without_kalaallisut_is_marked_as_danish(client: Client):
    page = make_lesson_page(body=[block("rule", str(make_rule().pk))])

    statement = prose(client, page).select_one(".statement")

    assert statement is not None
    assert statement["lang"] == "da"


def test_a_newer_danish_text_is_told_and_the_old_translation_stays(client: Client):
    page = make_lesson_page(title="Titel", body=[text("<p>Læs.</p>")])
    localize(page, {"Titel": "[kl] titel", "Læs.": "[kl] gammel"})
    kalaallisut = in_kalaallisut(page)
    assert "Den danske tekst er nyere" not in client.get(kalaallisut.url).content.decode()

    edit(page, body=[text("<p>Læs begge sider.</p>")])

    html = client.get(kalaallisut.url).content.decode()
    assert "Den danske tekst er nyere end denne oversættelse." in html
    assert "[kl] gammel" in html


def test_the_danish_page_changing_changes_the_tag_of_the_kalaallisut_page(client: Client):
    page = make_lesson_page()
    address = in_kalaallisut(page).url
    before = client.get(address)["ETag"]

    edit(page, title="Ny titel")

    assert client.get(address)["ETag"] != before


def test_a_reader_asks_for_a_translation_once(as_learner: Client, learner: Person):
    page = make_lesson_page(title="Kvittering")
    with translation.override("da"):
        address = f"/da/oversaettelse/{page.translation_key}/"

    asked = as_learner.get(address)
    first, second = as_learner.post(address), as_learner.post(address)

    assert "Kvittering" in asked.content.decode()
    assert (first.status_code, second.status_code) == (302, 302)
    wish = TranslationRequest.objects.get()
    assert (wish.page_key, wish.language, wish.asked_by) == (page.translation_key, "kl", learner)


def test_whoever_asks_for_a_translation_signs_in_first(client: Client):
    page = make_lesson_page()

    response = client.post(f"/da/oversaettelse/{page.translation_key}/")

    assert response.status_code == 302
    assert response["Location"].startswith("/da/konto/")
    assert not TranslationRequest.objects.exists()


def test_nobody_asks_for_a_draft(as_learner: Client):
    page = make_lesson_page(live=False)

    assert as_learner.get(f"/da/oversaettelse/{page.translation_key}/").status_code == 404


def test_kalaallisut_is_never_made_by_a_machine(settings):
    assert not getattr(settings, "WAGTAILLOCALIZE_MACHINE_TRANSLATOR", None)


@pytest.mark.parametrize("language", ["da", "kl"])
def test_the_page_links_to_the_other_language(client: Client, language: str):
    page = make_lesson_page()
    shown = page if language == "da" else in_kalaallisut(page)
    other = in_kalaallisut(page) if language == "da" else page

    html = client.get(shown.url).content.decode()

    assert re.search(rf'<a href="{other.url}" lang="\w\w" hreflang="\w\w" data-switch>', html)


def test_a_copy_is_translated_by_hand(client: Client):
    page = make_lesson_page(title="Titel", introduction="Uret starter.")
    translate(in_kalaallisut(page), title="[kl] titel")

    html = client.get(in_kalaallisut(page).url).content.decode()

    assert '<h1 lang="kl">[kl] titel</h1>' in html
    assert '<p class="lead fallback" lang="da">Uret starter.</p>' in html
