"""Whoever writes, reviews and translates does it by keyboard alone, on a phone and at a desk."""

import pytest
from playwright.sync_api import Page, expect

from pages.models import LessonPage, ModulePage
from tests.browser.test_editing import expect_saved

pytestmark = [pytest.mark.browser, pytest.mark.once]
SIZES = pytest.mark.parametrize("width", [pytest.param(360, marks=pytest.mark.full), 1280])

TITLE = "Ring, når du er i tvivl"
INTRODUCTION = "Spørg en kollega først."
HEADING = "Hvem ringer du til?"
KL = "[kl] "
MOST_TABS = 400
#: What has the focus, as a name that is read aloud.
FOCUSED = """() => {
    const element = document.activeElement;
    const named = document.getElementById(element.getAttribute('aria-labelledby') ?? '');
    const label = element.getAttribute('aria-label') || named?.innerText
        || element.innerText || element.title || '';
    return {id: element.id, name: element.name ?? '', text: label.trim()};
}"""


def tab_to(page: Page, *, key: str = "Tab", **wanted: str) -> None:
    """Tab on until what has the focus is called so: by ``id``, by ``name``, or by its ``text``."""
    for _stop in range(MOST_TABS):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUSED)
        if all(focus[kind] == value for kind, value in wanted.items()):
            return
    pytest.fail(f"The keyboard does not reach {wanted} on {page.url}")


def press(page: Page, text: str, *, key: str = "Tab") -> None:
    """Reach a button or link by its text and press it."""
    tab_to(page, key=key, text=text)
    page.keyboard.press("Enter")


def act(page: Page, text: str) -> None:
    """Press one of the actions at the foot of the editor, which stand at the end of the page."""
    for _stop in range(MOST_TABS):
        page.keyboard.press("Shift+Tab")
        focus = page.evaluate(FOCUSED)
        if focus["text"] == text:
            break
        if focus["text"] == "Flere handlinger":
            page.keyboard.press("Enter")
            tab_to(page, text=text)
            break
    else:
        pytest.fail(f"The keyboard does not reach {text} on {page.url}")
    page.keyboard.press("Enter")


def sized(width: int) -> dict[str, dict[str, int]]:
    return {"viewport": {"width": width, "height": 800}}


@SIZES
def test_a_lesson_is_written_reviewed_and_translated_by_keyboard_alone(visit, demo_site, width):
    module = ModulePage.objects.filter(locale__language_code="da", live=True).first()

    # Write it and send it to review
    editor = visit("redaktoer1", f"/admin/pages/add/pages/lessonpage/{module.pk}/", **sized(width))
    tab_to(editor, id="id_title")
    editor.keyboard.type(TITLE)
    tab_to(editor, id="id_introduction")
    editor.keyboard.type(INTRODUCTION)
    press(editor, "Indsæt en blok")
    expect(editor.get_by_role("combobox", name="Søg i valg")).to_be_visible()
    editor.keyboard.press("Tab")
    editor.keyboard.type("Overskrift")
    expect(editor.get_by_role("option", name="Overskrift", selected=True)).to_be_visible()
    editor.keyboard.press("Enter")
    expect(editor.locator('[name="body-0-value"]')).to_be_visible()
    tab_to(editor, name="body-0-value")
    editor.keyboard.type(HEADING)
    act(editor, "Gem kladde")
    expect_saved(editor)
    lesson = LessonPage.objects.get(title=TITLE)
    assert [block.value for block in lesson.body] == [HEADING]
    act(editor, "Send til Faglig gennemgang")
    editor.wait_for_url(f"**/admin/pages/{module.pk}/")

    # Approve it
    reviewer = visit("godkender1", f"/admin/pages/{lesson.pk}/edit/", **sized(width))
    act(reviewer, "Godkend og udgiv")
    reviewer.wait_for_url(f"**/admin/pages/{module.pk}/")
    lesson.refresh_from_db()
    assert lesson.live

    # Translate it
    translator = visit("oversaetter1", f"/admin/localize/submit/page/{lesson.pk}/", **sized(width))
    tab_to(translator, name="locales")
    translator.keyboard.press("Space")
    translator.keyboard.press("Enter")
    translator.wait_for_url("**/edit/")
    todo = translator.get_by_role("button", name="Oversæt", exact=True)
    for left, text in ((3, TITLE), (2, INTRODUCTION), (1, HEADING)):
        expect(todo).to_have_count(left)
        press(translator, "Oversæt")
        expect(translator.locator("textarea:focus")).to_be_visible()
        translator.keyboard.press("Control+a")
        translator.keyboard.type(KL + text)
        press(translator, "Gem")
    expect(todo).to_have_count(0)

    # Publish it in the other language, by another pair of eyes
    translation = lesson.get_translation(type(lesson.locale).objects.get(language_code="kl"))
    reviewer.goto(f"/admin/pages/{translation.pk}/edit/")
    expect(reviewer.get_by_role("button", name="Udgiv på Kalaallisut")).to_be_visible()
    press(reviewer, "Udgiv på Kalaallisut")
    expect(reviewer.get_by_text("er udgivet på Kalaallisut")).to_be_visible()
    translation.refresh_from_db()
    assert translation.live
    assert translation.title == KL + TITLE
