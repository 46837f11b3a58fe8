"""A mentor without net, on the site itself: what is written is kept, and arrives once and whole."""

import re
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from core.periods import local_day
from devices.models import Device
from mentoring.actions import SessionConflict, log_session
from mentoring.models import Pairing, PairingMember, Session, SessionVersion
from people.models import Person
from tests.axe import violations
from tests.browser.device.doing import (
    MINE,
    TEXT,
    THEIRS,
    is_kept,
    latest,
    log,
    look,
    open_log,
    send,
    somebody_elses,
    state,
    write,
)
from tests.factories.mentoring import add_version, make_pairing, people_of

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


OUTCOMES = [
    ("mine", MINE, 90),
    ("theirs", THEIRS, 30),
    ("both", f"{MINE}\n\n{THEIRS}", 30),
    ("each", THEIRS, 90),
]


def in_conflict(page: Page, begun: str) -> SessionVersion:
    """Two versions of a session, and the page on which one chooses; the other's version."""
    log(page, begun)
    state(page).to_contain_text("Modtaget")
    session = latest()
    look(page)
    newest = page.locator('[data-part="sent"] > ul > li').first
    newest.get_by_role("button", name="Ret den").click()
    expect(page.get_by_role("heading", name="Ret en session")).to_be_visible()
    page.locator("#id_went_well").fill(MINE)
    theirs = somebody_elses(session, THEIRS)
    send(page)
    state(page).to_have_text("Kræver handling: der er to udgaver")
    look(page)
    choose = page.get_by_role("link", name="Se begge, og vælg")
    expect(choose).to_have_count(1)  # what was chosen before may be told of until the kit is new
    choose.click()
    return theirs


@pytest.mark.both
def test_two_versions_are_both_shown_and_one_chooses(mentor: Page, watch: Any) -> None:
    watch.expect(409)
    for number, (outcome, text, minutes) in enumerate(OUTCOMES, start=1):
        theirs = in_conflict(mentor, f"Begyndt {number}")
        differing = mentor.locator('[data-part="differing"]')
        for one in (MINE, THEIRS):
            expect(differing).to_contain_text(one)
        mentor.locator(f"#outcome-{outcome}").check()
        if outcome == "each":
            mentor.locator("#of-went_well-theirs").check()
        mentor.get_by_role("button", name="Send det, der skal gælde").click()
        expect(mentor.get_by_text("Dit valg er gemt")).to_be_visible()
        look(mentor)
        expect(mentor.locator('[data-part="attention"] li')).to_have_count(0)
        expect(mentor.locator('[data-part="waiting"] li')).to_have_count(0)

        session = latest()
        content = session.current.content
        assert (content["went_well"], content["minutes"]) == (text, minutes)
        assert not SessionVersion.objects.unsettled().filter(session=session).exists()
        texts = set(session.versions.values_list("content__went_well", flat=True))
        assert texts >= {MINE, THEIRS, f"Begyndt {number}"}  # each stays readable
        assert theirs in session.versions.all()


def test_what_holds_by_now_is_chosen_about_and_what_was_typed_of_the_version_before_stays(
    mentor: Page, watch: Any
) -> None:
    watch.expect(409)
    in_conflict(mentor, "Begyndt")
    mentor.locator("#outcome-both").check()
    area = mentor.locator('[name="went_well"]')
    area.fill("Samlet af de to første")
    mentor.wait_for_timeout(1000)
    somebody_elses(latest(), "Den andens nyere tekst")
    look(mentor)
    expect(mentor.locator('[data-part="drafts"]')).to_contain_text("Samlet af de to første")
    mentor.wait_for_load_state("networkidle")  # the kit has come

    mentor.get_by_role("link", name="Se begge, og vælg").click()

    differing = mentor.locator('[data-part="differing"]')
    expect(differing).to_contain_text("Den andens nyere tekst")
    expect(differing).not_to_contain_text(THEIRS)
    mentor.locator("#outcome-both").check()
    expect(area).to_have_value(f"{MINE}\n\nDen andens nyere tekst")
    mentor.get_by_role("button", name="Send det, der skal gælde").click()
    expect(mentor.get_by_text("Dit valg er gemt")).to_be_visible()
    look(mentor)
    expect(mentor.locator('[data-part="attention"] > ul > li')).to_have_count(0)
    assert not SessionVersion.objects.unsettled().exists()
    expect(mentor.locator('[data-part="drafts"]')).to_contain_text("Samlet af de to første")


#: One tab sends at a time.
HOLD_THE_QUEUE = """() => {
    navigator.locks.request("sidemand-queue", () => new Promise(() => {}));
}"""


def test_a_choice_that_is_taken_back_is_gone_on_with_and_not_made_twice(
    mentor: Page, watch: Any
) -> None:
    watch.expect(409)
    in_conflict(mentor, "Begyndt")
    asked = mentor.url
    busy = mentor.context.new_page()  # another tab is sending: what is chosen here waits untried
    busy.goto("/da/enhed/")
    busy.evaluate(HOLD_THE_QUEUE)
    mentor.get_by_role("button", name="Send det, der skal gælde").click()
    expect(mentor.get_by_text("Dit valg er gemt")).to_be_visible()
    look(mentor)
    mentor.locator('[data-part="waiting"]').get_by_role("button", name="Ret den").click()
    expect(mentor.locator("#id_went_well")).to_have_value(MINE)

    look(mentor)
    attention = mentor.locator('[data-part="attention"] > ul > li')
    expect(attention).to_have_count(1)
    expect(attention.get_by_role("link", name="Se begge, og vælg")).to_have_count(0)
    attention.get_by_role("link").click()
    expect(mentor.locator("#id_went_well")).to_have_value(MINE)
    mentor.goto(asked)  # by the back button: it is a draft, and no choice that is sent
    expect(mentor.locator("#id_went_well")).to_have_value(MINE)
    busy.close()
    send(mentor)
    state(mentor).to_contain_text("Modtaget")
    look(mentor)
    expect(attention).to_have_count(0)
    assert not SessionVersion.objects.unsettled().exists()


def test_a_third_version_is_shown_once_the_own_one_was_settled_elsewhere(
    mentor: Page, watch: Any
) -> None:
    watch.expect(409)
    in_conflict(mentor, "Begyndt")
    session = latest()
    mine = SessionVersion.objects.unsettled().get(session=session)
    third = add_version(session, went_well="Den tredje")
    # Chosen elsewhere, where nobody knows of the third.
    add_version(session, parent=session.current, joins=mine, went_well="Valgt")
    assert SessionVersion.objects.unsettled().get(session=session) == third

    look(mentor)

    rows = mentor.locator('[data-part="attention"] > ul > li')
    expect(rows).to_have_count(1)
    expect(mentor.locator(f'[data-row="beside-{third.pk}"]')).to_be_visible()
    expect(rows.get_by_role("link", name="Se begge, og vælg")).to_be_visible()


def test_what_was_chosen_without_net_is_not_asked_again(mentor: Page, watch: Any) -> None:
    watch.expect(409)
    watch.expect_no_net()
    log(mentor, "Begyndt")
    state(mentor).to_contain_text("Modtaget")
    session = latest()
    current = session.current
    assert current is not None
    theirs = somebody_elses(session, THEIRS)
    # A version of the mentor's own, sent from another place, came later.
    with pytest.raises(SessionConflict):
        log_session(
            session.author,
            session.pairing,
            session_id=session.pk,
            version_id=uuid.uuid4(),
            parent_id=current.pk,
            content=current.content | {"went_well": MINE},
            at=timezone.now(),
        )
    look(mentor)
    choose = mentor.get_by_role("link", name="Se begge, og vælg")
    expect(choose).to_have_count(1)
    mentor.context.set_offline(True)
    choose.click()
    asked = mentor.url
    press = mentor.get_by_role("button", name="Send det, der skal gælde")
    press.click()
    expect(mentor.get_by_text("Dit valg er gemt")).to_be_visible()

    look(mentor)
    expect(mentor.locator('[data-part="waiting"] > ul > li')).to_have_count(1)
    expect(choose).to_have_count(0)
    mentor.goto(asked)
    expect(mentor.get_by_text("Dit valg er gemt")).to_be_visible()
    expect(press).to_be_hidden()

    mentor.context.set_offline(False)
    look(mentor)
    expect(mentor.locator('[data-part="waiting"] > ul > li')).to_have_count(0)
    expect(mentor.locator('[data-part="attention"] > ul > li')).to_have_count(0)
    assert not SessionVersion.objects.unsettled().filter(session=session).exists()
    assert session.versions.filter(joins__isnull=False).count() == 1
    assert theirs in session.versions.all()


def test_what_is_typed_while_choosing_is_kept(mentor: Page, watch: Any) -> None:
    """Whatever is chosen meanwhile, and when the page is left or locked."""
    watch.expect(409)
    in_conflict(mentor, "Begyndt")
    area = mentor.locator("#conflict #id_went_well")
    mentor.locator("#outcome-both").check()
    expect(area).to_have_value(f"{MINE}\n\n{THEIRS}")
    area.fill("Samlet af begge")
    mentor.locator("#outcome-mine").check()
    mentor.locator("#outcome-both").check()
    expect(area).to_have_value("Samlet af begge")
    mentor.wait_for_timeout(1000)
    mentor.reload()
    expect(mentor.locator("#outcome-both")).to_be_checked()
    expect(area).to_have_value("Samlet af begge")

    mentor.get_by_role("button", name="Send det, der skal gælde").click()
    expect(mentor.get_by_text("Dit valg er gemt")).to_be_visible()
    look(mentor)
    expect(mentor.locator('[data-part="drafts"] li')).to_have_count(0)
    expect(mentor.locator('[data-part="waiting"] li')).to_have_count(0)
    assert latest().current.content["went_well"] == "Samlet af begge"


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
