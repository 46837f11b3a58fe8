"""A translator's day: a text from the queue to its reader, a course out as a file and back."""

import re

import polib
import pytest
from playwright.sync_api import Page, expect

from pages.models import CoursePage, GlossaryTerm, TranslationOrder
from pages.translating.records import KINDS
from rules.models import Rule
from tests.browser.steps import DESK, PHONE, look
from tests.kinds import english

pytestmark = pytest.mark.browser

KL = "[kl] "


def expect_danish(page: Page) -> None:
    """Nothing that the translator sees or hears is English, and nothing is cut off."""
    look(page)
    assert english.faults(page.evaluate(english.TEXTS)) == []


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_text_goes_from_the_queue_to_its_reader(visit, screen):
    # Taken from the queue
    word = GlossaryTerm.objects.filter(is_shown=True, meaning_kl="").earliest("term_da")
    editor = visit("redaktoer1", f"/admin/oversaettelser/tekst/ord/{word.pk}/kl/", **screen)
    editor.get_by_label("Skal være klar den").fill("2031-02-03")
    editor.get_by_label("Note", exact=True).fill("Brug ordet fra loven.")
    editor.get_by_role("button", name="Bestil").click()
    expect(editor.get_by_text("Ingen har taget den.")).to_be_visible()
    translator = visit("oversaetter1", "/admin/oversaettelser/koe/", **screen)
    expect_danish(translator)
    row = translator.get_by_role("row").filter(has=translator.get_by_text(word.term_da, exact=True))
    row.get_by_role("button", name=re.compile("Tag den")).click()
    expect(translator.get_by_text("Brug ordet fra loven.").first).to_be_visible()

    # Written beside the Danish and the words of the glossary, kept, then sent on
    meaning = translator.get_by_label("Betydning på kalaallisut")
    expect(meaning).to_have_attribute("lang", "kl")
    meaning.fill(KL + "forkert")
    translator.get_by_role("button", name="Gem den foreløbig").click()
    expect(translator.get_by_text("Gemt. Læserne ser den")).to_be_visible()
    translator.get_by_label("Betydning på kalaallisut").fill(KL + word.meaning_da)
    expect_danish(translator)
    translator.get_by_role("button", name="Send til gennemsyn").click()
    expect(translator.get_by_text("Du har selv skrevet noget af den")).to_be_visible()
    expect(translator.get_by_role("button", name="Frigiv den til læserne")).to_have_count(0)
    reader = visit(None, "/kl/ordliste/", **screen)
    expect(reader.get_by_text(KL + word.meaning_da)).to_have_count(0)

    # Released by somebody else, and read
    reviewer = visit("godkender1", "/admin/oversaettelser/koe/", **screen)
    reviewer.get_by_role("link", name=word.term_da, exact=True).click()
    expect(reviewer.get_by_text(KL + word.meaning_da)).to_be_visible()
    expect_danish(reviewer)
    reviewer.get_by_role("button", name="Frigiv den til læserne").click()
    expect(reviewer.get_by_text("Frigivet. Læserne ser den nu.")).to_be_visible()
    expect(reviewer.get_by_text("Oversat af")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text(KL + word.meaning_da).first).to_be_visible()


def test_a_newer_danish_rule_comes_back_to_the_translator_with_its_difference(visit, people):
    rule = Rule.objects.filter(state=Rule.State.VERIFIED, statement_kl="").latest("key")
    address = f"/admin/oversaettelser/tekst/regler/{rule.pk}/kl/"
    translator = visit("oversaetter1", address)
    translator.get_by_role("button", name="Tag den", exact=True).click()
    translator.get_by_label("Reglen på kalaallisut").fill(KL + "regel")
    translator.get_by_role("button", name="Send til gennemsyn").click()
    reviewer = visit("godkender1", address)
    reviewer.get_by_role("button", name="Frigiv den til læserne").click()
    expect(reviewer.get_by_text("Frigivet. Læserne ser den nu.")).to_be_visible()

    reviewer.goto(f"/admin/snippets/rules/rule/edit/{rule.pk}/")
    statement = reviewer.locator("#id_statement_da")
    statement.fill(f"{rule.statement_da} Også om natten.")
    reviewer.get_by_role("checkbox", name="Kun en rettelse").check()
    reviewer.get_by_role("button", name="Gem").first.click()
    reviewer.wait_for_url("**/admin/snippets/rules/rule/")

    rule.refresh_from_db()
    assert rule.statement_kl == KL + "regel"
    translator.goto(address)
    expect(translator.get_by_text("Den danske tekst er nyere")).to_be_visible()
    expect(translator.locator("ins").filter(has_text="natten")).to_be_visible()
    expect_danish(translator)


def test_a_course_goes_out_as_a_file_and_comes_back_for_other_eyes(visit, tmp_path):
    course = CoursePage.objects.live().filter(locale__language_code="da").earliest("path")
    translator = visit("oversaetter1", "/admin/oversaettelser/filer/")
    translator.get_by_role("link", name=re.compile(re.escape(course.title))).first.click()
    with translator.expect_download() as waiting:
        translator.get_by_role("link", name="Hent filen").click()
    sent = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(sent)

    # Translated with the translator's own tool: the course itself, one text with broken markup
    file = polib.pofile(str(sent))
    own = [entry for entry in file if str(course.translation_key) in entry.msgctxt]
    for entry in own:
        entry.msgstr = KL + entry.msgid
    with_markup = next(entry for entry in file if "<b>" in entry.msgid)
    with_markup.msgstr = KL + with_markup.msgid.replace("<b>", "")
    file.save(str(sent))

    # Looked at first: each text with what becomes of it; nothing is kept
    expect_danish(translator)
    translator.locator("input[type=file]").set_input_files(sent)
    translator.get_by_role("button", name="Se på filen").click()
    expect(translator.get_by_text("Der er ikke gemt noget endnu.")).to_be_visible()
    expect(translator.get_by_role("cell", name="afvist")).to_have_count(1)
    expect_danish(translator)
    assert not TranslationOrder.objects.of(course.translation_key, "kl").exists()
    translator.get_by_label("Gem de gode").check()
    translator.get_by_role("button", name="Gem oversættelserne som kladder").click()
    translator.wait_for_url("**/koe/")
    expect(translator.get_by_role("link", name=course.title, exact=True)).to_be_visible()

    # Published by somebody else, and read
    order = TranslationOrder.objects.of(course.translation_key, "kl").get()
    assert order.state == TranslationOrder.State.REVIEW
    reviewer = visit("godkender1", f"/admin/oversaettelser/side/{course.translation_key}/kl/")
    reviewer.get_by_role("button", name="Godkend og udgiv").click()
    order.refresh_from_db()
    assert order.state == TranslationOrder.State.DONE
    reader = visit(None, course.url.replace("/da/", "/kl/", 1))
    expect(reader.get_by_role("heading", level=1)).to_have_text(KL + course.title)


def test_every_kind_has_its_list_and_its_first_text_opens(visit):
    translator = visit("oversaetter1", "/admin/oversaettelser/mangler/")
    for kind in KINDS.values():
        translator.goto(f"/admin/oversaettelser/mangler/?slags={kind.key}")
        expect(translator.get_by_role("heading", level=2, name=str(kind.label))).to_be_visible()
        links = translator.locator("table.listing a")
        if links.count():
            links.first.click()
            expect(translator.get_by_role("heading", name="Teksten", exact=True)).to_be_visible()
            expect_danish(translator)
