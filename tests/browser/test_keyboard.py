"""The keyboard alone does every journey, and always shows where it is."""

import pytest
from playwright.sync_api import Page, expect

from courses.models import QuizAttempt
from demo.people import PASSWORD
from mentoring.models import Session
from tests.browser.test_learning import go_to_quiz

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOST_TABS = 250
#: What has the focus, and how it shows: an outline or a shadow that is drawn around it.
FOCUSED = """() => {
    const element = document.activeElement;
    const seen = element.closest('.chip') ?? element;
    const style = getComputedStyle(seen);
    const box = seen.getBoundingClientRect();
    return {
        tag: element.tagName,
        name: element.name ?? '',
        text: (element.getAttribute('aria-label') ?? element.innerText ?? '').trim(),
        ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
            || style.boxShadow !== 'none',
        inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    };
}"""


def tab_to(page: Page, *, text: str = "", name: str = "") -> None:
    """Tab on until the focus is there; every stop on the way shows itself."""
    for _stop in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUSED)
        if focus["tag"] == "BODY":  # round the end of the page
            continue
        assert focus["ring"], focus
        assert focus["inView"], focus
        if (text and text in focus["text"]) or (name and focus["name"] == name):
            return
    pytest.fail(f"The keyboard does not reach {text or name} on {page.url}")


def test_keyboard_signs_in_logs_and_confirms(visit, people):
    page = visit(None, "/da/konto/log-ind/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["text"] == "Gå til indholdet"
    tab_to(page, name="login")
    page.keyboard.type(people("mentor1").email)
    tab_to(page, name="password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/da/start/")

    tab_to(page, text="Log en session")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessioner/ny/")
    before = Session.objects.count()
    tab_to(page, name="minutes")
    page.keyboard.press("Control+a")
    page.keyboard.type("45")
    tab_to(page, name="topics")
    page.keyboard.press("Space")
    tab_to(page, name="mode")
    page.keyboard.press("Space")
    tab_to(page, name="went_well")
    page.keyboard.type("Skrev alt uden mus.")
    tab_to(page, text="Send session")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kvittering/**")
    session = Session.objects.latest("received_at")
    assert (Session.objects.count(), session.minutes) == (before + 1, 45)

    other = visit("sagsbehandler1", "/da/start/")
    tab_to(other, name="version")
    other.keyboard.press("Enter")
    other.wait_for_url("**/bekraeftet/**")


@pytest.mark.parametrize("width", [360, 1280])
def test_keyboard_answers_a_quiz(visit, people, width):
    page = visit("sagsbehandler1", "/da/laering/", viewport={"width": width, "height": 740})
    go_to_quiz(page)
    names = page.locator("#quiz input[type=radio], #quiz input[type=checkbox]").evaluate_all(
        "inputs => [...new Set(inputs.map(input => input.name))]"
    )
    for name in names:
        tab_to(page, name=name)
        page.keyboard.press("Space")
    tab_to(page, text="Send svar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/laering/forsoeg/**")

    expect(page.get_by_role("heading", level=1)).to_contain_text("rigtige")
    assert QuizAttempt.objects.filter(person=people("sagsbehandler1")).count() == 1


def test_menu_opens_with_the_keyboard_on_a_phone(visit):
    page = visit("mentor1", "/da/start/", viewport={"width": 360, "height": 740})
    tab_to(page, text="Menu")
    page.keyboard.press("Enter")
    tab_to(page, text="Log ud")
    page.keyboard.press("Enter")
    page.wait_for_url("**/da/")
