"""What was written during a stay, and is finished, read or put right once it has ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.periods import local_day
from mentoring.models import Pairing, PairingMember
from people.models import Person
from tests.browser.device.doing import (
    TEXT,
    latest,
    log,
    look,
    open_log,
    send,
    state,
    write,
)
from tests.factories.mentoring import make_pairing, people_of

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]


def put_aside(mentor: Person) -> list[Pairing]:
    """The trainings of a mentor end today, and another one begins; those that have ended."""
    today = local_day(timezone.now())
    stays = PairingMember.objects.of(mentor, on=today).filter(side="mentor")
    ended = [stay.pairing for stay in stays.select_related("pairing__place")]
    stays.update(ends_on=today)
    other = make_pairing(place=ended[0].place)
    other.members.create(person=mentor, side="mentor", starts_on=today)
    return ended


def test_a_draft_of_a_training_that_has_ended_is_sent_to_that_training(
    mentor: Page, people: Any
) -> None:
    today = local_day(timezone.now())
    open_log(mentor)
    mentor.locator("#id_held_on").fill(str(today - timedelta(days=1)))
    write(mentor, TEXT)
    draft = mentor.url
    names = mentor.locator("#id_participants label").all_inner_texts()
    ended = put_aside(people("mentor1"))
    look(mentor)  # brings the kit of today
    mentor.wait_for_timeout(1000)

    open_log(mentor, draft)
    expect(mentor.locator("#id_went_well")).to_have_value(TEXT)
    assert mentor.locator("#id_participants label").all_inner_texts() == names != []
    send(mentor)

    state(mentor).to_contain_text("Modtaget")
    session = latest()
    assert session.pairing in ended
    colleagues = {str(one.pk) for one in people_of(session.pairing, "caseworker")}
    assert colleagues & set(session.current.content["participants"])


def test_what_was_written_during_a_stay_is_read_and_put_right_after_it(
    mentor: Page, people: Any
) -> None:
    """The server names nobody of it any more; what lies here remembers whom one met."""
    open_log(mentor)
    mentor.locator("#id_held_on").fill(str(local_day(timezone.now()) - timedelta(days=1)))
    write(mentor, TEXT)
    send(mentor)
    state(mentor).to_contain_text("Modtaget")
    met = people_of(latest().pairing, "caseworker")[0].name
    put_aside(people("mentor1"))
    look(mentor)  # brings the kit of today
    mentor.wait_for_timeout(1000)
    look(mentor)

    row = mentor.locator('[data-part="sent"] > ul > li').first
    row.get_by_text("Læs den").click()
    expect(row.locator("dl")).to_contain_text(met)
    row.get_by_role("button", name="Ret den").click()
    expect(mentor.get_by_role("heading", name="Ret en session")).to_be_visible()
    expect(mentor.locator(f'#id_participants label:has-text("{met}") input')).to_be_checked()
    mentor.locator("#id_went_well").fill("Rettet efter opholdet")
    send(mentor)
    state(mentor).to_contain_text("Modtaget")
    assert latest().versions.filter(content__went_well="Rettet efter opholdet").exists()


#: Takes away what the device knows, and lays a draft beside the others that nobody can open.
NO_KIT = """() => new Promise((resolve) => {
    const asked = indexedDB.open("sidemand");
    asked.onsuccess = () => {
        const { result } = asked;
        const all = result.transaction(["kits", "drafts", "meta"], "readwrite");
        all.objectStore("kits").clear();
        all.objectStore("meta").get("owner").onsuccess = ({ target }) => {
            const owner = target.result.value;
            const row = { id: "1", owner, kind: "session", version: 1, changed_at: 1, size: 60 };
            all.objectStore("drafts").put({ ...row, deleted_at: null, sealed: new Uint8Array(60) });
        };
        all.oncomplete = () => { result.close(); resolve(); };
    };
})"""


def test_what_waits_is_read_also_where_the_device_knows_no_training(
    mentor: Page, watch: Any
) -> None:
    watch.expect_no_net()
    mentor.context.set_offline(True)
    log(mentor, TEXT)
    state(mentor).to_have_text("Klar til at sende – venter på net")
    mentor.evaluate(NO_KIT)
    look(mentor)

    row = mentor.locator('[data-part="waiting"] > ul > li')
    row.get_by_text("Læs den").click()
    expect(row).to_contain_text("Kvitteringen, æøå ĸ 🐋 <b>fed</b>")
    expect(row).to_contain_text("Hvad gik godt")
    expect(mentor.locator('[data-part="drafts"]')).to_contain_text("Noget, der ikke kan åbnes")
