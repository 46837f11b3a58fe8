"""What the server points out is marked on the device; one press puts neutral words there."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mentoring.models import Session
from tests.axe import violations
from tests.browser.device.doing import PHONE, latest, log, look, make_ready, send, state

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]


def test_a_passage_is_reworded_by_one_press(visit: Callable[..., Page], watch: Any) -> None:
    watch.expect(422)
    page = visit("mentor1", **PHONE)
    make_ready(page)
    before = Session.objects.count()
    log(page, "Storebror er 17 år, og den lille er 7 år.")
    state(page).to_contain_text("Kræver handling")
    look(page)
    page.get_by_role("button", name="Ret den").click()
    passages = page.locator('[data-slot="passages"] li')
    expect(passages).to_have_count(2)
    assert passages.locator("mark").all_inner_texts() == ["17 år", "7 år"]
    assert violations(page) == []
    text = page.locator("#id_went_well")

    passages.nth(1).get_by_role("button", name="Brug “et mindre barn”").click()
    expect(text).to_have_value("Storebror er 17 år, og den lille er et mindre barn.")
    expect(text).to_be_focused()
    passages.nth(0).get_by_role("button", name="Brug “et skolebarn”").click()
    reworded = "Storebror er et skolebarn, og den lille er et mindre barn."
    expect(text).to_have_value(reworded)
    # Pressed once too often: what is no longer there is not replaced.
    passages.nth(0).get_by_role("button", name="Brug “et skolebarn”").click()
    expect(text).to_have_value(reworded)

    send(page)
    state(page).to_contain_text("Modtaget")
    assert latest().current.content["went_well"] == reworded
    assert Session.objects.count() == before + 1
