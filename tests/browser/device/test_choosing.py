"""Two versions of one session: both are shown, and one chooses, with net and without."""

import uuid
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mentoring.actions import SessionConflict, log_session
from mentoring.models import SessionVersion
from tests.browser.device.doing import (
    MINE,
    THEIRS,
    latest,
    log,
    look,
    send,
    somebody_elses,
    state,
)
from tests.factories.mentoring import add_version

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]


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
