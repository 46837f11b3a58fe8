"""An editor's tools in a browser: paste from Word, what is kept by itself, a phone's preview."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from pages.models import LessonPage, ModulePage
from tests.browser.test_editing import (
    expect_danish,
    goto_editor,
    press_action,
    save_draft,
)

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: As Word writes it: classes and styles of its own, comments.
FROM_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;} --></style></head>
<body lang=DA style='tab-interval:65.2pt'><!--StartFragment-->
<h3 style='mso-list:none'>Kvitteringen</h3>
<p class=MsoNormal style='margin-bottom:8pt'><span style='font-size:14.0pt;font-family:"Arial"'>Send
den <b style='mso-bidi-font-weight:normal'>hurtigt</b>, og skriv <i>kort</i>.<o:p></o:p></span></p>
<ul type=disc><li class=MsoNormal>Tak for din underretning</li>
<li class=MsoNormal>Vi har den</li></ul>
<p class=MsoNormal><a href="https://nalunaarutit.gl/" style='color:blue'>Loven</a></p>
<table class=MsoTableGrid><tr><td>En celle</td></tr></table>
<img width=20 src="file:///C:/x/image001.png"><o:p>&nbsp;</o:p><!--EndFragment--></body></html>"""
PASTE = """(element, html) => {
    const data = new DataTransfer();
    data.setData('text/html', html);
    data.setData('text/plain', 'Kvitteringen');
    const paste = {clipboardData: data, bubbles: true, cancelable: true};
    element.dispatchEvent(new ClipboardEvent('paste', paste));
}"""


@pytest.fixture
def open_editor(visit, lesson) -> Callable[[], Page]:
    """Open the lesson as an editor, and wait until the editor watches what is typed."""

    def open_it() -> Page:
        editor = visit("redaktoer1")
        goto_editor(editor, f"/admin/pages/{lesson.pk}/edit/")
        return editor

    return open_it


@pytest.fixture
def lesson(demo_site) -> LessonPage:
    """A lesson that is read and holds one heading."""
    module = ModulePage.objects.filter(locale__language_code="da", live=True).first()
    page = LessonPage(title="Til prøve", slug="til-proeve", live=False, body=[("heading", "Nu")])
    module.add_child(instance=page)
    page.save_revision().publish()
    return LessonPage.objects.get(pk=page.pk)


def add_text(page: Page) -> None:
    """A block of running text, empty."""
    page.get_by_role("button", name="Indsæt en blok").last.click()
    page.get_by_role("option", name="Tekst", exact=True).click()


def test_what_is_pasted_from_word_comes_out_clean(open_editor, lesson):
    editor = open_editor()
    add_text(editor)
    field = editor.locator(".public-DraftEditor-content").last
    field.click()
    field.evaluate(PASTE, FROM_WORD)
    expect(field).to_contain_text("Tak for din underretning")
    handed_over = re.compile("Tak for din underretning")  # to the form, some moments later
    expect(editor.locator('[name="body-1-value"]')).to_have_value(handed_over)

    save_draft(editor)

    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    [kept] = [child["value"] for child in draft.body.raw_data if child["type"] == "text"]
    for wanted in ("<b>hurtigt</b>", "<i>kort</i>", "<ul>", 'href="https://nalunaarutit.gl/"'):
        assert wanted in kept
    for foreign in (
        "Mso",
        "style",
        "class",
        "<span",
        "<o:",
        "font",
        "alert",
        "<img",
        "file:",
        "<!--",
    ):
        assert foreign not in kept, kept
    expect_danish(editor)


def saved_by_itself(answer: Response) -> bool:
    """Whether the editor has sent what was typed, which it does some seconds later."""
    return (
        answer.request.method == "POST" and "/edit/" in answer.url and "preview" not in answer.url
    )


def test_what_is_typed_is_kept_by_itself_and_found_again(open_editor, lesson):
    editor = open_editor()
    editor.locator("#id_title").click()
    editor.locator("#id_title").press("End")

    def holds_all_of_it(response: Response) -> bool:
        return saved_by_itself(response) and "trykke" in (response.request.post_data or "")

    with editor.expect_response(holds_all_of_it) as answer:
        editor.keyboard.type(", skrevet uden at trykke")
    assert answer.value.json()["success"]
    expect_danish(editor)

    editor.reload()

    expect(editor.locator("#id_title")).to_have_value("Til prøve, skrevet uden at trykke")
    assert LessonPage.objects.get(pk=lesson.pk).title == "Til prøve"


def test_preview_is_a_phone_and_says_what_the_page_weighs(open_editor):
    editor = open_editor()
    editor.get_by_role("button", name="Vis eller skjul forhåndsvisning").click()
    preview = editor.frame_locator("#w-preview-iframe")
    figures = preview.locator(".header").get_by_text("3 forespørgsler")
    expect(figures).to_contain_text("kB")
    assert preview.locator("html").evaluate("() => innerWidth") == 360
    editor.locator('[name^="body-"][name$="-value"]').last.fill("En ny overskrift")
    expect(preview.get_by_role("heading", name="En ny overskrift")).to_be_visible()
    expect_danish(editor)


def test_editor_puts_a_word_right_alone_and_the_reviewer_sees_it(visit, lesson):
    editor = visit("redaktoer1", f"/admin/pages/{lesson.pk}/edit/")
    editor.locator("#id_title").fill("Til en prøve")
    press_action(editor, "Udgiv som lille rettelse")
    expect(editor.get_by_text("Rettelsen er udgivet.")).to_be_visible()
    expect_danish(editor)
    assert LessonPage.objects.get(pk=lesson.pk).title == "Til en prøve"

    editor.locator("#id_title").fill("Til en prøve på 24 timer")
    press_action(editor, "Udgiv som lille rettelse")
    expect(editor.get_by_text("Et tal eller en frist er ændret.")).to_be_visible()
    expect(editor.locator("#id_title")).to_have_value("Til en prøve på 24 timer")
    assert LessonPage.objects.get(pk=lesson.pk).title == "Til en prøve"

    reviewer = visit("godkender1", "/admin/")
    expect(reviewer.get_by_role("heading", name="Små rettelser (1)")).to_be_visible()
    expect_danish(reviewer)
    reviewer.get_by_role("link", name="Til en prøve").first.click()
    expect(reviewer.locator(".comparison")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_word_is_explained_by_keyboard_and_by_touch(visit, demo_site, script):
    reader = visit(None, "/da/hvem-kan-jeg-ringe-til/", java_script_enabled=script)
    word = reader.get_by_role("button", name="underretning")
    meaning = reader.locator("#ord-underretning")
    expect(meaning).to_be_hidden()

    word.press("Enter")
    expect(meaning).to_be_visible()
    reader.keyboard.press("Escape")
    expect(meaning).to_be_hidden()

    word.click()
    expect(meaning.get_by_role("link", name="Ordliste")).to_be_visible()
