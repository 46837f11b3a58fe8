"""A session's way: logged by the mentor, confirmed by the trainee, then locked for good."""

import re

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from competences.models import Topic
from core.periods import local_day
from demo.content import demo_id
from demo.people import PASSWORD
from mentoring.actions import SessionRefused, log_session
from mentoring.models import Kept, Mode, Session, SessionVersion

pytestmark = pytest.mark.browser

TYPED = "Øvede kvitteringsbrevet på et opdigtet eksempel. ĸ 🙂"
NEXT = "Skriv det næste alene, og læs det sammen."
MOST_INPUTS = 6


class Hand:
    """Counts what a mentor touches beside the text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inputs = 0

    def tick(self, field: str, value: str) -> None:
        """Choose this value of a field and no other, as far as it is not chosen yet."""
        choices = self.page.locator(f'input[name="{field}"]')
        choices.first.wait_for(state="attached")  # the form may be on its way; all() never waits
        for choice in choices.all():
            is_meant = choice.get_attribute("value") == value
            if choice.is_checked() != is_meant and (
                is_meant or choice.get_attribute("type") == "checkbox"
            ):
                choice.set_checked(is_meant)
                self.inputs += 1

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.inputs += 1


def fill_session(page: Page) -> Hand:
    """Everything a session needs: who, what and how, and two texts; the rest is filled in."""
    hand = Hand(page)
    hand.tick("participants", str(demo_id("person", "sagsbehandler1")))
    hand.tick("topics", Topic.objects.offered(on=local_day(timezone.now())).first().key)
    hand.tick("mode", Mode.BESIDE)
    page.get_by_label("Hvad gik godt?").fill(TYPED)
    page.get_by_label("Næste skridt").fill(NEXT)
    return hand


def test_logging_takes_six_inputs_and_confirming_one_tap(visit, people):
    mentor, trainee = people("mentor1"), people("sagsbehandler1")
    page = visit(None, "/da/konto/log-ind/")
    page.get_by_label("E-mail").fill(mentor.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url("**/da/start/")
    page.get_by_role("link", name="Log en session").click()
    hand = fill_session(page)
    hand.press("Send session")

    page.wait_for_url("**/kvittering/**")
    assert hand.inputs <= MOST_INPUTS
    session = Session.objects.latest("received_at")
    expect(page.get_by_role("heading", level=1)).to_contain_text("modtaget")
    expect(page.get_by_role("main")).to_contain_text("Sagsbehandler Demo 1")
    assert session.current.content["went_well"] == TYPED
    assert session.is_open

    other = visit("sagsbehandler1", "/da/start/")
    waiting = other.locator(f'button[name="version"][value="{session.current_id}"]')
    waiting.click()
    other.wait_for_url("**/bekraeftet/**")
    session.refresh_from_db()
    assert session.locked_at is not None
    assert [one.person for one in session.current.confirmations.all()] == [trainee]
    expect(other.get_by_role("main")).to_contain_text("låst")
    other.goto("/da/start/")
    expect(other.locator(f'button[value="{session.current_id}"]')).to_have_count(0)

    refused_by_the_page(page, session)
    refused_by_the_model(session, mentor)
    refused_by_the_database(session)


def refused_by_the_page(page: Page, session: Session) -> None:
    """Nothing leads to the form any more, and its address says why."""
    page.goto(session.get_absolute_url())
    expect(page.get_by_role("link", name="Ret sessionen")).to_have_count(0)
    page.goto(f"/da/sidemand/sessioner/{session.pk}/ret/")
    expect(page.get_by_text("Alle har bekræftet sessionen. Den kan ikke ændres.")).to_be_visible()
    expect(page.get_by_role("button", name="Send ny version")).to_have_count(0)


def refused_by_the_model(session: Session, mentor: object) -> None:
    """The action refuses, and so does a row that is saved behind its back."""
    content = session.current.content | {"went_well": "Noget andet."}
    with pytest.raises(SessionRefused) as refusal:
        log_session(
            mentor,
            session.pairing,
            session_id=session.pk,
            version_id="7b1c3c0e-7f1e-4d2b-9d58-6f0a5d3f5a11",
            parent_id=session.current_id,
            content=content,
            at=timezone.now(),
        )
    assert refusal.value.code == "locked"
    version = SessionVersion.objects.get(pk=session.current_id)
    version.content = content
    with pytest.raises(Kept):
        version.save()


def refused_by_the_database(session: Session) -> None:
    """Whoever writes SQL is refused as well."""
    quoted = connection.ops.quote_name
    keys = {"session": session.pk, "version": session.current_id}
    for statement, key in [
        ("UPDATE mentoring_session SET minutes = 10 WHERE id = %s", "session"),
        ("UPDATE mentoring_session SET locked_at = NULL WHERE id = %s", "session"),
        ("DELETE FROM mentoring_session WHERE id = %s", "session"),
        (f"UPDATE mentoring_sessionversion SET {quoted('number')} = 9 WHERE id = %s", "version"),
        ("DELETE FROM mentoring_sessionversion WHERE id = %s", "version"),
        ("DELETE FROM mentoring_confirmation WHERE version_id = %s", "version"),
    ]:
        value = keys[key] if connection.vendor == "postgresql" else keys[key].hex
        with pytest.raises(Error):
            execute(statement, value)


def execute(statement: str, value: object) -> None:
    """Run one statement that names one row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [value])
        pytest.fail(f"{cursor.rowcount} rows accepted: {statement}")


@pytest.fixture
def written(visit) -> Page:
    """A half-filled session of a mentor."""
    page = visit("mentor1", "/da/sidemand/sessioner/ny/")
    fill_session(page)
    page.get_by_label("Hvor mange minutter?").fill("75")
    return page


def expect_written(page: Page) -> None:
    """Nothing of it is lost."""
    expect(page.locator("[name=went_well]")).to_have_value(TYPED)
    expect(page.locator("[name=next_step]")).to_have_value(NEXT)
    expect(page.locator("[name=minutes]")).to_have_value("75")
    expect(page.get_by_label("Sagsbehandler Demo 1", exact=True)).to_be_checked()
    expect(page.locator("[name=topics]").first).to_be_checked()
    expect(page.locator("[name=mode]").nth(1)).to_be_checked()


def test_switching_language_keeps_a_half_filled_session(written):
    session = written.locator("main [name=session]").input_value()
    written.get_by_role("button", name="Kalaallisut").click()
    written.wait_for_url("**/kl/**")
    expect_written(written)
    written.get_by_role("button", name="Dansk").click()
    written.wait_for_url("**/da/**")
    expect_written(written)
    assert not Session.objects.filter(pk=session).exists()

    written.get_by_role("button", name="Send session").click()
    written.wait_for_url("**/kvittering/**")
    assert Session.objects.latest("received_at").minutes == 75


def test_without_javascript_the_switch_asks_before_text_is_lost(visit):
    page = visit("mentor1", "/da/sidemand/sessioner/ny/", java_script_enabled=False)
    fill_session(page)
    page.get_by_label("Hvor mange minutter?").fill("75")
    page.get_by_role("button", name="Kalaallisut").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vil du skifte sprog")

    page.go_back()
    expect_written(page)
    page.get_by_role("button", name="Kalaallisut").click()
    page.get_by_role("button", name="Skift til Kalaallisut uden min tekst").click()
    page.wait_for_url("**/kl/sidemand/sessioner/ny/")
    expect(page.locator("[name=went_well]")).to_have_value("")


def test_without_javascript_the_switch_just_switches_where_nothing_is_typed(visit):
    page = visit("mentor1", "/da/sidemand/sessioner/", java_script_enabled=False)
    page.get_by_role("button", name="Kalaallisut").click()
    page.wait_for_url("**/kl/sidemand/sessioner/")


def test_two_clicks_on_send_are_one_session(written):
    before = Session.objects.count()
    written.get_by_role("button", name="Send session").dblclick()
    written.wait_for_url("**/kvittering/**")

    assert Session.objects.count() == before + 1
    assert Session.objects.latest("received_at").versions.count() == 1


def test_two_clicks_without_javascript_are_one_session(visit):
    page = visit("mentor1", "/da/sidemand/sessioner/ny/", java_script_enabled=False)
    fill_session(page)
    before = Session.objects.count()
    page.get_by_role("button", name="Send session").dblclick()
    page.wait_for_url("**/kvittering/**")

    assert Session.objects.count() == before + 1


def sign_in_again(page: Page, email: str) -> None:
    """Through the form that stands before the person now."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(re.compile("/sidemand/sessioner/ny/"))


def test_mentor_and_trainee_without_javascript(visit):
    page = visit("mentor1", "/da/start/", java_script_enabled=False)
    page.get_by_role("link", name="Log en session").click()
    fill_session(page)
    page.get_by_role("button", name="Send session").click()
    page.wait_for_url("**/kvittering/**")
    session = Session.objects.latest("received_at")

    other = visit("sagsbehandler1", "/da/start/", java_script_enabled=False)
    other.locator(f'button[name="version"][value="{session.current_id}"]').click()
    other.wait_for_url("**/bekraeftet/**")
    session.refresh_from_db()
    assert session.locked_at is not None


def test_trainee_confirms_several_at_once(visit, people):
    page = visit("sagsbehandler1", "/da/start/")
    page.get_by_role("button", name=re.compile("^Bekræft (begge|alle)")).click()
    page.wait_for_url("**/bekraeftet/**")

    assert not (
        Session.objects.open()
        .filter(participants__person=people("sagsbehandler1"), participants__side="caseworker")
        .exclude(current__confirmations__person=people("sagsbehandler1"))
        .exists()
    )


def test_nobody_confirms_for_another(visit, watch):
    watch.expect(404)
    page = visit("sagsbehandler2", "/da/start/")
    mine = page.locator('button[name="version"]').first
    others = (
        Session.objects.open()
        .exclude(participants__person__name="Sagsbehandler Demo 2")
        .values_list("current", flat=True)
        .first()
    )
    mine.evaluate("(button, version) => { button.value = version }", str(others))
    mine.click()
    page.wait_for_url("**/bekraeft/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not SessionVersion.objects.get(pk=others).confirmations.exists()
