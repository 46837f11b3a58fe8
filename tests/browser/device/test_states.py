"""How far a record is stands in one of five sentences, each with a drawing of its own."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.device.doing import log, look, open_log, write
from tests.browser.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]

SESSIONS = "**/api/v1/sessions/**"


def drawing_beside(page: Page, part: str, words: str) -> str:
    """What is drawn beside the state of the first row, which says ``words``."""
    state = page.locator(f'[data-part="{part}"] [data-slot="state"]').first
    expect(state).to_have_text(re.compile(rf"^\s*{words}\s*$"))
    expect(state.locator("svg")).to_be_visible()
    return state.locator("svg").inner_html()


def test_each_state_has_its_words_and_its_drawing(mentor: Page, watch: Any) -> None:
    watch.expect(422)
    open_log(mentor)
    write(mentor, "Begyndt på kajen")
    look(mentor)
    drawn = [drawing_beside(mentor, "drafts", "Kladde – kun på denne enhed")]

    mentor.context.route(SESSIONS, lambda route: route.abort())
    log(mentor, "Skrevet uden net")
    look(mentor)
    drawn.append(drawing_beside(mentor, "waiting", "Klar til at sende – venter på net"))
    mentor.context.unroute(SESSIONS)

    held: list[Route] = []
    # Playwright marks what it calls, and a method of a list takes no mark.
    mentor.context.route(SESSIONS, lambda route: held.append(route))  # noqa: PLW0108
    mentor.get_by_role("button", name="Send nu").click()
    wait_for(mentor, lambda: bool(held))
    drawn.append(drawing_beside(mentor, "waiting", "Sender"))
    mentor.context.unroute(SESSIONS)
    held[0].continue_()
    received = r"Modtaget .+ – kvittering [0-9A-Z]{4}-[0-9A-Z]{4}"
    drawn.append(drawing_beside(mentor, "sent", received))

    refusal = {"error": "invalid", "fields": {"minutes": ["Skriv et tal."]}}
    mentor.context.route(SESSIONS, lambda route: route.fulfill(status=422, json=refusal))
    log(mentor, "Med en fejl i")
    look(mentor)
    drawn.append(drawing_beside(mentor, "attention", "Kræver handling: .+"))

    assert len(set(drawn)) == 5
