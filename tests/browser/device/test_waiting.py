"""Confirming, thinking about, doing and following up where there is no net: each arrives once."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from core.languages import human_date
from devices.models import Record
from mentoring.actions import set_done
from mentoring.models import (
    Agreement,
    Confirmation,
    FollowUp,
    FollowUpMove,
    Pairing,
    Reflection,
)
from people.models import Person
from tests.axe import violations
from tests.browser.conftest import PATIENCE, sign_in
from tests.browser.device.doing import KITS_OF_YESTERDAY, make_ready
from tests.browser.rope import Rope
from tests.browser.waiting import until_worker, wait_for
from tests.factories.mentoring import caseworker_of, make_pairing, make_person, send
from tests.mentoring.handover.doing import confirmed, today
from tests.mentoring.handover.doing import sent as hand_over

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
CONFIRM, HANDOVERS = "/da/enhed/bekraeft/", "/da/enhed/overdragelser/"
WORKS, TEAM = "Skabelonen virker.", "Hold fast i den ugentlige gennemgang."


@pytest.fixture
def pairing(base: None, live_server: Any, key_file: Path, settings: Any) -> Pairing:
    settings.SIDEMAND_DEVICE_KEY_FILE = str(key_file)
    made = make_pairing()
    made.members.filter(side="mentor").update(ends_on=today() + timedelta(days=10))
    return made


Away = Callable[[Person, str], tuple[Page, Rope]]


@pytest.fixture
def away(pairing: Pairing, live_server: Any, browser: Browser) -> Iterator[Away]:
    """A page of somebody's device that was opened once with net, which is gone since."""
    with Rope(int(urlsplit(live_server.url).port or 0)) as link:
        context = browser.new_context(base_url=link.address, locale="da-DK")
        context.set_default_timeout(PATIENCE)

        def start(person: Person, address: str) -> tuple[Page, Rope]:
            sign_in(context, person, link.address)
            page = context.new_page()
            make_ready(page)
            until_worker(page)
            page.goto(address)
            expect(page.locator("[data-slot=body] h2").first).to_be_visible()
            link.down = True
            link.cut()
            page.goto(address)  # from the device alone
            return page, link

        yield start
        context.close()


def home_again(page: Page, link: Rope, address: str, many: int) -> None:
    """With net what was done arrives; a second look sends nothing more."""
    assert not Record.objects.exists()
    link.down = False
    page.goto(address)
    wait_for(page, lambda: Record.objects.count() == many)
    page.reload()
    page.wait_for_timeout(1500)
    assert Record.objects.count() == many


def waits(page: Page, number: int) -> None:
    """So many things on the page are ready to be sent."""
    expect(page.get_by_text("Klar til at sende")).to_have_count(number)


def times_kept(page: Page) -> int:
    """How often the drafts of this device were written down."""
    versions: list[int] = page.evaluate(
        """async () => {
            const opening = indexedDB.open("sidemand");
            await new Promise((done) => { opening.onsuccess = done; });
            const asked = opening.result.transaction("drafts").objectStore("drafts").getAll();
            await new Promise((done) => { asked.onsuccess = done; });
            opening.result.close();
            return asked.result.map((row) => row.version);
        }"""
    )
    return sum(versions)


@pytest.mark.both
def test_what_is_confirmed_done_and_thought_without_net_arrives_once(
    pairing: Pairing, away: Away
) -> None:
    colleague = caseworker_of(pairing)
    session = send(
        pairing,
        at=timezone.now(),
        held_on=str(today()),
        went_well=WORKS,
        next_step="Brevet på kl",
        next_owner=str(colleague.pk),
        next_by=str(today()),
    )
    page, link = away(colleague, CONFIRM)
    expect(page.get_by_text(WORKS)).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="Bekræft", exact=True).click()
    waits(page, 1)
    page.get_by_role("button", name="Markér som gjort").click()
    waits(page, 2)
    page.locator("details.more summary").last.click()
    page.get_by_label("Hvad tager du med dig?").fill("Tolken hjalp.")
    page.get_by_role("button", name="Gem", exact=True).click()
    waits(page, 3)
    page.reload()  # also in the next start it waits, and is not asked for again
    waits(page, 3)
    expect(page.get_by_role("button", name="Bekræft", exact=True)).to_have_count(0)
    home_again(page, link, CONFIRM, 3)

    assert Confirmation.objects.get(person=colleague).version_id == session.current_id
    assert Agreement.objects.get().done_by == colleague
    assert Reflection.objects.get(person=colleague).text == "Tolken hjalp."


def test_what_could_tell_a_family_is_marked_with_neutral_words(
    pairing: Pairing, away: Away
) -> None:
    colleague = caseworker_of(pairing)
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, next_step="")
    page, link = away(colleague, CONFIRM)
    page.locator("details.more summary").last.click()
    page.get_by_label("Hvad tager du med dig?").fill("Pigen er 9 år og rolig.")
    page.get_by_role("button", name="Gem", exact=True).click()
    waits(page, 1)

    link.down = False
    page.goto(CONFIRM)
    passage = page.locator("li:has(mark)")
    expect(passage).to_have_text(
        "…Pigen er 9 år og rolig.… (en alder)Skriv i stedet: “et mindre barn”, “et skolebarn”"
    )
    expect(passage.locator("mark")).to_have_text("9 år")
    assert violations(page) == []
    page.get_by_role("button", name="Gem, som det er").click()
    wait_for(page, lambda: Record.objects.count() == 1)
    assert Reflection.objects.get(person=colleague).text == "Pigen er 9 år og rolig."


def test_a_text_that_is_too_long_is_refused_whole(pairing: Pairing, away: Away) -> None:
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, next_step="")
    page, _link = away(caseworker_of(pairing), CONFIRM)
    page.locator("details.more summary").last.click()
    field = page.get_by_label("Hvad tager du med dig?")
    pasted = "🐋" * 500 + " til"
    field.fill(pasted)

    page.get_by_role("button", name="Gem", exact=True).click()

    expect(page.get_by_text("Kort teksten af med 4 tegn; der er plads").first).to_be_visible()
    expect(field).to_have_value(pasted)
    waits(page, 0)
    field.fill("🐋" * 500)
    page.get_by_role("button", name="Gem", exact=True).dblclick()
    waits(page, 1)


def test_what_is_typed_is_kept_whatever_else_happens_on_the_page(
    pairing: Pairing, away: Away
) -> None:
    colleague = caseworker_of(pairing)
    for text in (WORKS, TEAM):
        send(pairing, at=timezone.now(), held_on=str(today()), went_well=text, next_step="")
    page, link = away(colleague, CONFIRM)
    page.locator("details.more summary").last.click()
    field = page.get_by_label("Hvad tager du med dig?").last
    field.fill("Tolken hjalp.")
    page.get_by_role("button", name="Bekræft", exact=True).first.click()
    waits(page, 1)  # drawn anew
    expect(field).to_be_visible()
    expect(field).to_have_value("Tolken hjalp.")
    expect(page.get_by_text("Gemt på denne enhed").last).to_be_visible()
    before = times_kept(page)
    field.fill("Tolken hjalp, og vi ventede.")
    wait_for(page, lambda: times_kept(page) > before)
    page.reload()
    expect(field).to_be_visible()
    expect(field).to_have_value("Tolken hjalp, og vi ventede.")

    page.goto("/da/enhed/")
    draft = page.locator('[data-part="drafts"] > ul > li')
    draft.get_by_text("Læs den").click()
    expect(draft).to_contain_text("Tolken hjalp, og vi ventede.")
    draft.locator('[data-action="open"]').click()
    page.get_by_role("button", name="Gem", exact=True).last.click()
    waits(page, 2)
    page.goto("/da/enhed/")
    expect(page.locator('[data-part="waiting"] > ul > li')).to_have_count(2)
    expect(draft).to_have_count(0)
    home_again(page, link, CONFIRM, 2)

    assert Reflection.objects.get(person=colleague).text == "Tolken hjalp, og vi ventede."


def test_a_dossier_is_read_and_followed_up_without_net(pairing: Pairing, away: Away) -> None:
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, next_step="")
    receiver = make_person("travelling", scope="municipality", place=pairing.place)
    handover = confirmed(pairing, receiver)
    first, second, _third = FollowUp.objects.filter(handover=handover).order_by("months")
    page, link = away(receiver, HANDOVERS)
    page.locator("details.more summary").filter(has_text=pairing.place.name).click()
    for text in (WORKS, TEAM):
        expect(page.get_by_text(text)).to_be_visible()
    assert violations(page) == []

    boxes = page.locator("section.box")
    boxes.nth(0).get_by_role("button", name="Det er gjort").click()
    expect(page.locator(".error-summary")).to_be_focused()  # it asks for a line
    boxes.nth(0).get_by_label("Hvordan går det?").fill("Godt, siger lederen.")
    boxes.nth(0).get_by_role("button", name="Det er gjort").click()
    waits(page, 1)
    later = second.due_on + timedelta(days=7)
    boxes.nth(1).locator("summary").click()
    boxes.nth(1).get_by_label("Ny dag").fill(str(later))
    boxes.nth(1).get_by_label("Hvorfor?").fill("Isen.")
    boxes.nth(1).get_by_role("button", name="Flyt den", exact=True).click()
    waits(page, 2)
    home_again(page, link, HANDOVERS, 2)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.done_by, first.note) == (receiver, "Godt, siger lederen.")
    assert second.due_on == later


def test_a_follow_up_that_was_moved_from_here_is_moved_and_done_again(
    pairing: Pairing, away: Away
) -> None:
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, next_step="")
    receiver = make_person("travelling", scope="municipality", place=pairing.place)
    first = FollowUp.objects.filter(handover=confirmed(pairing, receiver)).earliest("months")
    page, link = away(receiver, HANDOVERS)
    box = page.locator("section.box").first

    def move(day: date, many: int) -> None:
        box.locator("summary").click()
        box.get_by_label("Ny dag").fill(str(day))
        box.get_by_label("Hvorfor?").fill("Isen.")
        box.get_by_role("button", name="Flyt den", exact=True).click()
        wait_for(page, lambda: FollowUpMove.objects.count() == many)

    link.down = False
    move(first.due_on + timedelta(days=7), 1)
    expect(box.get_by_label("Hvordan går det?")).to_be_visible()
    expect(box).to_contain_text(human_date(first.due_on + timedelta(days=7)))
    move(first.due_on + timedelta(days=14), 2)
    expect(box).to_contain_text(human_date(first.due_on + timedelta(days=14)))
    box.get_by_label("Hvordan går det?").fill("Godt.")
    box.get_by_role("button", name="Det er gjort").click()
    wait_for(page, lambda: FollowUp.objects.get(pk=first.pk).note == "Godt.")
    expect(page.locator('[data-slot="body"]')).not_to_contain_text("Godt.")


def test_an_agreement_that_is_open_again_can_be_done_here_again(
    pairing: Pairing, away: Away
) -> None:
    colleague = caseworker_of(pairing)
    made = {"next_step": "Brevet på kl", "next_owner": str(colleague.pk), "next_by": str(today())}
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, **made)
    page, link = away(colleague, CONFIRM)
    done = page.get_by_role("button", name="Markér som gjort")
    link.down = False
    done.click()
    wait_for(page, lambda: Agreement.objects.get().done_on is not None)
    expect(done).to_have_count(0)

    set_done(Agreement.objects.get(), colleague, done=False, on=today())
    page.goto(CONFIRM)
    done.click()
    wait_for(page, lambda: Agreement.objects.get().done_on is not None)
    assert Record.objects.count() == 2


def test_what_was_refused_and_thrown_away_is_confirmed_anew(pairing: Pairing, away: Away) -> None:
    colleague = caseworker_of(pairing)
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, next_step="")
    page, link = away(colleague, CONFIRM)
    confirm = page.get_by_role("button", name="Bekræft", exact=True)
    refusal = {"status": 422, "content_type": "application/json", "body": '{"error": "invalid"}'}
    page.context.route("**/api/v1/records/*", lambda route: route.fulfill(**refusal))
    link.down = False
    confirm.click()
    expect(page.get_by_text("Noget mangler eller er for langt")).to_be_visible()
    expect(confirm).to_be_visible()  # its author may try again at once

    page.goto("/da/enhed/")
    page.locator('[data-part="attention"] [data-action="remove"]').click()
    page.context.unroute("**/api/v1/records/*")
    page.goto(CONFIRM)
    expect(page.get_by_text("Noget mangler eller er for langt")).to_have_count(0)
    confirm.click()
    wait_for(page, lambda: Confirmation.objects.filter(person=colleague).exists())


def test_a_press_that_cannot_be_kept_says_so(pairing: Pairing, away: Away) -> None:
    colleague = caseworker_of(pairing)
    made = {"next_step": "Brevet på kl", "next_owner": str(colleague.pk), "next_by": str(today())}
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, **made)
    page, _link = away(colleague, CONFIRM)
    page.evaluate(
        """() => { IDBObjectStore.prototype.put = () => {
            throw new DOMException("", "QuotaExceededError");
        }; }"""
    )
    said = page.get_by_text("Der er ikke mere plads på enheden")
    for number, name in enumerate(("Bekræft", "Markér som gjort"), start=1):
        page.locator("[data-slot=body]").get_by_role("button", name=name).first.click()
        expect(said).to_have_count(number)
    assert violations(page) == []
    waits(page, 0)


def test_a_dossier_goes_from_the_device_of_who_has_the_role_no_more(
    pairing: Pairing, away: Away
) -> None:
    send(pairing, at=timezone.now(), held_on=str(today()), went_well=WORKS, next_step="")
    receiver = make_person("travelling", scope="municipality", place=pairing.place)
    hand_over(pairing, receiver)
    page, link = away(receiver, HANDOVERS)
    town = page.locator("details.more summary").filter(has_text=pairing.place.name)
    expect(town).to_be_visible()
    receiver.roles.update(ends_on=today())
    page.evaluate(KITS_OF_YESTERDAY)

    link.down = False
    page.goto(HANDOVERS)
    expect(page.locator('[data-slot="empty"]')).to_be_visible()
    expect(town).to_have_count(0)

    link.down = True
    link.cut()
    page.goto(HANDOVERS)
    expect(page.locator('[data-slot="empty"]')).to_be_visible()
    expect(town).to_have_count(0)
