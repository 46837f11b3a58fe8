"""A mentor without net, on the site itself: what is written is kept, and arrives once and whole."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from core.periods import local_day
from devices.models import Device
from mentoring.models import Session
from tests.axe import violations
from tests.browser.device.doing import (
    TEXT,
    is_kept,
    latest,
    log,
    look,
    open_log,
    send,
    state,
    write,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]


@pytest.mark.both
def test_written_without_net_and_received_once_and_whole(
    mentor: Page, watch: Any, people: Any
) -> None:
    watch.expect_no_net()
    began = timezone.now()
    open_log(mentor)  # once with net: it brings the kit
    mentor.context.set_offline(True)
    open_log(mentor)
    write(mentor, TEXT)
    mentor.reload()
    expect(mentor.locator("#id_went_well")).to_have_value(TEXT)
    send(mentor)

    state(mentor).to_have_text("Klar til at sende – venter på net")
    expect(mentor.locator("header .unsent")).to_have_text(re.compile(r"1\s+ikke sendt"))
    look(mentor)
    expect(mentor.locator('[data-part="waiting"]')).to_contain_text("Klar til at sende")
    come = Session.objects.filter(received_at__gte=began)
    assert list(come.values("author__user__email", "current__content")) == []

    mentor.context.set_offline(False)
    sent = mentor.locator('[data-part="sent"] li')
    expect(sent).to_contain_text(re.compile(r"Modtaget kl\. .* – kvittering \w{4}-\w{4}"))
    expect(mentor.locator("header .unsent")).to_be_hidden()
    assert come.count() == 1
    assert latest().current.content["went_well"] == TEXT.replace("e\u0301", "é")
    sent.get_by_text("Læs den").click()
    expect(sent.locator("dl")).to_contain_text("Kvitteringen, æøå ĸ 🐋 <b>fed</b>")
    device = Device.objects.filter(owner=people("mentor1")).latest("registered_at")
    assert device.unsent_count == 0


def test_what_was_made_from_a_version_waits_for_it_however_often_it_is_changed(
    mentor: Page, watch: Any
) -> None:
    watch.expect(500)
    watch.expect_no_net()
    open_log(mentor)
    mentor.context.set_offline(True)
    log(mentor, "Begyndt")
    state(mentor).to_have_text("Klar til at sende – venter på net")
    for text in ("Rettet", TEXT):
        look(mentor)
        mentor.locator('[data-part="waiting"]').get_by_role("button", name="Ret den").click()
        expect(mentor.get_by_role("heading", name="Ret en session")).to_be_visible()
        mentor.locator("#id_went_well").fill(text)
        send(mentor)

    failures = iter([True])

    def answer(route: Route) -> None:
        if "Begyndt" in (route.request.post_data or "") and next(failures, False):
            route.fulfill(status=500, content_type="application/json", body='{"error": "failed"}')
        else:
            route.continue_()

    mentor.context.route("**/api/v1/sessions/*", answer)
    mentor.context.set_offline(False)  # the first try fails, and the second version is due
    state(mentor).to_contain_text("Modtaget")
    texts = latest().versions.order_by("number").values_list("content__went_well", flat=True)
    assert list(texts) == ["Begyndt", TEXT.replace("e\u0301", "é")]
    look(mentor)
    expect(mentor.locator('[data-part="attention"] li')).to_have_count(0)


@pytest.mark.both
def test_one_poisonous_record_stops_no_other(mentor: Page, watch: Any) -> None:
    """One that is always refused, one that always fails: the third is sent in the same pass."""
    watch.expect(422, 500)
    watch.expect_no_net()
    before = Session.objects.count()
    open_log(mentor)
    mentor.context.set_offline(True)
    texts = "Barnet er 7 år.", "Den her fejler altid", "Den her går igennem"
    for text in texts:
        log(mentor, text)

    def answer(route: Route) -> None:
        if texts[1] in (route.request.post_data or ""):
            route.fulfill(status=500, content_type="application/json", body='{"error": "failed"}')
        else:
            route.continue_()

    mentor.context.route("**/api/v1/sessions/*", answer)
    mentor.context.set_offline(False)
    look(mentor)

    expect(mentor.locator('[data-part="sent"]')).to_contain_text("Modtaget")
    expect(mentor.locator('[data-part="attention"]')).to_contain_text("se en gang til")
    expect(mentor.locator('[data-part="waiting"]')).to_contain_text("Serveren fejlede sidste gang.")
    assert Session.objects.count() == before + 1
    assert latest().current.content["went_well"] == texts[2]
    for part, text in (("attention", texts[0]), ("waiting", texts[1])):
        row = mentor.locator(f'[data-part="{part}"] li')
        row.get_by_text("Læs den").click()
        expect(row).to_contain_text(text)
    expect(mentor.locator("header .unsent")).to_have_text(re.compile(r"2\s+ikke sendt"))


def test_what_is_wrong_is_said_before_it_is_queued_and_after(mentor: Page, watch: Any) -> None:
    watch.expect(422)
    open_log(mentor)
    mentor.locator("#id_went_well").fill("Ring til " + "-".join(["010190", "1234"]))
    mentor.locator("form#session .buttons button:visible").first.click()

    summary = mentor.locator(".error-summary")
    expect(summary).to_contain_text("ligner et CPR-nummer")
    expect(summary).to_contain_text("Vælg, hvad I arbejdede med")
    expect(summary).to_be_focused()
    assert mentor.title().startswith("Fejl:")
    assert violations(mentor) == []

    write(mentor, "Barnet er 7 år.")
    send(mentor)
    state(mentor).to_have_text("Kræver handling: se en gang til, før den sendes")
    look(mentor)
    mentor.locator('[data-part="attention"]').get_by_role("button", name="Ret den").click()
    expect(mentor.locator("mark")).to_have_text("7 år")
    assert violations(mentor) == []
    mentor.get_by_role("button", name="Send den, som den er").click()

    state(mentor).to_contain_text("Modtaget")
    assert latest().current.content["went_well"] == "Barnet er 7 år."


def test_a_device_that_was_set_up_works_straight_away_without_net(mentor: Page, watch: Any) -> None:
    watch.expect_no_net()
    mentor.context.set_offline(True)
    log(mentor, TEXT)
    state(mentor).to_have_text("Klar til at sende – venter på net")


#: The days of the device are three behind.
BEHIND = """(() => {
    const days = Intl.DateTimeFormat.prototype;
    const { formatToParts } = days;
    days.formatToParts = function (when) { return formatToParts.call(this, when - 259_200_000); };
})()"""


def test_a_clock_that_is_behind_points_out_today_and_sends_it_all_the_same(mentor: Page) -> None:
    mentor.context.add_init_script(BEHIND)
    day = str(local_day(timezone.now()))
    open_log(mentor)
    write(mentor, TEXT)
    mentor.locator("#id_held_on").fill(day)
    press = mentor.locator("form#session .buttons button:visible").first
    press.click()
    expect(mentor.locator(".error-summary")).to_contain_text("Efter enhedens ur")
    expect(mentor.locator(".error-summary")).to_be_focused()

    send(mentor)
    state(mentor).to_contain_text("Modtaget")
    assert latest().current.content["held_on"] == day


def test_as_last_time_wipes_out_nothing_that_was_written(mentor: Page) -> None:
    open_log(mentor)
    day = str(local_day(timezone.now()) - timedelta(days=3))
    mentor.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    mentor.locator("#id_held_on").fill(day)
    mentor.locator("#id_tools").fill("Skabelonen til kvitteringen")
    mentor.locator("#id_went_well").fill(TEXT)
    is_kept(mentor)

    mentor.get_by_role("button", name="Som sidst").click()

    expect(mentor.locator('input[name="mode"]:checked')).to_have_count(1)
    expect(mentor.locator("#id_held_on")).to_have_value(day)
    expect(mentor.locator("#id_tools")).to_have_value("Skabelonen til kvitteringen")
    expect(mentor.locator("#id_went_well")).to_have_value(TEXT)


TYPED = """(text) => {
    const field = document.getElementById("id_went_well");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def test_two_tabs_on_one_draft_keep_both_texts(mentor: Page) -> None:
    open_log(mentor)
    write(mentor, "Begyndt")
    other = mentor.context.new_page()
    open_log(other, mentor.url)
    expect(other.locator("#id_went_well")).to_have_value("Begyndt")
    # Both write before either has heard of the other.
    at = mentor.evaluate("Date.now() + 2500")
    for page, text in ((mentor, "Skrevet i den første"), (other, "Skrevet i den anden")):
        typing = f"([text, at]) => {{ setTimeout({TYPED}, at - Date.now(), text) }}"
        page.evaluate(typing, [text, at])
    mentor.wait_for_timeout(4000)

    for page in (mentor, other):
        is_kept(page)
    clashes = [page.locator('[data-part="clash"]') for page in (mentor, other)]
    last = time.monotonic() + 30
    while not any(clash.is_visible() for clash in clashes) and time.monotonic() < last:
        mentor.wait_for_timeout(200)
    told = [clash.is_visible() for clash in clashes]
    assert sorted(told) == [False, True]  # whoever came second is told
    look(mentor)
    drafts = mentor.locator('[data-part="drafts"] > ul > li')
    expect(drafts).to_have_count(2)
    for row in drafts.all():
        row.get_by_text("Læs den").click()
    for text in ("Skrevet i den første", "Skrevet i den anden"):
        expect(mentor.locator('[data-part="drafts"]')).to_contain_text(text)
