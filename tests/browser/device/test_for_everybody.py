"""The pages of a device in use: by keyboard alone, with a screen reader, on a small screen, in both
languages. ``tests/kinds`` looks at them as they are before their script has filled them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from mentoring.models import Session
from tests.axe import violations
from tests.browser.device.doing import (
    MINE,
    PHONE,
    THEIRS,
    is_kept,
    latest,
    log,
    look,
    make_ready,
    open_log,
    send,
    somebody_elses,
    state,
    write,
)
from tests.browser.device.opening import PIN
from tests.browser.test_keyboard import tab_to
from tests.kinds.checks import SMALL, WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]


def press(page: Page, *, text: str = "", name: str = "", key: str = "Enter") -> None:
    """Tab there and press it; every stop on the way shows itself."""
    tab_to(page, text=text, name=name)
    page.keyboard.press(key)


def fill(page: Page, name: str, text: str) -> None:
    tab_to(page, name=name)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def sent_by_keyboard(page: Page) -> None:
    press(page, text="Send session")
    expect(page.locator('[data-part="sent"] > section')).to_be_focused()


def test_the_keyboard_sets_up_logs_changes_chooses_deletes_and_locks(
    visit: Callable[..., Page], watch: Any
) -> None:
    watch.expect(409)
    page = visit("mentor1", "/da/enhed/klar/")
    expect(page.get_by_label("PIN", exact=True)).to_be_visible()
    press(page, name="kind", key="Space")
    fill(page, "name", "Telefon")
    fill(page, "pin", PIN)
    fill(page, "again", PIN)
    press(page, text="Gør enheden klar")
    expect(page.get_by_role("heading", name="Enheden er klar")).to_be_focused()

    # What is missing is said where one goes on from.
    open_log(page)
    press(page, text="Send session")
    expect(page.locator(".error-summary")).to_be_focused()
    press(page, name="topics", key="Space")
    press(page, name="mode", key="Space")
    fill(page, "went_well", "Skrev alt uden mus.")
    sent_by_keyboard(page)
    state(page).to_contain_text("Modtaget")
    session = latest()
    assert session.current.content["went_well"] == "Skrev alt uden mus."

    # Changed while somebody else changed it: two versions, one choice.
    look(page)
    press(page, text="Ret den")
    expect(page.get_by_role("heading", name="Ret en session")).to_be_visible()
    fill(page, "went_well", MINE)
    somebody_elses(session, THEIRS)
    sent_by_keyboard(page)
    state(page).to_have_text("Kræver handling: der er to udgaver")
    look(page)
    press(page, text="Se begge, og vælg")
    expect(page.locator('[data-part="choose"]')).to_be_visible()
    tab_to(page, name="outcome")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press(page, text="Send det, der skal gælde")
    expect(page.locator('[data-part="chosen"]')).to_be_focused()
    expect(page.locator("header .unsent")).to_be_hidden()
    assert latest().current.content["went_well"] == f"{MINE}\n\n{THEIRS}"

    # Deleted, and brought back: the focus goes with it.
    open_log(page)
    fill(page, "went_well", "En kladde")
    is_kept(page)
    look(page)
    press(page, text="Slet")
    expect(page.get_by_role("button", name="Fortryd")).to_be_focused()
    page.keyboard.press("Enter")
    row = page.locator('[data-part="drafts"] > ul > li')
    expect(row.get_by_role("button", name="Slet")).to_be_focused()

    # Locked, and opened again.
    press(page, text="Lås")
    expect(page).to_have_url(re.compile("/enhed/laas-op/"))
    expect(page.get_by_label("PIN", exact=True)).to_be_focused()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/da/start/")
    # On a page of the server the button is the same.
    press(page, text="Lås")
    expect(page).to_have_url(re.compile("/enhed/laas-op/"))


PAGES = [
    *("enhed/", "enhed/klar/", "enhed/kode/", "enhed/fil/", "enhed/log-ud/", "enhed/kurser/"),
    *("enhed/bekraeft/", "enhed/overdragelser/", "enhed/offline/"),
]
#: What a page shows once its script has filled it.
FILLED = "[data-part], [data-when]:not([data-when=busy]), [data-slot], main a.button"
LOCKED = ["enhed/", "enhed/log/", "enhed/laas-op/", "enhed/glemt/"]


def with_something_of_everything(page: Page) -> list[str]:
    """A draft, and a record that waits, failed, was refused, stands beside another, was received;
    the addresses of the draft and of the choice."""
    log(page, "Begyndt")
    state(page).to_contain_text("Modtaget")
    session: Session = latest()
    look(page)
    page.get_by_role("button", name="Ret den").first.click()
    page.locator("#id_went_well").fill(MINE)
    somebody_elses(session, THEIRS)
    send(page)
    state(page).to_contain_text("to udgaver")
    log(page, "Barnet er 7 år.")
    state(page).to_contain_text("Kræver handling")

    def fail(route: Route) -> None:
        route.fulfill(status=500, content_type="application/json", body='{"error": "failed"}')

    page.context.route("**/api/v1/sessions/*", fail)
    log(page, "Serveren fejler")
    open_log(page)
    write(page, "En kladde")
    draft = page.url
    look(page)
    choice = page.get_by_role("link", name="Se begge, og vælg").get_attribute("href")
    root = page.url.split("/da/")[0]
    return [one.replace(root, "").removeprefix("/da/") for one in (draft, choice or "")]


def is_for_everybody(page: Page, address: str) -> None:
    """Whole on a telephone and at a desk, with targets one can hit, and nothing for axe."""
    page.goto(address)
    expect(page.locator(FILLED).filter(visible=True).first).to_be_visible()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WHOLE) == [[], [], False], (address, width)
        assert page.evaluate(SMALL) == [], (address, width)
    assert violations(page) == [], address


def test_filled_pages_serve_everybody_in_both_languages(
    visit: Callable[..., Page], watch: Any
) -> None:
    watch.expect(404, 409, 422, 500)  # a mentor has no handover to read
    page = visit("mentor1", **PHONE)
    make_ready(page)
    own = with_something_of_everything(page)
    for language in ("da", "kl"):
        for address in [*PAGES, *own]:
            is_for_everybody(page, f"/{language}/{address}")
    page.goto("/da/start/")
    page.locator("header .menu summary").click()  # it is a telephone
    page.get_by_role("link", name="Lås").click()
    expect(page).to_have_url(re.compile("/enhed/laas-op/"))
    for language in ("da", "kl"):
        for address in LOCKED:
            is_for_everybody(page, f"/{language}/{address}")
