"""A lesson's way: written, previewed, reviewed, published, translated, published again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Revision

from notices.due import run_due
from pages.models import LessonPage, ModulePage
from tests.kinds import english

pytestmark = pytest.mark.browser

TITLE = "Ring til en kollega"
INTRODUCTION = "Spørg, før du er i tvivl."
HEADING = "Hvem kan du ringe til?"
KL = "[kl] "
SAVED = re.compile(r"er (oprettet|opdateret)")
#: The editor takes what stands in the form some seconds after it was opened as what was there.
WATCHED = """document.addEventListener('w-unsaved:watch-edits', () => {
    document.documentElement.dataset.watched = "yes";
});"""


@pytest.fixture
def module(demo_site) -> ModulePage:
    """A module that everybody reads."""
    return ModulePage.objects.filter(locale__language_code="da", live=True).first()


def add_heading(page: Page, text: str) -> None:
    """Through the list of blocks, as an editor does."""
    page.get_by_role("button", name="Indsæt en blok").first.click()
    page.get_by_role("option", name="Overskrift").click()
    page.locator('[name^="body-"][name$="-value"]').last.fill(text)


def goto_editor(page: Page, address: str) -> None:
    """Open an editor, and wait until it watches what is typed."""
    page.add_init_script(WATCHED)
    page.goto(address)
    expect(page.locator("html[data-watched]")).to_be_attached()


def save_draft(page: Page) -> None:
    """Save by hand, and wait for the answer: the address alone may be that of an autosave."""
    press_action(page, "Gem kladde")
    expect_saved(page)


def expect_saved(page: Page) -> None:
    expect(page.locator(".messages").get_by_text(SAVED)).to_be_visible()


def press_action(page: Page, name: str) -> None:
    """A button of the bar below the editor, perhaps below the arrow."""
    button = page.get_by_role("button", name=name)
    if not button.first.is_visible():
        page.get_by_role("button", name="Flere handlinger").last.click()
    button.first.click()


def translate(page: Page, texts: list[str]) -> None:
    """Put an artificial text in the place of every segment, in their order."""
    todo = page.get_by_role("button", name="Oversæt", exact=True)
    expect(todo).to_have_count(len(texts))
    for left, text in zip(range(len(texts), 0, -1), texts, strict=True):
        todo.first.click()
        page.locator("textarea:visible").first.fill(KL + text)
        page.get_by_role("button", name="Gem", exact=True).click()
        expect(todo).to_have_count(left - 1)


def expect_danish(page: Page) -> None:
    """Nothing that the editor sees or hears is English."""
    assert english.faults(page.evaluate(english.TEXTS)) == []


def test_editor_writes_reviewer_publishes_translator_translates(visit, watch, module):
    # Write, and look at it
    editor = visit("redaktoer1", f"/admin/pages/add/pages/lessonpage/{module.pk}/")
    editor.locator("#id_title").fill(TITLE)
    editor.locator("#id_introduction").fill(INTRODUCTION)
    add_heading(editor, HEADING)
    expect_danish(editor)
    save_draft(editor)
    lesson = LessonPage.objects.get(title=TITLE)
    assert not lesson.live
    editor.get_by_role("button", name="Vis eller skjul forhåndsvisning").click()
    preview = editor.frame_locator("iframe").first
    expect(preview.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(preview.get_by_role("heading", name=HEADING)).to_be_visible()
    expect_danish(editor)

    # Submit to review: nobody reads it yet
    press_action(editor, "Send til Faglig gennemgang")
    editor.wait_for_url(f"**/admin/pages/{module.pk}/")
    expect_danish(editor)
    lesson.refresh_from_db()
    assert lesson.workflow_in_progress
    watch.expect(404)
    nobody = visit()
    assert nobody.goto(lesson.url).status == 404

    # Approve: everybody reads it
    reviewer = visit("godkender1", f"/admin/pages/{lesson.pk}/edit/")
    expect_danish(reviewer)
    press_action(reviewer, "Godkend og udgiv")
    reviewer.wait_for_url(f"**/admin/pages/{module.pk}/")
    for address in ("history", "workflow_history", "usage"):
        editor.goto(f"/admin/pages/{lesson.pk}/{address}/")
        expect_danish(editor)
    assert nobody.goto(lesson.url).status == 200
    expect(nobody.get_by_role("heading", name=HEADING)).to_be_visible()

    # Translate; until it is published, its readers see the Danish text, marked as such
    translator = visit("oversaetter1", f"/admin/localize/submit/page/{lesson.pk}/")
    expect_danish(translator)
    translator.get_by_label("Kalaallisut").check()
    translator.locator("main form [type=submit]").last.click()
    translator.wait_for_url("**/edit/")
    translation = LessonPage.objects.get(
        translation_key=lesson.translation_key, locale__language_code="kl"
    )
    translate(translator, [TITLE, INTRODUCTION, HEADING])
    expect_danish(translator)
    expect(translator.get_by_role("heading", name="Dansk → Kalaallisut")).to_be_visible()
    nobody.goto(f"/kl{lesson.url.removeprefix('/da')}")
    expect(nobody.get_by_role("heading", level=1)).to_have_text(TITLE)

    # Publish: that is the reviewer's, in every language
    expect(translator.get_by_role("button", name="Udgiv på Kalaallisut")).to_have_count(0)
    reviewer.goto(f"/admin/pages/{translation.pk}/edit/")
    reviewer.get_by_role("button", name="Udgiv på Kalaallisut").click()
    expect(reviewer.get_by_text("er udgivet på Kalaallisut")).to_be_visible()
    expect_danish(reviewer)
    translation.refresh_from_db()
    assert translation.live
    nobody.goto(translation.url)
    expect(nobody.get_by_role("heading", level=1)).to_have_text(KL + TITLE)
    expect(nobody.get_by_role("heading", name=KL + HEADING)).to_be_visible()
    expect(nobody.get_by_role("heading", level=1)).to_have_attribute("lang", "kl")


def test_planned_lesson_is_published_when_its_time_comes(demo_site, client):
    lesson = LessonPage(title="Kommer senere", slug="kommer-senere", live=False)
    ModulePage.objects.filter(locale__language_code="da").first().add_child(instance=lesson)
    now = timezone.now()
    lesson.go_live_at = now + timedelta(hours=2)
    lesson.save_revision().publish()
    run_due(at=now + timedelta(minutes=2))
    assert client.get(lesson.url).status_code == 404

    passed = now - timedelta(minutes=1)  # two hours later
    revision = lesson.latest_revision
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=passed,
        content={**revision.content, "go_live_at": passed.isoformat()},
    )
    run_due(at=now + timedelta(minutes=4))
    assert client.get(lesson.url).status_code == 200
