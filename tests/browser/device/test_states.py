"""How far a record is stands in one of five sentences, each with a drawing of its own."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.device.doing import log, look, open_log, write
from tests.browser.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]

SESSIONS = "**/api/v1/sessions/**"


#: The words and the drawing of the first row, of one moment.
STATE = """(part) => {
    const state = document.querySelector(`[data-part="${part}"] [data-slot="state"]`);
    const drawn = state?.querySelector("svg");
    return [state?.textContent.trim() ?? "", drawn?.checkVisibility() ? drawn.innerHTML : ""];
}"""


def drawing_beside(page: Page, part: str, words: str) -> str:
    """What is drawn beside the state of the first row, once that says ``words``."""
    seen: list[str] = []

    def says() -> bool:
        seen[:] = page.evaluate(STATE, part)
        return bool(re.fullmatch(words, seen[0]) and seen[1])

    wait_for(page, says)
    return seen[1]


def test_each_state_has_its_words_and_its_drawing(mentor: Page, watch: Any) -> None:
    watch.expect(422)
    watch.expect_no_net()
    open_log(mentor)
    write(mentor, "Begyndt på kajen")
    look(mentor)
    drawn = [drawing_beside(mentor, "drafts", "Kladde – kun på denne enhed")]

    mentor.context.route(SESSIONS, lambda route: route.abort("internetdisconnected"))
    log(mentor, "Skrevet uden net")
    look(mentor)
    drawn.append(drawing_beside(mentor, "waiting", "Klar til at sende – venter på net"))
    mentor.context.unroute(SESSIONS)

    held: list[Route] = []
    mentor.context.route(SESSIONS, lambda route: held.append(route))  # noqa: PLW0108  Playwright marks it
    mentor.get_by_role("button", name="Send nu").click()
    wait_for(mentor, lambda: bool(held))
    drawn.append(drawing_beside(mentor, "waiting", "Sender"))
    held[0].continue_()
    mentor.context.unroute(SESSIONS)
    received = r"Modtaget .+ – kvittering [0-9A-Z]{4}-[0-9A-Z]{4}"
    drawn.append(drawing_beside(mentor, "sent", received))

    refusal = {"error": "invalid", "fields": {"minutes": ["Skriv et tal."]}}
    mentor.context.route(SESSIONS, lambda route: route.fulfill(status=422, json=refusal))
    log(mentor, "Med en fejl i")
    look(mentor)
    drawn.append(drawing_beside(mentor, "attention", "Kræver handling: .+"))

    assert len(set(drawn)) == 5
