"""An editor types what looks like a CPR number: the device stops it, and so does the server."""

import pytest
from playwright.sync_api import Page, Request, Route, expect
from wagtail.admin.models import FormState
from wagtail.models import Revision

from core.identity import has_cpr_like
from pages.models import LessonPage, ModulePage
from rules.models import Rule
from tests.browser.test_editing import add_heading, save_draft

pytestmark = [pytest.mark.browser, pytest.mark.once]

NUMBER = "-".join(["010290", "1234"])
MESSAGE = "ligner et CPR-nummer"


@pytest.fixture
def module(demo_site) -> ModulePage:
    """A module that everybody reads."""
    return ModulePage.objects.filter(locale__language_code="da", live=True).first()


def listen(page: Page) -> list[str]:
    """The addresses to which a number was sent."""
    heard: list[str] = []

    def hear(request: Request) -> None:
        if has_cpr_like(request.url) or has_cpr_like(request.post_data or ""):
            heard.append(request.url)

    page.on("request", hear)
    return heard


def without_script(route: Route) -> None:
    """An empty file in the place of the script."""
    route.fulfill(body="", content_type="text/javascript")


def stored() -> list[str]:
    """Whatever the editor keeps, if it holds a number."""
    kept = [str(row) for row in Revision.objects.values_list("content", flat=True)]
    kept += FormState.objects.values_list("data", flat=True)
    return [text for text in kept if has_cpr_like(text)]


def test_the_device_stops_a_number_in_the_editor(visit, watch, module):
    lessons = LessonPage.objects.count()
    editor = visit("redaktoer1", f"/admin/pages/add/pages/lessonpage/{module.pk}/")
    sent = listen(editor)

    # In a field, by the button
    editor.locator("#id_title").fill(f"Om {NUMBER}")
    editor.get_by_role("button", name="Gem kladde").click()
    at_field = editor.locator(".cpr-like")
    expect(at_field).to_contain_text(MESSAGE)
    expect(editor.locator(".messages")).to_contain_text(MESSAGE)
    expect(editor.locator("#id_title")).to_have_value(f"Om {NUMBER}")
    assert editor.url.endswith(f"/{module.pk}/")
    editor.locator("#id_title").fill("Ring til en kollega")
    editor.keyboard.press("Tab")  # the page's address follows its title
    expect(at_field).to_have_count(0)

    # In a block, by what the editor saves and previews by itself
    save_draft(editor)
    add_heading(editor, f"Om {NUMBER}")
    editor.get_by_role("button", name="Vis eller skjul forhåndsvisning").click()
    expect(editor.locator(".cpr-like")).to_contain_text(MESSAGE)
    expect(editor.locator(".messages")).to_contain_text(MESSAGE)
    expect(editor.locator('[name="body-0-value"]')).to_have_value(f"Om {NUMBER}")

    # In a search, which is sent while one types
    editor.goto("/admin/images/")
    editor.locator("#id_q").press_sequentially(NUMBER)
    expect(editor.locator(".cpr-like")).to_contain_text(MESSAGE)

    assert sent == []
    assert stored() == []
    assert LessonPage.objects.count() == lessons + 1


def test_the_server_stops_it_where_the_script_did_not_come(visit, watch, module):
    editor = visit("redaktoer1")
    editor.route("**/dist/admin*.js", without_script)
    editor.goto(f"/admin/pages/add/pages/lessonpage/{module.pk}/")
    editor.locator("#id_title").fill("Ring til en kollega")
    editor.locator("#id_introduction").fill(f"Om {NUMBER}")
    add_heading(editor, f"Og {NUMBER}")
    editor.get_by_role("button", name="Gem kladde").click()

    expect(editor.locator(".error-message").filter(has_text=MESSAGE).first).to_be_visible()
    expect(editor.locator("#id_introduction")).to_have_value(f"Om {NUMBER}")
    expect(editor.locator('[name="body-0-value"]')).to_have_value(f"Og {NUMBER}")
    assert stored() == []
    assert not LessonPage.objects.filter(title="Ring til en kollega").exists()


def test_a_snippet_says_it_at_its_field(visit, watch):
    reviewer = visit("godkender1")
    reviewer.route("**/dist/admin*.js", without_script)
    rule = Rule.objects.order_by("key").first()
    reviewer.goto(f"/admin/snippets/rules/rule/edit/{rule.pk}/")
    reviewer.locator("#id_statement_da").fill(f"Om {NUMBER}")
    reviewer.get_by_role("button", name="Gem").first.click()

    expect(reviewer.locator(".error-message").filter(has_text=MESSAGE).first).to_be_visible()
    expect(reviewer.locator("#id_statement_da")).to_have_value(f"Om {NUMBER}")
    rule.refresh_from_db()
    assert not has_cpr_like(rule.statement_da)
