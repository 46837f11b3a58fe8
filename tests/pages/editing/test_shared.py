"""Contact cards, checklists and explained words: kept in one place, shown as they are now."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pages.explaining import Explainer
from pages.finding import find
from pages.models import Checklist, ChecklistPoint, ContactCard, GlossaryTerm, LessonPage
from people.models import Place
from tests.factories.admin import admin_browser
from tests.factories.pages import block, edit, in_kalaallisut, make_lesson_page, text, translate
from tests.factories.people import make_town


def make_card(**fields: Any) -> ContactCard:
    """The card of an office."""
    given = {
        "place": fields.pop("place", None) or make_town(),
        "name_da": "Familieafdelingen",
        "phone": "+299 12 34 56",
        "email": "familie@kommune.example",
        "hours_da": "Hverdage kl. 9–15.",
        "checked_on": date(2026, 11, 1),
    }
    return ContactCard.objects.create(**(given | fields))


def make_checklist(title: str = "Før du ringer", *points: str) -> Checklist:
    """A checklist with its points."""
    checklist = Checklist.objects.create(title_da=title)
    for position, point in enumerate(points or ("Skriv tiden ned", "Hav papir klar")):
        ChecklistPoint.objects.create(checklist=checklist, sort_order=position, text_da=point)
    return checklist


def make_word(key: str = "frist", **fields: Any) -> GlossaryTerm:
    """A word of the glossary."""
    given = {"key": key, "term_da": key, "meaning_da": f"Hvad {key} betyder."}
    return GlossaryTerm.objects.create(**(given | fields))


def body_of(client: Client, page: LessonPage) -> BeautifulSoup:
    """What a reader reads of ``page``."""
    found = BeautifulSoup(client.get(page.url).content, "html.parser").select_one(".prose")
    assert found is not None
    return found


# --- Contact cards ------------------------------------------------------------------------------


def test_a_card_says_how_the_office_is_reached(client: Client):
    card = make_card()
    page = make_lesson_page(body=[block("contact", str(card.pk))])

    body = body_of(client, page)

    assert f"Familieafdelingen, {card.place.name}" in body.get_text()
    links = [link["href"] for link in body.find_all("a")]
    assert links == ["tel:+299123456", "mailto:familie@kommune.example"]
    assert "Prøvet 01.11.2026" in body.get_text() or "1.11.2026" in body.get_text()


def test_a_new_number_is_right_on_every_page_at_once(client: Client):
    card = make_card()
    pages = [make_lesson_page(body=[block("contact", str(card.pk))]) for _ in range(2)]
    tags = [client.get(page.url)["ETag"] for page in pages]

    card.phone = "+299 65 43 21"
    card.save()

    for page, tag in zip(pages, tags, strict=True):
        assert "+299 65 43 21" in body_of(client, page).get_text()
        assert client.get(page.url)["ETag"] != tag


def test_publishing_an_old_version_does_not_bring_an_old_card_back(client: Client):
    card = make_card()
    page = make_lesson_page(body=[block("contact", str(card.pk))])
    first = page.get_latest_revision()
    card.phone = "+299 65 43 21"
    card.save()

    first.publish()

    assert "+299 65 43 21" in body_of(client, page).get_text()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"phone": "", "email": ""}, "telefonnummer eller en mailadresse"),
        ({"phone": "ring til os"}, "cifre"),
        ({"email": "anna@gmail.com"}, "aldrig en, der hører til en person"),
        ({"name_da": "Anna 010190-1234"}, ""),
        ({"hours_da": "Ring 010190-1234"}, ""),
    ],
)
def test_a_card_is_of_an_office_and_can_be_used(fields: dict[str, str], words: str):
    card = make_card()
    for name, value in fields.items():
        setattr(card, name, value)

    with pytest.raises(ValidationError) as refusal:
        card.full_clean()

    assert words in " ".join(refusal.value.messages)


def test_a_town_has_one_card_for_an_office():
    card = make_card()

    with pytest.raises(ValidationError, match="allerede"):
        ContactCard(
            place=card.place, name_da=card.name_da, phone="112", checked_on=card.checked_on
        ).full_clean()


# --- Checklists ---------------------------------------------------------------------------------


def test_a_checklist_is_shown_and_changed_in_one_place(client: Client):
    checklist = make_checklist()
    page = make_lesson_page(body=[block("shared_checklist", str(checklist.pk))])
    assert [li.get_text() for li in body_of(client, page).select("li")] == [
        "Skriv tiden ned", "Hav papir klar",
    ]  # fmt: skip

    point = checklist.points_in_order()[0]
    point.text_da = "Skriv klokkeslættet ned"
    point.save()
    checklist.points_in_order()[1].delete()

    assert [li.get_text() for li in body_of(client, page).select("li")] == [
        "Skriv klokkeslættet ned"
    ]


def test_a_text_without_kalaallisut_is_marked_as_danish(client: Client):
    checklist = make_checklist()
    checklist.title_kl = "[kl] titel"
    checklist.save()
    page = make_lesson_page(body=[block("shared_checklist", str(checklist.pk))])

    body = body_of(client, in_kalaallisut(page))

    section = body.select_one("section")
    assert section is not None
    assert section.h2 is not None
    assert section.h2.get_text() == "[kl] titel"
    assert section.get("lang") is None
    assert [span["lang"] for span in section.select("li span")] == ["da", "da"]


# --- Words --------------------------------------------------------------------------------------


def explained(client: Client, page: LessonPage) -> list[tuple[str, str]]:
    """The words that a page explains, and what it says of them."""
    body = body_of(client, page)
    return [
        (
            button.get_text(),
            " ".join(body.select_one(f"#{button['popovertarget']}").get_text(" ").split()),
        )
        for button in body.select("button.term")
    ]


def test_the_first_place_of_a_word_in_the_text_explains_it(client: Client):
    word = make_word()
    page = make_lesson_page(
        body=[
            block("heading", "En frist"),
            text('<p>Se <a href="/da/">frist</a>. Fristen er kort. En frist løber.</p>'),
            block("words", {"words": [str(word.pk)]}),
        ]
    )

    assert explained(client, page) == [("Fristen", "Hvad frist betyder. Ordliste")]
    link = body_of(client, page).select_one("#ord-frist a")
    assert link is not None
    assert link["href"] == f"{reverse('glossary')}#frist"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("frist", True), ("Frist", True), ("fristen", True), ("frister", True),
        ("fristerne", True), ("fristforlængelse", False), ("svarfrist", False), ("fri", False),
    ],
)  # fmt: skip
def test_a_word_is_known_by_its_endings_and_not_within_others(said: str, found: bool):
    explain = Explainer([make_word()], "da")

    html = explain(f"<p>Her står {said}, og mere.</p>")

    assert ("<button" in html) is found
    assert f">{said}<" in html or f"står {said}," in html


def test_the_longer_of_two_words_at_one_place_wins_and_nothing_else_changes():
    words = [make_word("sag"), make_word("sag-om-barn", term_da="sag om et barn")]
    explain = Explainer(words, "da")

    html = explain("<p>En sag om et barn &amp; en <b>sag</b>.</p>")

    soup = BeautifulSoup(html, "html.parser")
    assert [one.get_text() for one in soup.select("button")] == ["sag om et barn", "sag"]
    for gone in soup.select(".term-text"):
        gone.decompose()
    assert soup.get_text() == "En sag om et barn & en sag."


def test_a_meaning_is_text_and_no_markup(client: Client):
    word = make_word(meaning_da="<script>alert(1)</script>")
    page = make_lesson_page(
        body=[text("<p>En frist.</p>"), block("words", {"words": [str(word.pk)]})]
    )

    assert body_of(client, page).find("script") is None


def test_a_hidden_word_explains_nothing(client: Client):
    word = make_word(is_shown=False)
    page = make_lesson_page(
        body=[text("<p>En frist.</p>"), block("words", {"words": [str(word.pk)]})]
    )

    assert explained(client, page) == []


def test_a_translated_text_explains_the_words_of_its_language(client: Client):
    word = make_word(term_kl="piffissaliussaq", kl_state="seen", kl_source="Kilde")
    page = make_lesson_page(
        body=[text("<p>En frist.</p>"), block("words", {"words": [str(word.pk)]})]
    )
    raw = [dict(child) for child in page.body.raw_data]
    raw[0]["value"] = "<p>Una piffissaliussaq.</p>"
    kl = translate(in_kalaallisut(page), body=raw)

    assert [said for said, _meaning in explained(client, kl)] == ["piffissaliussaq"]
    meaning = body_of(client, kl).select_one("#ord-frist [lang]")
    assert meaning is not None
    assert meaning["lang"] == "da"


def test_a_new_meaning_is_read_at_once(client: Client):
    word = make_word()
    page = make_lesson_page(
        body=[text("<p>En frist.</p>"), block("words", {"words": [str(word.pk)]})]
    )
    client.get(page.url)

    word.meaning_da = "Den sidste dag."
    word.save()

    assert explained(client, page)[0][1].startswith("Den sidste dag.")


def test_a_word_is_chosen_once():
    stream = LessonPage.body.field.stream_block
    word = str(make_word().pk)
    items = [{"type": "item", "value": word, "id": key} for key in ("a", "b")]

    with pytest.raises(ValidationError):
        stream.clean(stream.to_python([{"type": "words", "value": {"words": items}}]))


# --- Found, kept, allowed -----------------------------------------------------------------------


def test_a_page_is_found_by_what_its_card_and_list_say():
    card, checklist = make_card(), make_checklist("Før du ringer", "Hav kuglepennen klar")
    page = make_lesson_page(
        title="Hvem?",
        body=[block("contact", str(card.pk)), block("shared_checklist", str(checklist.pk))],
    )

    assert [hit.url for hit in find("kuglepen", "da").hits] == [page.url]
    checklist.points_in_order()[0].delete()
    assert find("kuglepen", "da").hits == []
    assert [hit.url for hit in find("familieafd", "da").hits] == [page.url]


@pytest.mark.parametrize("kind", ["contact", "shared_checklist", "words"])
def test_what_a_page_shows_is_not_deleted_and_the_page_is_named(kind: str):
    record: Any = {"contact": make_card, "shared_checklist": make_checklist, "words": make_word}[
        kind
    ]()
    value = {"words": [str(record.pk)]} if kind == "words" else str(record.pk)
    page = make_lesson_page(title="Hvem kan jeg ringe til?", body=[block(kind, value)])
    name = f"wagtailsnippets_pages_{record._meta.model_name}:delete"
    browser = admin_browser("editor")
    if kind == "words":  # no role deletes words; this is for the day one does
        from pages.editing.shared import why_kept

        kept = why_kept(record)
        assert kept is not None
        assert kept.named == ["Lektion: Hvem kan jeg ringe til?"]
        return
    address = reverse(name, args=[record.pk])

    for answer in (browser.get(address), browser.post(address)):
        assert answer.status_code == 409
        assert "Hvem kan jeg ringe til?" in answer.content.decode()
    edit(page, body=[])
    assert browser.post(address).status_code == 302
    assert not type(record).objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize(
    ("role", "may_add", "may_change"),
    [("editor", True, True), ("translator", False, False), ("reviewer", False, True)],
)
def test_editors_make_cards_and_translators_change_none(role: str, may_add: bool, may_change: bool):
    card = make_card()
    browser = admin_browser(role)

    add = browser.get(reverse("wagtailsnippets_pages_contactcard:add"))
    change = browser.get(reverse("wagtailsnippets_pages_contactcard:edit", args=[card.pk]))

    assert (add.status_code == 200) is may_add
    assert (change.status_code == 200) is may_change


def test_a_card_that_is_gone_leaves_nothing_behind(client: Client):
    card = make_card()
    page = make_lesson_page(body=[block("contact", str(card.pk)), text("<p>Resten.</p>")])
    ContactCard.objects.filter(pk=card.pk).delete()
    edit(page)

    assert body_of(client, page).get_text().split() == ["Resten."]


def test_the_card_speaks_the_language_of_the_page():
    card = make_card(name_kl="[kl] navn")

    with translation.override("kl"):
        assert card.name == "[kl] navn"
    assert Place.objects.filter(pk=card.place_id).exists()
