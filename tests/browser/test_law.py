"""A reviewer's way through a new version of an act, until nothing that cites it waits any more."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.periods import local_day
from courses.models import Lesson
from rules.models import Act, ReviewItem, Rule
from tests.browser.steps import DESK, PHONE

pytestmark = pytest.mark.browser

SAYS_NOW = "Efter hver underretning skal kommunen beslutte, om der skal laves en undersøgelse."


def press(page: Page, button: str) -> None:
    """Press the button, and wait for the answer."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def show(page: Page, kind: str, state: str = "open") -> None:
    """The reviewer's list, filtered."""
    page.goto("/admin/gennemgang/")
    page.locator("[name=slags]").select_option(kind)
    page.locator("[name=tilstand]").select_option(state)
    press(page, "Vis")


@pytest.mark.parametrize(
    "screen", [DESK, pytest.param(PHONE, marks=pytest.mark.full)], ids=["desk", "phone"]
)
def test_a_new_version_is_entered_and_each_lesson_that_cites_it_is_decided_on(visit, screen):
    rule = Rule.objects.select_related("act").get(key="decision-24h")
    citing = Lesson.objects.offered().filter(lesson_rules__rule=rule)
    reader = visit("sagsbehandler1", citing[0].path, **screen)
    changed = reader.get_by_text("En regel i lektionen er ændret")
    expect(changed).to_have_count(0)

    # Enter it: every rule of the old version waits
    page = visit("godkender1", f"/admin/lov/{rule.act_id}/ny-version/", **screen)
    page.locator("[name=number]").fill("7/2026")
    page.locator("[name=dated_on]").fill("2026-10-01")
    page.locator("[name=title_da]").fill("Inatsisartutlov nr. 7 af 1. oktober 2026 (demo)")
    page.locator("[name=short_name]").fill("den nye børnestøttelov (demo)")
    page.locator("[name=source_url]").fill("https://example.org/lov/7")
    page.locator("[name=in_force_from]").fill(local_day(timezone.now()).isoformat())
    page.locator("label[for=id_number]").click()  # closes the calendar
    press(page, "Opret den nye version")
    new = Act.objects.get(number="7/2026")
    page.wait_for_url(f"**/admin/lov/{new.pk}/")
    waiting = Rule.objects.being_checked().filter(awaiting_act=new).count()
    assert waiting > 10
    expect(
        page.get_by_role("heading", name=f"Venter på at blive efterset ({waiting})")
    ).to_be_visible()

    # Decide on one of them: it says something else
    with page.expect_navigation():
        page.locator(f'a[href="/admin/lov/regel/{rule.pk}/"]').click()
    page.locator("[name=changed-statement_da]").fill(SAYS_NOW)
    press(page, "Gem rettelsen")
    expect(page.get_by_role("main")).to_be_visible()
    rule.refresh_from_db()
    assert (rule.statement_da, rule.act, rule.awaiting_act) == (SAYS_NOW, new, None)
    reader.reload()
    expect(changed).to_be_visible()

    # Each lesson that cites it is on the list with the difference, and is closed one by one
    marked = ReviewItem.objects.open().filter(kind="lesson")
    assert {item.object_id for item in marked} == {lesson.pk for lesson in citing}
    count = marked.count()
    show(page, "lesson")
    rows = page.locator("main table.listing tbody tr")
    expect(rows).to_have_count(count)
    expect(rows.first).to_contain_text("§ 19, stk. 1")
    expect(rows.first.locator("ins").first).to_be_visible()
    for left in range(count - 1, -1, -1):
        with page.expect_navigation():
            page.locator("main button[value=done]").first.click()
        expect(page.locator("main button[value=done]")).to_have_count(left)
    expect(page.get_by_text("Intet venter på at blive gennemgået.")).to_be_visible()
    assert not marked.all().exists()
    show(page, "lesson", "closed")
    expect(page.locator("main table.listing tbody tr")).to_have_count(count)

    # What holds now stands in the lesson, and nobody is told any more that it is looked through
    reader.reload()
    expect(changed).to_have_count(0)
    expect(reader.get_by_text(SAYS_NOW).first).to_be_visible()
