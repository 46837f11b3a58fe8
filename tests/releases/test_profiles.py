"""What a release left on a device opens in this one, with every letter, and is sent by it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from courses.models import LessonProgress
from devices import keys
from devices.models import Record
from mentoring.models import Session, SessionVersion
from people.models import Person
from tests.browser.device.conftest import vault
from tests.browser.device.opening import SOURCES, scripts
from tests.browser.waiting import until_worker, wait_for
from tests.factories.people import make_person
from tests.releases.data import numbers, out
from tests.releases.profile import LESSON, LETTERS, PROFILES, PUT, TAKE, profile_of
from tests.releases.world import make_world
from tests.torture.device import OPENED, PATIENCE_MS, ROWS

pytestmark = [pytest.mark.browser, pytest.mark.once]
#: The first release that kept anything on devices.
FIRST = "0.3.0"
API = "**/api/**"
LISTS, READING = "/da/enhed/", "/da/enhed/kurser/laes/"
RECEIVED = "() => !document.querySelector('[data-part=\"waiting\"] [data-row]')"


def test_each_release_with_devices_has_recorded_one() -> None:
    recorded = {name.partition("/")[0] for name in PROFILES if name.endswith("/profile.json.gz")}
    with_devices = {version for version in out() if numbers(version) >= numbers(FIRST)}
    assert with_devices <= recorded
    assert FIRST in recorded


Open = Callable[[dict[str, Any], Person], Page]


@pytest.fixture
def open_device(
    base: None, live_server: Any, browser: Browser, tmp_path: Path, settings: Any
) -> Iterator[Open]:
    """A device as a release left it, updated to this one and opened; nothing is sent yet."""
    settings.SIDEMAND_DEVICE_KEY_FILE = str(tmp_path / "device-key.pem")
    keys.make(tmp_path / "device-key.pem")
    opened: list[BrowserContext] = []

    def open_it(profile: dict[str, Any], owner: Person) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="da-DK")
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in (("csrftoken", "t" * 32), session_of(owner))
            ]
        )
        context.route(API, lambda route: route.abort())  # the server is far away
        context.route(SOURCES, scripts)
        page = context.new_page()
        page.goto("/healthz")
        page.evaluate(PUT, profile["store"])
        # A device that was set up has the worker of its release, and then that of this one.
        page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => null)")
        until_worker(page)
        page.goto(LISTS)
        page.locator('[data-part="locked"] [data-slot="unlock"]').click()
        page.locator("#pin").fill(profile["pin"])
        page.locator('[data-device="locked"] form button').click()
        page.wait_for_function(OPENED)
        return page

    yield open_it
    for context in opened:
        context.close()


def session_of(owner: Person) -> tuple[str, str]:
    """The cookie that signs them in."""
    client = Client()
    assert owner.user is not None
    client.force_login(owner.user)
    name = settings.SESSION_COOKIE_NAME
    return name, client.cookies[name].value


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_of_what_a_release_left_on_a_device_is_lost(open_device: Open, name: str) -> None:
    profile = profile_of(name)
    page = open_device(profile, make_person(pk=profile["owner"]))

    rows = page.evaluate(ROWS)
    found = {(row["within"], text) for row in rows for text in row["texts"]}
    expected = {
        ("attention" if where == "conflict" else where, text)
        for where, text in profile["texts"].items()
    }
    assert expected <= found
    assert any("choose" in row["actions"] for row in rows)
    after = {store["name"]: len(store["rows"]) for store in page.evaluate(TAKE)["stores"]}
    before = {store["name"]: len(store["rows"]) for store in profile["store"]["stores"]}
    assert {name: after[name] for name in before} == before


WITH_COURSES = [name for name in PROFILES if "course" in profile_of(name)]


@pytest.mark.parametrize("name", WITH_COURSES)
def test_a_course_that_was_taken_along_is_read_without_net(open_device: Open, name: str) -> None:
    profile = profile_of(name)
    page = open_device(profile, make_person(pk=profile["owner"]))
    lesson = profile["course"]

    page.goto(READING + lesson["address"])

    expect(page.get_by_role("heading", level=1)).to_have_text(lesson["title"])
    assert page.evaluate(LESSON) == {"title": lesson["title"], "text": lesson["text"]}
    assert lesson["text"].strip()


@pytest.mark.parametrize("name", PROFILES)
def test_what_waited_in_a_release_is_sent_by_this_one(open_device: Open, name: str) -> None:
    """The server is one that was restored: what it gave receipts for it has lost as well."""
    profile = profile_of(name)
    owner = make_person(pk=profile["owner"])
    page = open_device(profile, owner)
    letters = vault(page, LETTERS)["records"]
    make_world(owner, letters)
    refused = {one["id"] for one in letters if one["reason"] not in {None, "conflict"}}
    assert len(refused) == 1

    page.context.unroute(API)
    page.goto(LISTS)
    page.wait_for_function(OPENED)
    # Where all of it has gone by itself meanwhile, there is no button any more.
    page.locator('[data-part="send-now"]').evaluate("(button) => button.click()")
    sent = [one for one in letters if one["id"] not in refused]
    # What it has receipts for is sent once an answer has told that the server is another.
    wait_for(page, lambda: arrived() == {one["id"] for one in sent})
    page.wait_for_function(RECEIVED)

    versions = {str(one.pk): one for one in SessionVersion.objects.all()}
    sessions = [one for one in sent if one["kind"] == "session"]
    assert {key: version.content for key, version in versions.items()} == {
        one["id"]: one["body"]["content"] for one in sessions
    }
    assert {
        key: version.parent_id and str(version.parent_id) for key, version in versions.items()
    } == {one["id"]: one["body"]["parent"] for one in sessions}
    assert Session.objects.count() == len({one["url"] for one in sessions})
    others = [one for one in sent if one["kind"] != "session"]
    assert {str(key) for key in Record.objects.values_list("pk", flat=True)} == {
        one["id"] for one in others
    }
    for one in others:
        read = LessonProgress.objects.get(lesson=one["body"]["subject"], person=owner)
        assert read.read_at is not None
    send_what_was_refused_and_what_was_begun(page, profile["texts"])
    texts = SessionVersion.objects.values_list("content__went_well", flat=True)
    assert sorted(text for text in texts if text in profile["texts"].values()) == sorted(
        profile["texts"].values()
    )


def arrived() -> set[str]:
    """What the server has, by its id."""
    sessions = SessionVersion.objects.values_list("pk", flat=True)
    others = Record.objects.values_list("pk", flat=True)
    return {str(one) for one in (*sessions, *others)}


def send_what_was_refused_and_what_was_begun(page: Page, texts: dict[str, str]) -> None:
    """Its author puts the day right, and finishes the draft."""
    day = page.evaluate("new Date(Date.now() - 2 * 864e5).toISOString().slice(0, 10)")
    for within, action in (("attention", "change"), ("drafts", "open")):
        page.goto(LISTS)
        page.locator(f'[data-part="{within}"] [data-row] [data-action="{action}"]').first.click()
        expect(page.locator("#id_went_well")).to_have_value(texts[within])
        page.locator("#id_held_on").fill(day)
        page.locator(
            '#session button:is([data-when="plain"], [data-when="pointed-out"]):visible'
        ).click()
        state = page.locator('[data-part="sent"] [data-slot="state"]')
        expect(state).to_contain_text("Modtaget")
    page.goto(LISTS)
    for part in ("attention", "waiting", "drafts"):
        expect(page.locator(f'[data-part="{part}"] [data-row]')).to_have_count(0)
