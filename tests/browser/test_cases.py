"""Playing a case as people do: on a phone, by keyboard alone, without script, two on one case."""

import pytest
from playwright.sync_api import Page, Response, expect

from courses.models import CasePlay
from pages.models import CasePage
from tests.browser.test_editing import press_action
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
MODULE = "/da/kurser/underretninger/de-foerste-24-timer/"
CASE = f"{MODULE}sag-fredag-kl-15-40/"
#: What leads to the good ending: the first choice of each step.
STEPS = 5
MOST_BYTES = 20_000


def begin(page: Page) -> None:
    """From the page of the case to its first step."""
    page.get_by_role("button", name="Begynd sagen").click()
    page.wait_for_url("**/sagsspil/**")


def choose(page: Page, place: int = 0) -> None:
    """Do what stands at that place."""
    page.locator("input[name=choice]").nth(place).check()
    with page.expect_navigation():  # the page that is left is loaded too
        page.get_by_role("button", name="Gør det").click()


def no_sideways_scrolling(page: Page) -> bool:
    """Whether the page is no wider than the phone."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_trainee_plays_a_case_on_a_phone_steps_back_and_tries_another_way(visit, people):
    page = visit("sagsbehandler1", MODULE, viewport=PHONE)
    page.get_by_role("link", name="Fredag kl. 15.40").click()
    begin(page)
    expect(page.get_by_text("Fredag kl. 15.40 · dag 1")).to_be_visible()
    assert no_sideways_scrolling(page)

    choose(page, 1)
    expect(page.get_by_role("heading", name="Røret er lagt på")).to_be_visible()
    page.get_by_role("button", name="Et skridt tilbage").click()
    expect(page.get_by_role("heading", name="Telefonen ringer")).to_be_visible()
    for _step in range(STEPS):
        assert no_sideways_scrolling(page)
        choose(page)

    expect(page.get_by_text("En god slutning")).to_be_visible()
    expect(page.get_by_text("Overholdt").first).to_be_visible()
    assert no_sideways_scrolling(page)
    page.get_by_role("button", name="Vælg noget andet her").last.click()
    expect(page.get_by_role("heading", name="Beslutningen er skrevet")).to_be_visible()
    choose(page, 1)
    expect(page.get_by_text("En slutning, der kan gå an")).to_be_visible()
    page.goto("/da/laering/")
    played = page.locator("h2:text('Sager, du har spillet') + *")
    expect(played.get_by_role("link", name="Fredag kl. 15.40")).to_have_count(2)
    assert CasePlay.objects.of(people("sagsbehandler1")).ended().count() == 2


def test_keyboard_plays_a_case(visit, people):
    page = visit("sagsbehandler1", CASE)
    tab_to(page, text="Begynd sagen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sagsspil/**")
    for _step in range(STEPS):
        here = page.locator("#case-now").inner_text()
        tab_to(page, name="choice")
        page.keyboard.press("Space")
        tab_to(page, text="Gør det")
        page.keyboard.press("Enter")
        expect(page.locator("#case-now")).not_to_have_text(here)

    assert CasePlay.objects.get(person=people("sagsbehandler1")).ending == "good"


def test_case_is_played_without_javascript(visit, people):
    page = visit("sagsbehandler1", CASE, java_script_enabled=False, viewport=PHONE)
    begin(page)
    for _step in range(STEPS):
        choose(page)

    expect(page.get_by_text("En god slutning")).to_be_visible()
    assert CasePlay.objects.get(person=people("sagsbehandler1")).ending == "good"


def test_switching_language_in_the_middle_keeps_the_play(visit, people):
    page = visit("sagsbehandler1", CASE)
    begin(page)
    choose(page)
    page.get_by_role("button", name="Kalaallisut").or_(
        page.get_by_role("link", name="Kalaallisut")
    ).click()
    page.wait_for_url("**/kl/**")
    expect(page.locator("#case-now")).to_have_text("Det ved du nu")
    page.locator("input[name=choice]").first.check()
    page.locator("form[action$='/valg/'] button").click()
    expect(page.locator("#case-now")).to_have_text("Det er akut")

    assert len(CasePlay.objects.get(person=people("sagsbehandler1")).path) == 2


def test_mentor_and_colleague_play_one_case_and_the_mentor_logs_it(visit, people):
    mentor = visit("mentor1", CASE)
    mentor.get_by_label("Sammen med Sagsbehandler Demo 1").check()
    begin(mentor)
    colleague = visit("sagsbehandler1", CASE, viewport=PHONE)
    colleague.get_by_role("link", name="Gå videre med sagen").click()
    choose(colleague)

    choose(mentor)  # too late: the colleague was quicker
    expect(mentor.locator("#case-now")).to_have_text("Det ved du nu")
    for _step in range(STEPS - 1):
        choose(mentor)
    mentor.get_by_role("link", name="Log en session med denne sag").click()

    expect(mentor.get_by_label("Redskaber, du viste")).to_have_value("Sagen “Fredag kl. 15.40”")
    play = CasePlay.objects.get()
    assert (play.person, play.partner) == (people("mentor1"), people("sagsbehandler1"))


@pytest.mark.parametrize(
    "slug", ["sag-fredag-kl-15-40", "sag-tolken-der-ikke-kom", "sag-efter-besoeget"]
)
def test_playing_to_the_good_ending_weighs_no_more_than_20_kb_of_pages(visit, slug):
    case = CasePage.objects.get(slug=slug, locale__language_code="da")
    page = visit("sagsbehandler1", case.get_url())
    page.wait_for_load_state("networkidle")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  Playwright marks it
    begin(page)
    steps = 0
    while page.locator("input[name=choice]").count():
        choose(page)
        steps += 1
    expect(page.get_by_text("En god slutning")).to_be_visible()

    pages = [one for one in answers if "/sagsspil/" in one.url and one.status == 200]
    sizes = [one.request.sizes()["responseBodySize"] for one in pages]
    assert len(sizes) == steps + 1
    assert sum(sizes) <= MOST_BYTES, sizes


def test_a_broken_branch_is_saved_shown_and_not_published(visit):
    case = CasePage.objects.get(slug="sag-fredag-kl-15-40", locale__language_code="da")
    page = visit("godkender1", f"/admin/pages/{case.pk}/edit/")
    panel = page.locator(".case-check")
    expect(panel).to_contain_text("Intet er i vejen")
    expect(panel.locator("svg rect")).to_have_count(14)
    page.locator('[name="steps-0-value-choices-0-value-to"]').fill("findes-ikke")

    press_action(page, "Gem kladde")
    expect(panel.locator(".case-problems")).to_contain_text("som ikke findes")
    expect(panel.locator("svg")).to_contain_text("⚠ 1 problem")
    press_action(page, "Udgiv")
    expect(page.get_by_text("som ikke findes").first).to_be_visible()
    page.locator('[data-side-panel-toggle="preview"]').click()
    preview = page.frame_locator("#w-preview-iframe")
    preview.locator("#walk ul a").first.click()
    expect(preview.locator("#case-now")).to_have_text("Røret er lagt på")

    case.refresh_from_db()
    assert case.has_unpublished_changes
    assert not CasePlay.objects.exists()
