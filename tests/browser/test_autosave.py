"""What the editor saves by itself and what a person saves by hand do not overtake each other."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from pages.models import LessonPage, ModulePage
from tests.browser.test_editing import expect_saved, goto_editor

pytestmark = [pytest.mark.browser, pytest.mark.once]

TITLE = "Ring, mens du kan"
WRITTEN = "Skrevet, mens linjen var langsom."


@pytest.fixture
def open_editor(visit, demo_site, settings) -> Callable[[], Page]:
    """Open a lesson that is not made yet, whose editor saves by itself soon."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 1_500  # milliseconds
    module = ModulePage.objects.filter(locale__language_code="da", live=True).first()

    def open_it() -> Page:
        editor = visit("redaktoer1")
        goto_editor(editor, f"/admin/pages/add/pages/lessonpage/{module.pk}/")
        return editor

    return open_it


def is_saving(request: Request) -> bool:
    return (
        request.method == "POST"
        and "/pages/" in request.url
        and not request.url.endswith(("/preview/", "/ping/"))
    )


class SlowLink:
    """A link on which the first saving of one kind is held until it is let go.

    ``sent`` has the addresses that savings went to, by kind: ``fetch`` is the editor's own,
    ``document`` what a person pressed.
    """

    def __init__(self, page: Page, slow: str) -> None:
        self.held: Route | None = None
        self.sent: dict[str, list[str]] = {"fetch": [], "document": []}
        self._slow = slow
        page.route(lambda _url: True, self._pass)

    def _pass(self, route: Route) -> None:
        request = route.request
        if is_saving(request):
            self.sent[request.resource_type].append(request.url)
            if request.resource_type == self._slow and self.held is None:
                self.held = route
                return
        route.continue_()


def wait_until(page: Page, holds: Callable[[], object]) -> None:
    for _try in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("It does not come")


def test_a_lesson_saved_while_it_is_being_saved_is_made_once(open_editor):
    editor = open_editor()
    link = SlowLink(editor, "fetch")
    editor.locator("#id_title").press_sequentially(TITLE)
    wait_until(editor, lambda: link.held)
    editor.locator("#id_introduction").fill(WRITTEN)

    editor.get_by_role("button", name="Gem kladde").click()
    editor.wait_for_timeout(1_000)
    assert link.sent["document"] == []

    link.held.continue_()
    expect_saved(editor)
    [lesson] = LessonPage.objects.filter(title__startswith=TITLE[:4])
    assert lesson.title == TITLE
    assert lesson.introduction == WRITTEN
    assert link.sent["document"] == [editor.url]


def test_what_was_pressed_is_sent_though_the_editors_own_saving_failed(open_editor, watch):
    editor = open_editor()
    link = SlowLink(editor, "fetch")
    editor.locator("#id_title").press_sequentially(TITLE)
    wait_until(editor, lambda: link.held)
    editor.get_by_role("button", name="Gem kladde").click()

    watch.expect_no_net()
    link.held.abort("internetdisconnected")

    expect_saved(editor)
    assert LessonPage.objects.get(title=TITLE).slug == "ring-mens-du-kan"


def test_nothing_older_is_sent_while_what_was_pressed_is_on_its_way(open_editor):
    editor = open_editor()
    link = SlowLink(editor, "document")
    editor.locator("#id_title").press_sequentially(TITLE)
    expect(editor.locator("#id_slug")).to_have_value("ring-mens-du-kan")  # follows the title
    editor.locator("#id_introduction").fill(WRITTEN)

    editor.get_by_role("button", name="Gem kladde").click(no_wait_after=True)
    wait_until(editor, lambda: link.held)
    before = len(link.sent["fetch"])
    editor.wait_for_timeout(3_000)  # the editor's own saving falls due
    assert len(link.sent["fetch"]) == before

    link.held.continue_()
    expect_saved(editor)
    assert LessonPage.objects.get(title=TITLE).introduction == WRITTEN
