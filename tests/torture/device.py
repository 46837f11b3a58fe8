"""A mentor's device: a Chromium with a profile of its own, behind a link of its own, on a clock of
its own, which can be killed at any moment and started again."""

import os
import re
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import BrowserContext, Error, Page, Playwright
from playwright.sync_api import TimeoutError as TooSlow

from bench.link import Answer, Link, Request
from tests.browser.waiting import until_worker

PIN = "482915"
PATIENCE_MS = 60_000
#: What is only on the page that stands in for one that could not be fetched.
STAND_IN = '[data-device="connection"]'
TRIES = 5
#: What a page shows: the first of these that can be seen.
SHOWN = """() => [...document.querySelectorAll("[data-part], [data-when]")].some((one) =>
  ["form", "lists", "locked", "nothing", "choose", "sent", "done", "ready"].includes(
    one.dataset.part ?? one.dataset.when) && one.checkVisibility())"""
#: The same, once the PIN was right.
OPENED = f"() => !document.querySelector('#pin') && ({SHOWN})()"
#: A clock that is wrong by so many milliseconds.
CLOCK = """(() => {
  const Right = Date;
  class Wrong extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + OFF); }
    static now() { return Right.now() + OFF; }
  }
  globalThis.Date = Wrong;
})();
"""
#: What stands in the lists of the device.
ROWS = """() => [...document.querySelectorAll("[data-row]")].map((row) => ({
  id: row.dataset.row,
  within: row.closest("[data-part]").dataset.part,
  state: row.querySelector('[data-slot="state"]').textContent.trim(),
  texts: [...row.querySelectorAll("details dd")].map((one) => one.textContent),
  actions: [...row.querySelectorAll("[data-action]")].map((one) => one.dataset.action),
}))"""
#: Everything of a session but its texts.
FILL = """(day) => {
  const form = document.getElementById("session");
  form.querySelector("details.more").open = true;
  for (const name of ["participants", "mentors", "topics", "mode"]) {
    const boxes = [...form.querySelectorAll(`[name="${name}"]`)];
    if (boxes.length && !boxes.some((one) => one.checked)) boxes[0].click();
  }
  const place = form.elements.place;
  if (!place.value) place.value = [...place.options].find((one) => one.value).value;
  form.elements.held_on.value = day;
  form.elements.held_on.dispatchEvent(new Event("input", { bubbles: true }));
}"""


class Killed(Exception):
    """The browser was ended in the middle of this."""


@dataclass(frozen=True)
class Row:
    """A line of the lists of what lies on the device."""

    id: str
    within: str
    state: str
    texts: list[str]
    actions: list[str]


@dataclass
class Device:
    """One mentor's device.

    Args:
        session: The cookie that signs the mentor in.
        off_ms: How wrong its clock is.
    """

    playwright: Playwright
    options: dict[str, Any]
    profile: Path
    link: Link
    session: str
    off_ms: int
    context: BrowserContext | None = None
    is_killed: bool = False
    kills: int = 0
    _opened: list[BrowserContext] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.link.rewrite = self._set_worker_clock
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for context in self._opened:
            try:
                context.close()
            except Error:
                continue  # it was killed

    def start(self) -> None:
        """Start the browser on its profile."""
        self.is_killed = False
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), locale="da-DK", **self.options
        )
        self._opened.append(self.context)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(CLOCK.replace("OFF", str(self.off_ms)))
        self.context.add_cookies(
            [
                {"name": name, "value": value, "url": self.link.address}
                for name, value in (("sessionid", self.session), ("csrftoken", "t" * 32))
            ]
        )
        self._page: Page = self.context.pages[0]

    def _set_worker_clock(self, request: Request, answer: Answer) -> Answer:
        """The worker's clock is that of its device."""
        if request.path != "/sw.js" or answer.status != 200:
            return answer
        clock = CLOCK.replace("OFF", str(self.off_ms)).encode()
        return Answer(answer.status, answer.headers, clock + answer.body)

    def kill(self) -> None:
        """End every process of the browser at once, as a power cut does."""
        self.is_killed = True
        told = subprocess.run(
            ["pgrep", "-f", f"user-data-dir={self.profile}"],
            capture_output=True,
            text=True,
            check=False,
        )
        for pid in told.stdout.split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.kills += 1

    def kill_after(self, seconds: float) -> threading.Timer:
        """The same, a little later, whatever the browser is doing then."""
        timer = threading.Timer(seconds, self.kill)
        timer.start()
        return timer

    # --- Pages ---------------------------------------------------------------------------------

    def open(self, path: str) -> Page:
        """Go to a page of the device; open what is locked on the way."""
        page = self._page
        page.goto(f"{self.link.address}{path}", wait_until="domcontentloaded")
        return self.unlock(page)

    def open_on_the_site(self, path: str) -> Page:
        """Go to a page of the server that leads on to one of the device.

        Whoever gets the page that stands in for the server's tries again.
        """
        page = self.open("/da/enhed/")  # where it asks for the PIN
        for _ in range(TRIES):
            page.goto(f"{self.link.address}{path}", wait_until="domcontentloaded")
            page.wait_for_function(f"() => document.querySelector('{STAND_IN}') || ({SHOWN})()")
            if not page.locator(STAND_IN).count():
                break
        return page

    def unlock(self, page: Page) -> Page:
        """Wait until the page shows what lies here, with the PIN where it asks for it."""
        page.wait_for_function(SHOWN)
        if page.locator('[data-part="locked"]').is_visible():
            page.locator('[data-part="locked"] [data-slot="unlock"]').click()
            page.locator("#pin").fill(PIN)
            page.locator('[data-device="locked"] form button').click()
            page.wait_for_function(OPENED)
        return page

    def set_up(self) -> None:
        """As its owner does on the first day."""
        page = self._page
        page.goto(f"{self.link.address}/da/enhed/klar/")
        page.locator('[data-device="ready"] form').wait_for()
        page.locator("#kind_own").check()
        for name, value in (("name", "Min pc"), ("pin", PIN), ("again", PIN)):
            page.locator(f"#{name}").fill(value)
        page.locator('[data-device="ready"] form button:not([type="button"])').click()
        page.locator('[data-when="done"]').wait_for()
        until_worker(page)
        self.open("/da/enhed/log/")

    def rows(self) -> list[Row]:
        """What lies here, as its owner reads it."""
        self.open("/da/enhed/")
        return self.read()

    def read(self) -> list[Row]:
        """What the lists that are open show by now: they hear of news from the server by and by."""
        return [Row(**one) for one in self._page.evaluate(ROWS)]

    # --- Writing -------------------------------------------------------------------------------

    def fill(self, page: Page, text: str, day: str) -> float:
        """Write a text; gives the moment of the last letter."""
        page.evaluate(FILL, day)
        page.locator('textarea[name="went_well"]').fill(text)
        return time.monotonic()

    def text(self, page: Page) -> str:
        """What stands in the form."""
        return page.locator('textarea[name="went_well"]').input_value()

    def send(self, page: Page) -> None:
        """Press "Send session", and wait until the page says that it is kept."""
        button = 'button:is([data-when="plain"], [data-when="pointed-out"]):visible'
        page.locator(f"#session {button}").first.click()
        page.wait_for_function(
            """() => document.querySelector('[data-part="sent"]').checkVisibility()
              || document.querySelector('[data-part="errors"] .error-summary')"""
        )
        wrong = page.locator('[data-part="errors"] .error-summary')
        assert not wrong.count(), wrong.inner_text()

    def send_now(self) -> None:
        """Press "Send now" until nothing waits any more."""
        page = self.open("/da/enhed/")
        until = time.monotonic() + 120
        while page.locator('[data-part="waiting"] [data-row]').count():
            assert time.monotonic() < until, page.locator('[data-part="waiting"]').inner_text()
            button = page.locator('[data-part="send-now"]')
            if button.is_visible() and button.get_attribute("aria-disabled") != "true":
                with suppress(TooSlow):  # it is gone as soon as the last one is sent
                    button.click(timeout=2000)
            page.wait_for_timeout(300)

    def settle(self, record: str, outcome: str) -> None:
        """Choose between two versions; where both together are too long, the own one."""
        page = self.open(f"/da/enhed/konflikt/?sendt={record}")
        if page.locator('[data-part="nothing"]').is_visible():
            return  # somebody has chosen
        if not self._choose(page, outcome):
            assert self._choose(page, "mine"), page.inner_text("main")
        assert page.locator('[data-part="chosen"]').is_visible(), page.inner_text("main")

    def _choose(self, page: Page, outcome: str) -> bool:
        """Send this outcome; whether the page takes the texts as they are."""
        page.locator(f"#outcome-{outcome}").check()
        page.locator("#conflict button").last.click()
        page.wait_for_function(
            """() => ["chosen", "not-kept"].some((name) =>
                document.querySelector(`[data-part="${name}"]`).checkVisibility())
              || document.querySelector("#conflict [aria-invalid]")"""
        )
        return not page.locator("#conflict [aria-invalid]:visible").count()


def session_of(address: str) -> str:
    """The id in the address of a session."""
    found = re.search(r"[0-9a-f-]{36}", address)
    return found[0] if found else ""
