"""Who may not send just now, or any more: nothing is lost, and each is told in its own words."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.periods import local_day
from mentoring.actions import confirm_sessions, erase_session
from mentoring.models import Session
from people.actions import close_account, reopen_account
from people.permissions import standing_on
from tests.browser.conftest import sign_in
from tests.browser.device.doing import (
    latest,
    log,
    look,
    open_log,
    send,
    state,
    wake,
    write,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]
SIGN_IN = "Log ind (åbner ved siden af denne side)"


def is_told(page: Page, heading: str) -> None:
    """Why nothing is sent; what waits is only waiting."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    state(page).to_have_text("Klar til at sende – venter på net")


def goes_on(page: Page, *, text: str) -> None:
    """By itself, once somebody has signed in: it arrives, and nothing is in the way any more."""
    wake(page)
    state(page).to_contain_text("Modtaget")
    expect(page.locator('[data-part="halted"]')).to_be_hidden()
    assert latest().current.content["went_well"] == text


def test_signed_out_by_time_or_by_another_password(
    mentor: Page, watch: Any, people: Any, demo_site: str
) -> None:
    watch.expect(401)
    before = Session.objects.count()
    open_log(mentor)
    write(mentor, "Tiden løb ud")
    mentor.context.clear_cookies(name="sessionid")
    send(mentor)
    is_told(mentor, "Du er logget ud")
    expect(mentor.get_by_role("link", name=SIGN_IN)).to_be_visible()
    sign_in(mentor.context, people("mentor1"), demo_site)
    goes_on(mentor, text="Tiden løb ud")

    open_log(mentor)
    write(mentor, "Adgangskoden blev skiftet")
    user = people("mentor1").user
    user.set_password("en helt anden adgangskode")
    user.save()
    send(mentor)
    is_told(mentor, "Du er logget ud")
    assert Session.objects.count() == before + 1
    # As somebody does it: beside the page, which is still there when they come back.
    with mentor.context.expect_page() as opened:
        mentor.get_by_role("link", name=SIGN_IN).click()
    beside = opened.value
    beside.get_by_label("E-mail").fill(people("mentor1").email)
    beside.get_by_label("Adgangskode").fill("en helt anden adgangskode")
    beside.get_by_role("button", name="Log ind", exact=True).click()
    beside.wait_for_url("**/da/start/")
    beside.close()
    goes_on(mentor, text="Adgangskoden blev skiftet")

    # The form that is being written in stays as it is, too.
    open_log(mentor)
    write(mentor, "Midt i en sætning")
    mentor.context.clear_cookies(name="sessionid")
    mentor.reload()
    expect(mentor.locator("#id_went_well")).to_have_value("Midt i en sætning")
    assert Session.objects.count() == before + 2


def test_an_account_that_was_closed_keeps_everything(
    mentor: Page, watch: Any, people: Any, demo_site: str
) -> None:
    watch.expect(401)
    before = Session.objects.count()
    open_log(mentor)
    write(mentor, "Skrevet, før kontoen blev lukket")
    now = timezone.now()
    administrator = standing_on(people("administrator1").user, local_day(now))
    close_account(people("mentor1"), administrator, at=now)
    send(mentor)

    is_told(mentor, "Din konto er lukket")
    expect(mentor.get_by_role("link", name=SIGN_IN)).to_be_hidden()
    look(mentor)
    row = mentor.locator('[data-part="waiting"] li')
    row.get_by_text("Læs den").click()
    expect(row).to_contain_text("Skrevet, før kontoen blev lukket")
    assert Session.objects.count() == before
    mentor.goto("/da/enhed/fil/")
    with mentor.expect_download() as saving:
        mentor.get_by_role("button", name="Gem som fil").click()
    assert len(json.loads(Path(saving.value.path()).read_text())["records"]) == 1

    reopen_account(people("mentor1"), administrator, at=timezone.now())
    sign_in(mentor.context, people("mentor1"), demo_site)
    look(mentor)
    expect(mentor.locator('[data-part="sent"]')).to_contain_text("Modtaget")
    assert Session.objects.count() == before + 1


def change_latest(page: Page, text: str) -> None:
    """Begin to change what was sent last."""
    look(page)
    page.locator('[data-part="sent"] > ul > li').first.get_by_role("button", name="Ret den").click()
    expect(page.get_by_role("heading", name="Ret en session")).to_be_visible()
    page.locator("#id_went_well").fill(text)


@pytest.mark.both
def test_what_the_server_takes_no_more_waits_with_its_reason_and_every_letter(
    mentor: Page, watch: Any, people: Any
) -> None:
    watch.expect(404, 409, 410, 422)  # with the stay ends what the form offers
    log(mentor, "Først")
    state(mentor).to_contain_text("Modtaget")
    session = latest()
    change_latest(mentor, "Alle bekræftede imens")
    for one in session.participants.filter(side="caseworker").select_related("person"):
        confirm_sessions(one.person, [session.current_id], at=timezone.now())
    send(mentor)
    state(mentor).to_have_text("Kræver handling: alle har bekræftet sessionen imens")
    expect(mentor.locator('[data-part="sent"]')).to_contain_text("ret den med en tilføjelse")

    log(mentor, "Så")
    state(mentor).to_contain_text("Modtaget")
    session = latest()
    change_latest(mentor, "Teksten blev slettet imens")
    reason = Session.EraseReason.MISTAKE
    erase_session(session, by=session.author, reason=reason, at=timezone.now())
    send(mentor)
    state(mentor).to_have_text("Kræver handling: sessionens tekst er slettet på serveren")

    open_log(mentor)
    write(mentor, "Efter mit ophold")
    ended_on = local_day(timezone.now()) - timedelta(days=1)
    people("mentor1").memberships.update(ends_on=ended_on)
    people("mentor1").roles.update(ends_on=ended_on)
    send(mentor)
    state(mentor).to_contain_text("Kræver handling: dit ophold er slut")

    look(mentor)
    rows = mentor.locator('[data-part="attention"] > ul > li')
    expect(rows).to_have_count(3)
    for row in rows.all():
        row.get_by_text("Læs den").click()
    for text in ("Alle bekræftede imens", "Teksten blev slettet imens", "Efter mit ophold"):
        expect(mentor.locator('[data-part="attention"]')).to_contain_text(text)
