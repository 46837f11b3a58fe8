"""A device without room: it says so, keeps what stands in the form, and still sends."""

from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mentoring.models import Session, SessionVersion
from tests.browser.device.doing import (
    TEXT,
    is_kept,
    latest,
    log,
    open_log,
    send,
    state,
    write,
    write_anew,
)
from tests.browser.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]


#: What a browser without room answers; ``test_drafts`` fills one up in earnest.
FILL_UP = """() => {
    const { put } = IDBObjectStore.prototype;
    window.isFull = true;
    IDBObjectStore.prototype.put = function (...row) {
        if (!window.isFull) return put.apply(this, row);
        window.hasRefused = this.name;
        throw new DOMException("", "QuotaExceededError");
    };
}"""


def test_a_device_that_fills_up_says_so_and_keeps_the_text_in_the_form(mentor: Page) -> None:
    open_log(mentor)
    write(mentor, "Begyndt")
    mentor.evaluate(FILL_UP)
    mentor.locator("#id_went_well").fill(TEXT)
    kept = mentor.locator('[data-part="kept"]')
    expect(kept).to_contain_text("IKKE gemt")
    expect(kept).to_have_attribute("role", "alert")
    mentor.evaluate("window.isFull = false")  # somebody has made room
    is_kept(mentor)
    mentor.reload()
    expect(mentor.locator("#id_went_well")).to_have_value(TEXT)


def test_what_a_full_device_cannot_queue_is_not_said_to_be_sent(mentor: Page) -> None:
    before = Session.objects.count()
    open_log(mentor)
    write(mentor, TEXT)
    mentor.evaluate(FILL_UP)
    mentor.locator("form#session .buttons button:visible").first.click()

    expect(mentor.locator('[data-part="kept"]')).to_contain_text("IKKE gemt")
    # First the draft is refused, then what is to be sent, and that a few times with the reserve.
    until(mentor, "window.hasRefused === 'records'")
    mentor.wait_for_timeout(4000)
    expect(mentor.locator('[data-part="sent"]')).to_be_hidden()
    expect(mentor.locator("#id_went_well")).to_have_value(TEXT)
    mentor.evaluate("window.isFull = false")
    send(mentor)
    state(mentor).to_contain_text("Modtaget")
    assert Session.objects.count() == before + 1
    assert latest().current.content["went_well"] == TEXT.replace("e\u0301", "é")


#: Chromium hands out room beforehand, and takes it back after half a minute.
UNTIL_IT_COUNTS = 31_000
HALF_OF_THE_RESERVE = 256 * 1024  # bytes
USED = "navigator.storage.estimate().then(({ usage }) => usage)"


def take_all_room(page: Page) -> None:
    """The browser itself gives the site not a byte more, also after it has tidied up a little."""
    session = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    used = None
    while used != (now := page.evaluate(USED)):  # a database that is tidied up shrinks
        used = now
        quota = {"origin": origin, "quotaSize": used - HALF_OF_THE_RESERVE}
        session.send("Storage.overrideQuotaForOrigin", quota)
        page.wait_for_timeout(UNTIL_IT_COUNTS)


def give_room_back(page: Page) -> None:
    """As much as there was; the reserve, which what waits may have used, is put by anew."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": page.evaluate("location.origin")})
    page.reload()


def write_until_there_is_no_room(page: Page) -> None:
    """Type :data:`TEXT` where it is not kept.

    A busy browser tidies up its database just when something more is written, and has room again.
    """
    kept = page.locator('[data-part="kept"]')
    for typed in ["En gang", "To gange", "Tre gange"]:
        until(page, "caches.match('/reserve').then((reserve) => Boolean(reserve))")
        take_all_room(page)
        page.locator("#id_went_well").fill(TEXT)
        with suppress(AssertionError):
            expect(kept).to_contain_text("IKKE gemt", timeout=10_000)
            return
        give_room_back(page)
        write_anew(page, typed)


def test_a_device_without_room_says_so_loses_nothing_and_still_sends(
    mentor: Page, watch: Any
) -> None:
    watch.expect_no_net()
    before = Session.objects.count()
    open_log(mentor)
    mentor.context.set_offline(True)
    log(mentor, "Skrevet, mens der var plads")
    state(mentor).to_have_text("Klar til at sende – venter på net")
    open_log(mentor)
    write(mentor, "Begyndt")
    write_until_there_is_no_room(mentor)
    kept = mentor.locator('[data-part="kept"]')
    expect(kept).to_contain_text("IKKE gemt: Der er ikke plads på enheden. Send nu, eller kopiér")
    expect(kept).to_have_attribute("role", "alert")
    expect(mentor.locator("#id_went_well")).to_have_value(TEXT)

    send(mentor)  # there is no room for a draft any more, but for what is to be sent
    state(mentor).to_have_text("Klar til at sende – venter på net")
    assert Session.objects.count() == before
    mentor.context.set_offline(False)
    state(mentor).to_contain_text("Modtaget")
    expect(mentor.locator("header .unsent")).to_be_hidden()
    assert Session.objects.count() == before + 2
    texts = SessionVersion.objects.order_by("-received_at").values_list(
        "content__went_well", flat=True
    )
    assert set(texts[:2]) == {"Skrevet, mens der var plads", TEXT.replace("e\u0301", "é")}
