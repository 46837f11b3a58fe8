"""Setting a device up, opening it, the forgotten PIN and signing out, on the pages of the site."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from playwright.sync_api import Page, expect

from devices import shell
from devices.models import Device
from mentoring.models import Session
from tests.axe import violations
from tests.browser.conftest import sign_in
from tests.browser.device.conftest import vault
from tests.browser.device.opening import (
    CANARY,
    OTHER_PIN,
    PIN,
    SOURCES,
    fill_in,
    is_open,
    queue_session,
    scripts,
    set_up,
    unlock,
)
from tests.browser.waiting import until_worker

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]


Enter = Callable[..., Page]


@pytest.fixture
def enter(visit: Any) -> Enter:
    """A page of somebody, in which the vault can be asked as in the lab."""

    def entering(who: str | None, address: str, **options: Any) -> Page:
        page: Page = visit(who, **options)
        page.context.route(SOURCES, scripts)
        page.goto(address)
        return page

    return entering


def test_a_device_is_set_up_with_errors_told_at_their_fields(enter, people):
    page = enter("mentor1", "/da/enhed/klar/")
    button = page.get_by_role("button", name="Gør enheden klar")

    button.click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)  # whose, and the PIN: the name is guessed
    expect(page).to_have_title("Fejl: Gør enheden klar – Sidemand")
    assert violations(page) == []

    page.get_by_label("Ja, vi deler den").check()
    page.get_by_label("Enhedens navn").fill("Om " + "-".join(["010290", "1234"]))
    page.get_by_label("PIN", exact=True).fill("123456")
    button.click()
    expect(summary).to_contain_text("let at gætte")
    expect(summary).to_contain_text("CPR-nummer")
    page.get_by_label("Enhedens navn").fill("Kontoret")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_label("PIN en gang til").fill(OTHER_PIN)
    button.click()
    expect(summary.get_by_role("link")).to_have_text(
        ["De to er ikke ens. Skriv PIN-koden en gang til."]
    )
    page.get_by_label("PIN en gang til").fill(PIN)
    button.click()

    expect(page.get_by_role("heading", name="Enheden er klar")).to_be_focused()
    expect(page).to_have_title("Gør enheden klar – Sidemand")
    assert violations(page) == []
    device = Device.objects.get(name="Kontoret")
    assert (device.owner, device.is_shared) == (people("mentor1"), True)
    page.reload()
    expect(page.get_by_text("efter 5 minutter uden brug", exact=True)).to_be_visible()


def test_a_device_is_not_said_to_be_whole_before_it_starts_without_net(enter, monkeypatch, watch):
    told = shell.answer_worker
    monkeypatch.setattr(shell, "answer_worker", lambda request: HttpResponse(status=503))
    page = enter("mentor1", "/da/enhed/klar/")
    not_whole = page.get_by_text("kan endnu ikke starte uden net").locator("visible=true")

    fill_in(page)
    expect(page.get_by_role("heading", name="Enheden er klar")).to_be_focused(timeout=30_000)
    expect(not_whole).to_be_visible()
    assert violations(page) == []
    page.reload()
    expect(page.get_by_text("efter 5 minutter uden brug", exact=True)).to_be_visible()
    expect(not_whole).to_be_visible()

    monkeypatch.setattr(shell, "answer_worker", told)
    page.goto("/da/enhed/")  # any page of the site goes on with it
    until_worker(page)
    page.goto("/da/enhed/klar/")
    expect(page.get_by_text("efter 5 minutter uden brug", exact=True)).to_be_visible()
    expect(not_whole).to_be_hidden()
    watch.complaints = [one for one in watch.complaints if "503" not in one]


def test_it_locks_by_the_button_of_any_page_and_opens_with_the_pin(enter):
    page = enter("mentor1", "/da/start/")
    expect(page.get_by_role("link", name="Lås")).to_have_count(0)
    set_up(page)
    page.goto("/da/start/")
    assert is_open(page)

    page.get_by_role("link", name="Lås").click()

    page.wait_for_url("**/enhed/laas-op/")
    expect(page.get_by_label("PIN", exact=True)).to_be_focused()
    assert violations(page) == []
    assert not is_open(page)
    unlock(page, OTHER_PIN)
    expect(page.locator(".error-summary")).to_contain_text("Det er ikke den rigtige PIN")
    unlock(page)
    page.wait_for_url("**/da/start/")
    assert is_open(page)


def test_it_leads_on_within_the_site_alone(enter, demo_site):
    page = enter("mentor1", "/da/start/")
    set_up(page)
    for asked, leads_to in [
        ("/da/personer/mig/?a=b", "/da/personer/mig/?a=b"),
        ("https://example.org/", "/da/start/"),
        ("//example.org/", "/da/start/"),
        ("/.//example.org/", "/da/start/"),
        ("javascript:alert(1)", "/da/start/"),
    ]:
        page.goto(f"/da/enhed/laas-op/?videre={asked.replace('?', '%3F')}")
        page.wait_for_url(demo_site + leads_to)


def test_another_pin_and_the_forgotten_one(enter, watch):
    page = enter("mentor1", "/da/start/")
    set_up(page)
    page.goto("/da/enhed/kode/")
    page.get_by_label("Den PIN, du har nu").fill(PIN)
    page.get_by_label("PIN", exact=True).fill(OTHER_PIN)
    page.get_by_label("PIN en gang til").fill(OTHER_PIN)
    page.get_by_role("button", name="Skift PIN").click()
    expect(page.get_by_role("heading", name="Din PIN er skiftet")).to_be_visible()
    vault(page, "await v.lock()")

    # Forgotten: the session alone is not enough, the password just now is.
    watch.expect(403)
    page.goto("/da/enhed/glemt/")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_label("PIN en gang til").fill(PIN)
    page.get_by_role("button", name="Vælg denne PIN").click()
    page.get_by_role("link", name="Vis, at det er mig").click()
    page.get_by_label("Adgangskode").fill("sidemand-demo")
    page.get_by_role("button", name="Gå videre").click()
    page.wait_for_url("**/enhed/glemt/")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_label("PIN en gang til").fill(PIN)
    page.get_by_role("button", name="Vælg denne PIN").click()

    expect(page.get_by_role("heading", name="Din PIN er skiftet")).to_be_visible()
    assert is_open(page)
    vault(page, "await v.lock()")
    assert vault(page, "await v.open(g[0])", OTHER_PIN)["code"] == "wrong"


def test_without_anything_unsent_signing_out_is_one_press(enter, watch, people):
    page = enter("mentor1", "/da/start/")
    set_up(page)
    page.goto("/da/start/")
    watch.expect(401)

    page.get_by_role("button", name="Log ud").click()

    page.wait_for_url(lambda url: url.endswith("/da/"))
    expect(page.get_by_role("link", name="Log ind").first).to_be_visible()
    expect(page.get_by_role("link", name="Lås")).to_have_count(0)
    # The name of the server's database stays: it tells whether what was sent is still there; and
    # when the server was told how much waits.
    owner = people("mentor1").pk
    left = {one["key"] for one in vault(page, "return s.all('meta')")}
    assert left - {f"contact:{owner}"} == {f"database:{owner}"}
    page.goto("/da/enhed/laas-op/")
    expect(page.get_by_role("link", name="Log ind").first).to_be_visible()
    expect(page.get_by_label("PIN", exact=True)).to_be_hidden()


def test_signing_out_with_something_unsent_is_stopped_and_explained(enter, watch):
    page = enter("mentor1", "/da/start/")
    set_up(page)
    queue_session(page)
    vault(
        page,
        """const owner = await v.currentOwner();
        const sealed = await v.seal({ fields: {} }, v.nameOf("drafts", owner, "d"));
        await s.put("drafts", { id: "d", owner, kind: "session", version: 1, sealed });""",
    )
    page.goto("/da/start/")

    page.get_by_role("button", name="Log ud").click()

    expect(page.get_by_text("Ikke alt er sendt")).to_be_visible()
    waiting = page.get_by_role("main").get_by_role("listitem")
    expect(waiting).to_have_text(["1 ting er ikke sendt.", "1 kladde er ikke færdig."])
    assert violations(page) == []
    with page.expect_download() as saving:
        page.get_by_role("button", name="Gem som fil").click()
    letter = json.loads(Path(saving.value.path()).read_text())
    assert (len(letter["records"]), len(letter["drafts"])) == (1, 1)
    assert CANARY not in json.dumps(letter)
    page.get_by_role("link", name="Bliv logget ind").click()
    page.wait_for_url("**/da/start/")
    expect(page.get_by_role("button", name="Log ud")).to_be_visible()


def test_the_file_of_a_browser_is_taken_in_and_the_device_hears_of_it(enter, watch, people):
    page = enter("mentor1", "/da/start/")
    set_up(page)
    record = queue_session(page)
    vault(page, "await v.lock()")  # it needs no PIN
    page.goto("/da/enhed/fil/")
    expect(page.get_by_text("1 ting er ikke sendt.").first).to_be_visible()
    assert violations(page) == []
    with page.expect_download() as saving:
        page.get_by_role("button", name="Gem som fil").click()
    expect(page.get_by_role("status")).to_contain_text("Ikke sendt i den: 1. Kladder: 0.")
    coordinator = enter("administrator1", "/da/enheder/fil/")

    coordinator.get_by_label("Fil").set_input_files(saving.value.path())
    coordinator.get_by_role("button", name="Tag filen ind").click()

    main = coordinator.get_by_role("main")
    expect(main).to_contain_text("Filen er taget ind")
    expect(main).to_contain_text(people("mentor1").name)
    expect(main).not_to_contain_text(CANARY)
    session = Session.objects.get(pk=record)
    assert session.current.content["went_well"] == CANARY
    watch.expect(401)
    page.goto("/da/enhed/laas-op/?videre=/da/enhed/log-ud/")
    unlock(page)
    page.get_by_role("button", name="Send nu").click()
    page.wait_for_url(lambda url: url.endswith("/da/"))
    assert Session.objects.get(pk=record).versions.count() == 1


def test_send_now_sends_and_then_signs_out(enter, watch):
    page = enter("mentor1", "/da/start/")
    set_up(page)
    record = queue_session(page)
    page.goto("/da/enhed/log-ud/")
    watch.expect(401)

    page.get_by_role("button", name="Send nu").click()

    page.wait_for_url(lambda url: url.endswith("/da/"))
    assert Session.objects.get(pk=record).current.content["went_well"] == CANARY


def test_signed_out_all_the_same_it_stays_sealed_and_its_owners(enter, watch, people):
    """The other person on the computer meets nothing of it, and it is sent by its owner later."""
    page = enter("mentor1", "/da/start/")
    set_up(page)
    record = queue_session(page)
    page.goto("/da/enhed/log-ud/")
    watch.expect(401)
    page.get_by_role("button", name="Log ud, og lad det ligge låst her").click()
    page.wait_for_url(lambda url: url.endswith("/da/"))

    page.goto("/da/enhed/")  # it is somebody's device, and says so
    expect(page.get_by_text("Log ind først. Så ved siden, hvis enhed det er.")).to_be_visible()
    assert violations(page) == []
    enter_here = page.locator('[data-slot="enter"]')
    expect(enter_here).to_have_attribute("href", re.compile(r"\?next=%2Fda%2Fenhed%2F$"))

    site = page.url.removesuffix("/da/enhed/")
    sign_in(page.context, people("sagsbehandler1"), site)
    page.goto("/da/start/")
    expect(page.locator("main form").first).to_have_attribute("autocomplete", "off")
    expect(page.get_by_role("link", name="Lås")).to_be_hidden()  # nothing of theirs is here
    set_up(page)  # with the same PIN
    page.goto("/da/enhed/log-ud/")
    page.wait_for_url(lambda url: url.endswith("/da/"))  # nothing of theirs waits
    assert not Session.objects.filter(pk=record).exists()

    sign_in(page.context, people("mentor1"), site)
    page.goto("/da/start/")  # before the PIN, too
    expect(page.get_by_role("link", name="1 ikke sendt")).to_be_visible()
    page.get_by_role("button", name="Log ud").click()
    expect(page.get_by_text("Ikke alt er sendt")).to_be_visible()
    page.goto("/da/enhed/laas-op/")
    unlock(page)
    page.wait_for_url("**/da/start/")
    page.goto("/da/enhed/log-ud/")
    page.get_by_role("button", name="Send nu").click()
    page.wait_for_url(lambda url: url.endswith("/da/"))
    assert Session.objects.get(pk=record).author == people("mentor1")


def test_without_net_nobody_is_signed_out_by_halves(enter, watch):
    page = enter("mentor1", "/da/start/")
    set_up(page)
    page.context.route("**/api/v1/device/", lambda route: route.abort())
    page.goto("/da/enhed/log-ud/")

    expect(page.get_by_text("Serveren kan ikke logge dig ud lige nu")).to_be_visible()
    page.get_by_role("button", name="Lås nu").click()
    page.wait_for_url("**/enhed/laas-op/**")
    assert not is_open(page)
    watch.complaints = [one for one in watch.complaints if "ERR_FAILED" not in one]
