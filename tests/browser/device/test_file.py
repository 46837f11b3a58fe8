"""Drafts leave a device that cannot send, in the file of what waits, and come to another one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from demo.people import PASSWORD
from mentoring.models import Session
from tests.axe import violations
from tests.browser.device.doing import (
    PHONE,
    latest,
    look,
    make_ready,
    open_log,
    send,
    state,
    write,
    write_anew,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]
CANARY = "Kanariefuglen sang om kvitteringen"


def bring(page: Page, file: Path) -> None:
    """Choose the file, and ask for its drafts."""
    page.goto("/da/enhed/fil/")
    page.get_by_label("Fil", exact=True).set_input_files(file)
    page.get_by_role("button", name="Hent kladderne herind").click()


def test_a_draft_comes_to_another_device_of_its_author_and_to_nobody_else(
    visit: Callable[..., Page], watch: Any, tmp_path: Path
) -> None:
    watch.expect(403, 404, 409)
    before = Session.objects.count()
    old = visit("mentor1", **PHONE)
    make_ready(old)
    open_log(old)
    write(old, CANARY)
    old.goto("/da/enhed/fil/")
    expect(old.get_by_text("1 kladde er ikke færdig.").first).to_be_visible()
    with old.expect_download() as saving:
        old.get_by_role("button", name="Gem som fil").click()
    expect(old.locator("[data-saved]")).to_contain_text("Ikke sendt i den: 0. Kladder: 1.")
    file = tmp_path / "mine.sidemand"
    saving.value.save_as(file)
    assert CANARY not in file.read_text()

    # The coordinator, who takes records in, learns that there is a draft and no more.
    coordinator = visit("administrator1", "/da/enheder/fil/")
    coordinator.get_by_label("Fil").set_input_files(file)
    coordinator.get_by_role("button", name="Tag filen ind").click()
    main = coordinator.get_by_role("main")
    expect(main).to_contain_text("Kladderne i den blev ikke sendt")
    expect(main).not_to_contain_text(CANARY)
    assert violations(coordinator) == []

    new = visit("mentor1", **PHONE)
    make_ready(new)
    bring(new, file)
    new.get_by_role("link", name="Vis, at det er mig").click()
    new.get_by_label("Adgangskode").fill(PASSWORD)
    new.get_by_role("button", name="Gå videre").click()
    new.wait_for_url("**/enhed/fil/")
    assert violations(new) == []
    bring(new, file)
    told = new.locator("[data-brought]")
    expect(told).to_contain_text("Kladder hentet herind: 1.")
    expect(told).to_be_focused()
    bring(new, file)  # again is harmless
    expect(told).to_contain_text("Filen har ingen kladde, som ikke allerede er her.")
    look(new)
    drafts = new.locator('[data-part="drafts"] > ul > li')
    expect(drafts).to_have_count(1)
    drafts.get_by_role("link", name="Skriv videre").click()
    expect(new.locator("#id_went_well")).to_have_value(CANARY)
    send(new)
    state(new).to_contain_text("Modtaget")
    assert (Session.objects.count(), latest().current.content["went_well"]) == (before + 1, CANARY)
    bring(new, file)  # what was sent from here since does not come back
    expect(told).to_contain_text("Filen har ingen kladde, som ikke allerede er her.")
    look(new)
    expect(drafts).to_have_count(0)
    # On the first device it was written on since: that is another text.
    old.goto("/da/enhed/")
    old.get_by_role("link", name="Skriv videre").click()
    expect(old.locator("#id_went_well")).to_have_value(CANARY)
    write_anew(old, f"{CANARY} og mere")
    old.goto("/da/enhed/fil/")
    with old.expect_download() as saving:
        old.get_by_role("button", name="Gem som fil").click()
    saving.value.save_as(file)
    bring(new, file)
    expect(told).to_contain_text("Kladder hentet herind: 1.")
    look(new)
    drafts.get_by_role("link", name="Skriv videre").click()
    send(new)
    state(new).to_contain_text("Kræver handling")  # two versions: one is chosen

    other = visit("mentor2", **PHONE)
    make_ready(other)
    bring(other, file)
    expect(other.locator(".error-summary")).to_contain_text("en enhed, der ikke er din")
    bring(other, Path(__file__))
    expect(other.locator(".error-summary")).to_contain_text("Vælg en fil fra en enhed")
    assert violations(other) == []
