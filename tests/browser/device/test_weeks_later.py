"""Weeks later, with no net and nobody signed in, a device opens with all that lies on it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Worker, expect

from courses.models import Course
from mentoring.models import SessionVersion
from people.models import Person
from tests.browser.conftest import PATIENCE, sign_in
from tests.browser.waiting import until, until_worker
from tests.torture.device import CLOCK, FILL, OPENED, PIN, ROWS, SHOWN

pytestmark = [pytest.mark.browser, pytest.mark.once]

DAY_MS = 24 * 3600 * 1000
SENT, DRAFT = "Sendt, før nettet forsvandt ĸ", "Begyndt på kajen, endnu ikke sendt"
#: Every page that is opened below lies in the shell.
KEPT = """async (addresses) => {
  const kept = (await (await caches.open("sidemand-shell")).keys()).map(({ url }) => url);
  return addresses.every((address) => kept.some((url) => url.includes(address)));
}"""
NO_NET = "fetch('/healthz').then(() => false, () => true)"
LOG, LISTS = "/da/enhed/log/", "/da/enhed/"
COURSES, READING = "/da/enhed/kurser/", "/da/enhed/kurser/laes/"


class Trunk:
    """A telephone that lies in a trunk for weeks: one profile, and a clock that goes on."""

    def __init__(self, playwright: Playwright, options: Any, folder: Path, site: str) -> None:
        self.playwright, self.options, self.folder, self.site = playwright, options, folder, site
        self.context: BrowserContext | None = None

    def start(self, *, days: int = 0) -> Page:
        """Start the browser; its clock, also that of its worker, is so many days on."""
        self.close()
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder), base_url=self.site, locale="da-DK", **self.options
        )
        self.context.set_default_timeout(PATIENCE)
        if days:
            clock = CLOCK.replace("OFF", str(days * DAY_MS))
            self.context.add_init_script(clock)

            def go_on(worker: Worker) -> None:
                with suppress(Error):  # it has ended meanwhile
                    worker.evaluate(clock)

            self.context.on("serviceworker", go_on)
            self.context.clear_cookies()
            self.context.set_offline(True)
        return self.context.pages[0]

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
        self.context = None


@pytest.fixture(autouse=True)
def _server_has_a_key(key_file: Path, settings: Any) -> None:
    settings.SIDEMAND_DEVICE_KEY_FILE = str(key_file)


@pytest.fixture
def trunk(
    demo_site: str, playwright: Playwright, browser_type_launch_args: Any, tmp_path: Path
) -> Iterator[Trunk]:
    found = Trunk(playwright, browser_type_launch_args, tmp_path / "profile", demo_site)
    yield found
    found.close()


def open_page(page: Page, address: str) -> bool:
    """Go there, and type the PIN where it asks for it; whether it did."""
    page.goto(address)
    page.wait_for_function(SHOWN)
    is_locked = page.locator('[data-part="locked"]').is_visible()
    if is_locked:
        page.locator('[data-part="locked"] [data-slot="unlock"]').click()
        page.locator("#pin").fill(PIN)
        page.locator('[data-device="locked"] form button').click()
        page.wait_for_function(OPENED)
    return is_locked


def prepare(page: Page, course: Course) -> None:
    """With net: set up, take a course along, send a session, begin another."""
    page.goto("/da/enhed/klar/")
    page.locator('input[name="kind"][value="own"]').check()
    for name in ("pin", "again"):
        page.locator(f'input[name="{name}"]').fill(PIN)
    page.locator('[data-device="ready"] form button').last.click()
    expect(page.locator('[data-when="done"] h2')).to_be_visible()
    until_worker(page)
    page.goto(reverse("take_course", args=[course.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()

    write(page, SENT)
    page.locator('#session button[data-when="plain"]').first.click()
    page.locator('[data-part="sent"]').wait_for()
    write(page, DRAFT)
    page.wait_for_url("**/enhed/log/?kladde=*")
    page.wait_for_timeout(1000)  # the last letter is kept within a second
    page.goto(LISTS)
    page.locator('[data-part="sent"] [data-row]').wait_for(state="attached")
    until(page, KEPT, [LOG, LISTS, COURSES, READING])


def write(page: Page, text: str) -> None:
    open_page(page, LOG)
    page.evaluate(FILL, page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)"))
    page.locator('textarea[name="went_well"]').fill(text)


@pytest.mark.parametrize("starts", [1, pytest.param(50, marks=pytest.mark.full)])
def test_form_drafts_sent_and_a_course_open_without_net_weeks_later(
    trunk: Trunk, people: Callable[[str], Person], starts: int
) -> None:
    course = Course.objects.offered()[0]
    page = trunk.start()
    assert trunk.context is not None
    sign_in(trunk.context, people("mentor1"), trunk.site)
    prepare(page, course)
    assert SessionVersion.objects.filter(content__went_well=SENT).exists()

    opened = []
    for days in [7, 60]:
        for _ in range(starts):
            page = trunk.start(days=days)
            assert open_page(page, LOG)
            assert page.evaluate(NO_NET)
            form = page.locator('textarea[name="went_well"]')
            expect(form).to_be_editable()
            assert not open_page(page, LISTS)  # the worker goes by the same clock
            rows = {(row["within"], text) for row in page.evaluate(ROWS) for text in row["texts"]}
            page.goto(COURSES)
            page.get_by_role("link", name="Læs kurset").click()
            lesson = page.locator("main li a").first
            title = lesson.inner_text()
            lesson.click()
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            opened.append(rows)

    print(f"{len(opened)} starts, each with form, lists and course")
    assert len(opened) == 2 * starts
    assert all(rows >= {("drafts", DRAFT), ("sent", SENT)} for rows in opened)
