"""What the coordinator reads of a device stays true, also when nothing is sent from it any more."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from devices.models import Device
from mentoring.actions import erase_session
from mentoring.models import Session
from tests.browser.device.doing import latest, log, look, send, state
from tests.browser.device.test_refusals import change_latest
from tests.browser.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]
#: Moves what the device remembers of its last word back by this many milliseconds.
LONG_AGO = """(ms) => new Promise((resolve) => {
    const asked = indexedDB.open("sidemand");
    asked.onsuccess = () => {
        const rows = asked.result.transaction("meta", "readwrite").objectStore("meta");
        rows.openCursor().onsuccess = ({ target: { result } }) => {
            if (!result) return resolve();
            const { key, value } = result.value;
            const earlier = { ...value, at: value.at - ms };
            if (key.startsWith("contact:")) result.update({ key, value: earlier });
            result.continue();
        };
    };
})"""

#: What the device remembers of its last word: how long ago in milliseconds, and how many it named.
REMEMBERED = """() => new Promise((resolve) => {
    const asked = indexedDB.open("sidemand");
    asked.onsuccess = () => {
        const rows = asked.result.transaction("meta").objectStore("meta").getAll();
        rows.onsuccess = () => {
            const contact = rows.result.find(({ key }) => key.startsWith("contact:"));
            const { at = 0, count = null } = contact?.value ?? {};
            resolve({ since: Date.now() - at, count });
        };
    };
})"""


def told() -> Device:
    """What the server knows of the device that was set up just now."""
    return Device.objects.latest("registered_at")


def becomes(page: Page, count: int) -> None:
    """The server hears that so many wait."""
    wait_for(page, lambda: told().unsent_count == count)


def remembers(page: Page, count: int) -> None:
    """The device knows that it was heard: before that, a page that is left tells once more."""

    def is_heard() -> bool:
        said = page.evaluate(REMEMBERED)
        return bool(said["count"] == count and said["since"] < 3_600_000)

    wait_for(page, is_heard)


def refused_in(page: Page) -> None:
    """One session lies there that the server does not take any more."""
    log(page, "Først")
    state(page).to_contain_text("Modtaget")
    change_latest(page, "Teksten blev slettet imens")
    session = latest()
    reason = Session.EraseReason.MISTAKE
    erase_session(session, by=session.author, reason=reason, at=timezone.now())
    send(page)
    state(page).to_contain_text("Kræver handling")


def test_what_is_thrown_away_waits_no_more_and_waits_again_once_it_is_taken_back(
    mentor: Page, watch: Any
) -> None:
    watch.expect(409, 410)
    refused_in(mentor)
    becomes(mentor, 1)

    look(mentor)
    rows = mentor.locator('[data-part="attention"] > ul > li')
    rows.get_by_role("button", name="Slet").click()
    becomes(mentor, 0)
    mentor.locator('[data-part="removed"]').get_by_role("button").click()
    expect(rows).to_have_count(1)
    becomes(mentor, 1)


def test_a_device_that_sends_nothing_is_heard_of_once_a_day(mentor: Page, watch: Any) -> None:
    watch.expect(409, 410)
    refused_in(mentor)
    becomes(mentor, 1)
    remembers(mentor, 1)
    yesterday = timezone.now() - timedelta(days=1)
    Device.objects.update(last_contact_at=yesterday)

    look(mentor)
    mentor.wait_for_timeout(500)
    assert told().last_contact_at == yesterday  # the same was told a moment ago

    mentor.evaluate(LONG_AGO, 25 * 3600 * 1000)
    look(mentor)
    remembers(mentor, 1)
    assert told().last_contact_at > yesterday


def test_nobody_is_asked_while_there_is_no_net(mentor: Page, watch: Any) -> None:
    def said() -> int:
        return len([one for one in watch.requests if "/device/contact/" in one])

    watch.expect_no_net()
    log(mentor, "Med net")
    state(mentor).to_contain_text("Modtaget")
    remembers(mentor, 0)
    mentor.evaluate(LONG_AGO, 25 * 3600 * 1000)
    before = said()
    mentor.context.set_offline(True)

    look(mentor)
    mentor.wait_for_timeout(500)

    assert said() == before
    mentor.context.set_offline(False)  # the page hears of it, without being opened again
    remembers(mentor, 0)
    assert said() == before + 1
    look(mentor)
    mentor.wait_for_timeout(500)
    assert said() == before + 1  # told a moment ago
