"""The site itself starts without net: for whom, from where, and months later."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect

from devices import shell
from tests.browser.waiting import until_worker
from tests.factories.pages import make_home, make_lesson_page

pytestmark = [pytest.mark.browser, pytest.mark.once]

REGISTRATIONS = "async () => (await navigator.serviceWorker.getRegistrations()).length"
#: Longer than the script waits for a page to rest.
RESTED = 5_000
OFFLINE = "fetch('/healthz').then(() => 'answered', () => 'failed')"


def addresses():
    """The pages that start without net, in Danish."""
    with translation.override("da"):
        return [shell.reverse(page.url_name) for page in shell.pages()]


def test_who_has_signed_in_gets_the_worker_on_the_page_they_arrive_at(device):
    page = device.new_page()
    page.goto("/da/start/")
    before = page.evaluate(REGISTRATIONS)
    until_worker(page)

    assert (before, page.evaluate(REGISTRATIONS)) == (0, 1)  # not before the page rests


@pytest.mark.parametrize(
    "address", ["/da/", "/da/konto/login/", "/da/enhed/offline/", "/da/enhed/klar/"]
)
def test_who_has_not_signed_in_gets_none(base, live_server, browser, address):
    make_home()
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto(address)
    page.wait_for_timeout(RESTED)
    found = page.evaluate(REGISTRATIONS)
    context.close()

    assert found == 0


def test_a_lesson_fetches_nothing_beside_itself(device):
    page = device.new_page()
    asked = []
    device.on("request", lambda request: asked.append(request.url))
    lesson = make_lesson_page()
    page.goto(lesson.url)
    page.wait_for_timeout(RESTED)

    assert page.evaluate(REGISTRATIONS) == 0
    assert not [url for url in asked if "sw.js" in url or "manifest" in url or "/enhed/" in url]


@pytest.mark.parametrize("choice", ["cookie", "browser"])
def test_who_saves_data_gets_none_before_they_set_up_the_device(device, live_server, choice):
    if choice == "cookie":
        device.add_cookies([{"name": "sidemand_data", "value": "spar", "url": live_server.url}])
    else:
        device.set_extra_http_headers({"Save-Data": "on"})
    page = device.new_page()
    course = make_lesson_page().get_parent().get_parent()
    for address in ("/da/start/", reverse("take_course", args=[course.translation_key])):
        page.goto(address)
        page.wait_for_timeout(RESTED)

        assert page.evaluate(REGISTRATIONS) == 0, address


def test_what_is_not_on_the_device_shows_our_own_page(device):
    page = device.new_page()
    page.goto("/da/start/")
    until_worker(page)
    device.set_offline(True)
    page.goto("/da/kompetencer/")
    says = page.locator("h1")

    expect(says).to_have_text("Siden kunne ikke hentes")
    assert page.evaluate(OFFLINE) == "failed"
    assert page.url.endswith("/da/kompetencer/")
    expect(page.get_by_text("Der er net igen.")).to_be_hidden()
    device.set_offline(False)
    expect(page.get_by_text("Der er net igen.")).to_be_visible()
    page.get_by_role("link", name="Prøv igen").click()
    expect(says).not_to_have_text("Siden kunne ikke hentes")


@pytest.mark.parametrize("days", [7, 60])
@pytest.mark.parametrize("starts", [1, pytest.param(50, marks=pytest.mark.full)])
def test_pages_of_the_device_start_without_net_weeks_later(start, sessions, days, starts):
    """Another start of the browser, its clock gone on, the session over, its own cache emptied."""
    context = start()
    context.add_cookies(sessions())
    page = context.new_page()
    page.goto("/da/start/")
    until_worker(page)
    context.close()
    later = datetime.now(UTC) + timedelta(days=days)

    opened = []
    for _ in range(starts):
        context = start()
        context.clear_cookies()
        context.set_offline(True)
        page = context.new_page()
        page.clock.install(time=later)
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        for address in addresses():
            answer = page.goto(address)
            styled = page.evaluate("getComputedStyle(document.body).margin")
            opened.append((answer.status, answer.from_service_worker, styled))
            assert page.evaluate(OFFLINE) == "failed"
            assert page.evaluate("Date.now()") >= later.timestamp() * 1000
        context.close()

    assert opened == [(200, True, "0px")] * len(addresses()) * starts


def test_a_new_version_waits_and_says_so(device, settings):
    page = device.new_page()
    page.goto("/da/start/")
    until_worker(page)
    page.goto("/da/enhed/offline/")
    notice = page.get_by_text("En ny udgave er klar.")
    expect(notice).to_be_hidden()
    settings.SIDEMAND_HELP_PHONE = "+299 00 11 22"
    shell.forget_drawn()
    try:
        page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
        expect(notice).to_be_visible()
        expect(page.get_by_text("+299 00 11 22")).to_have_count(0)  # nothing was loaded anew
    finally:
        settings.SIDEMAND_HELP_PHONE = ""
        shell.forget_drawn()


# --- Room on the device ---------------------------------------------------------------------------


def test_a_device_with_room_says_nothing(device):
    page = device.new_page()
    page.goto("/da/enhed/offline/")
    page.wait_for_timeout(1_000)

    expect(page.get_by_text("Der er ikke mere plads på denne enhed.")).to_be_hidden()
    expect(page.get_by_text("Denne browser gemmer ikke noget.")).to_be_hidden()
    kept = page.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)")
    assert "sidemand-probe" not in kept  # no trace of the trial


@pytest.mark.parametrize("known", [False, True], ids=["found out", "told by the browser"])
def test_a_device_that_is_full_says_so_before_anything_is_written(device, live_server, known):
    page = device.new_page()
    if known:
        page.add_init_script(
            "navigator.storage.estimate = async () => ({usage: 9_000_000, quota: 12_000_000})"
        )
    else:
        page.context.new_cdp_session(page).send(
            "Storage.overrideQuotaForOrigin", {"origin": live_server.url, "quotaSize": 100_000}
        )
    page.goto("/da/enhed/offline/")

    expect(page.get_by_text("Der er ikke mere plads på denne enhed.")).to_be_visible()
    expect(page.get_by_text("Denne browser gemmer ikke noget.")).to_be_hidden()


@pytest.mark.parametrize(
    "refusal",
    [
        "indexedDB.open = () => { throw new DOMException('', 'SecurityError'); }",
        "Object.defineProperty(window, 'indexedDB', {value: undefined})",
        """IDBFactory.prototype.open = () => {
            const request = {error: new DOMException('', 'InvalidStateError')};
            setTimeout(() => request.onerror());
            return request; }""",
    ],
    ids=["forbidden", "absent", "private window"],
)
def test_a_browser_that_keeps_nothing_says_so(device, refusal):
    page = device.new_page()
    page.add_init_script(refusal)
    page.goto("/da/enhed/offline/")

    expect(page.get_by_text("Denne browser gemmer ikke noget.")).to_be_visible()
    expect(page.get_by_text("Der er ikke mere plads på denne enhed.")).to_be_hidden()
