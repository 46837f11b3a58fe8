"""A mentor logs a session from the start page in at most eight taps, and within two minutes.

The minutes are worked out, not measured: keystrokes at the speed people type on a phone, and a
stated time for each tap with the look it takes.
"""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from core.periods import local_day
from demo.content import demo_id
from mentoring.models import Agreement, Session

pytestmark = [pytest.mark.browser, pytest.mark.once]

MOST_TAPS = 8
MOST_SECONDS = 120
#: 36 words of five letters a minute: what people type on a phone on average (Palin et al. 2019).
KEYS_A_SECOND = 36 * 5 / 60
#: Finding the next thing on the screen and touching it.
SECONDS_A_TAP = 4
WENT_WELL = (
    "Kollegaen skrev kvitteringen selv efter skabelonen. Andet udkast var klart, og vi læste det "
    "højt sammen til sidst."
)
NEXT_STEP = "Skrive den næste kvittering alene, også på grønlandsk."


class Thumb:
    """Taps and types, and keeps count of both."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.keys = page, 0, 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def write(self, label: str, text: str) -> None:
        """Tap into a field, and type letter by letter."""
        self.tap(self.page.get_by_label(label))
        self.page.keyboard.type(text)
        self.keys += len(text)

    @property
    def seconds(self) -> float:
        """What it takes a person."""
        return self.keys / KEYS_A_SECOND + self.taps * SECONDS_A_TAP


@pytest.fixture
def thumb(visit: Any) -> Thumb:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    return Thumb(visit("mentor1", "/da/start/", **phone))


def choice(page: Page, field: str, value: str) -> Locator:
    """The chip of this value."""
    return page.locator(f'label:has(input[name="{field}"][value="{value}"])')


def sent(thumb: Thumb) -> Session:
    """Send it; the session that arrived."""
    thumb.tap(thumb.page.get_by_role("button", name="Send session"))
    thumb.page.wait_for_url("**/kvittering/**")
    assert thumb.taps <= MOST_TAPS
    assert thumb.seconds <= MOST_SECONDS
    return Session.objects.latest("received_at")


def test_log_from_the_start_page_in_eight_taps_and_two_minutes(thumb: Thumb) -> None:
    page = thumb.page
    thumb.tap(page.get_by_role("link", name="Log en session"))
    expect(page.get_by_label("Hvem gør det?")).to_be_hidden()
    thumb.tap(choice(page, "topics", "receipt"))
    thumb.tap(choice(page, "mode", "behind"))
    thumb.tap(page.get_by_role("button", name="−15"))
    thumb.write("Hvad gik godt?", WENT_WELL)
    thumb.write("Næste skridt", NEXT_STEP)

    session = sent(thumb)

    content = session.current.content
    assert (content["went_well"], content["next_step"]) == (WENT_WELL, NEXT_STEP)
    assert (session.minutes, session.mode, session.topics) == (75, "behind", ["receipt"])
    assert session.held_on == local_day(timezone.now())
    agreement = Agreement.objects.get(session=session)  # who does it came along from last time
    assert agreement.owner_id == demo_id("person", "sagsbehandler2")
    expect(page.get_by_role("main")).to_contain_text("Aftalt: Sagsbehandler Demo 2")


def test_as_last_time_takes_fewer_taps_and_ticks_what_is_done(thumb: Thumb) -> None:
    page = thumb.page
    last = Session.objects.filter(author=demo_id("person", "mentor1")).latest("received_at")
    thumb.tap(page.get_by_role("link", name="Log en session"))
    thumb.tap(page.get_by_role("link", name="Som sidst"))
    waiting = Agreement.objects.filter(pairing=last.pairing).open().soonest_first().first()
    assert waiting is not None
    thumb.tap(page.locator(f'input[name="done"][value="{waiting.pk}"]'))
    thumb.write("Hvad gik godt?", WENT_WELL)
    thumb.write("Næste skridt", NEXT_STEP)

    session = sent(thumb)

    assert session.pk != last.pk
    assert (session.minutes, session.mode, session.topics) == (
        last.minutes,
        last.mode,
        last.topics,
    )
    assert session.current.content["competences"] == last.current.content["competences"]
    waiting.refresh_from_db()
    assert waiting.done_on == session.held_on


def test_a_text_that_is_too_long_is_counted_and_never_cut(thumb: Thumb) -> None:
    page = thumb.page
    page.goto("/da/sidemand/sessioner/ny/")
    field = page.get_by_label("Hvad gik godt?")
    field.fill("æ" * 510)

    counter = page.locator(f'[data-counter-for="{field.get_attribute("id")}"]')
    expect(counter).to_have_text("10 tegn for meget")
    expect(field).to_have_value("æ" * 510)
