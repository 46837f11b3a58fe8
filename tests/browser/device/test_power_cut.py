"""A browser that ends while somebody types in the log form loses at most the last second."""

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from people.models import Person
from tests.browser.conftest import PATIENCE, sign_in
from tests.browser.device.conftest import Restart, kill_browser
from tests.browser.device.doing import make_ready, open_log
from tests.browser.device.opening import unlock

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]

FIELDS = ("went_well", "next_step", "tools")
#: Letters in one field before the next has its turn.
TURN = 40
#: Types letter by letter over the fields, as fast as the browser lets it, and notes each letter.
TYPE = """([names, turn, text]) => {
  const form = document.getElementById("session");
  const fields = names.map((name) => form.elements[name]);
  const letters = [...text];
  const { port1, port2 } = new MessageChannel();
  let count = 0;
  port1.onmessage = () => {
    const field = fields[Math.floor(count / turn) % fields.length];
    field.value += letters[count];
    field.dispatchEvent(new Event("input", { bubbles: true }));
    count += 1;
    console.log(`${Date.now()} ${count}`);
    if (count < letters.length) setTimeout(() => port2.postMessage(null));
  };
  port2.postMessage(null);
}"""
#: Nothing is left of the form before.
NO_DRAFTS = """() => new Promise((resolve) => {
    const opening = indexedDB.open("sidemand");
    opening.onsuccess = () => {
        const both = opening.result.transaction("drafts", "readwrite");
        both.objectStore("drafts").clear();
        both.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""

Start = Callable[[], Page]


@pytest.fixture
def start(demo_site: str, restart: Restart, people: Callable[[str], Person]) -> Start:
    """Start the browser of the profile, signed in as a mentor."""

    def starting() -> Page:
        context = restart(base_url=demo_site, locale="da-DK")
        context.set_default_timeout(PATIENCE)
        sign_in(context, people("mentor1"), demo_site)
        return context.pages[0]

    return starting


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.full)])
def test_a_killed_browser_loses_at_most_the_last_second(
    start: Start, profile: Path, kills: int
) -> None:
    """2,000 characters over the texts of the form, and the end comes at any moment of it."""
    text = "".join(random.Random(kills).choices("abcdefgh æøå\n", k=2000))
    picked = random.Random(7)
    page = start()
    make_ready(page)
    open_log(page)
    ends, longest_ms, whole_ms = [], 0, 6000
    for _ in range(kills):
        heard: list[tuple[int, int]] = []
        page.on("console", partial(_hear, heard))
        page.evaluate(TYPE, [FIELDS, TURN, text])
        page.wait_for_url("**/enhed/log/?kladde=*")
        begun = page.url
        # At any moment of the typing, or just after it; how long that takes is known after a while.
        left_ms = whole_ms - (int(time.time() * 1000) - heard[0][0])
        page.wait_for_timeout(picked.randint(0, max(left_ms, 0) + 500))
        if len(heard) == len(text):
            whole_ms = heard[-1][0] - heard[0][0]
        kill_browser(profile)
        killed_at = int(time.time() * 1000)

        page = start()
        page.goto("/da/enhed/laas-op/")
        unlock(page)
        page.wait_for_url("**/da/start/")
        open_log(page, begun)
        found = {name: page.locator(f'[name="{name}"]').input_value() for name in FIELDS}
        count = sum(map(len, found.values()))
        safe = max((many for at, many in heard if at <= killed_at - 1000), default=0)
        assert count >= safe
        assert found == _typed(text, count)
        missing = [at for at, many in heard if many > count]
        longest_ms = max(longest_ms, killed_at - min(missing, default=killed_at))
        ends.append(len(heard))
        page.evaluate(NO_DRAFTS)
        open_log(page)

    print(
        f"{kills} kills after {min(ends)} to {max(ends)} letters; at most {longest_ms} ms missing"
    )
    expect(page.locator("#id_went_well")).to_have_value("")


def _hear(heard: list[tuple[int, int]], line: ConsoleMessage) -> None:
    at, _, many = line.text.partition(" ")
    if at.isdecimal() and many.isdecimal():
        heard.append((int(at), int(many)))


def _typed(text: str, count: int) -> dict[str, str]:
    """What stands in each field after so many letters."""
    fields = dict.fromkeys(FIELDS, "")
    for number, letter in enumerate(text[:count]):
        fields[FIELDS[number // TURN % len(FIELDS)]] += letter
    return fields
