"""What a release left on a device opens in this one, with every letter."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from tests.factories.people import make_person
from tests.releases.profile import PUT, TAKE
from tests.torture.device import OPENED, ROWS

pytestmark = [pytest.mark.browser]
HERE = Path(__file__).parent
PROFILES = sorted(path.parent.name for path in HERE.glob("*/profile.json.gz"))
#: The first release that kept anything on devices.
FIRST = "0.3.0"


def profile_of(version: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        gzip.decompress((HERE / version / "profile.json.gz").read_bytes())
    )
    return told


def test_each_release_with_devices_has_recorded_one() -> None:
    with_devices = [
        path.name for path in HERE.iterdir() if path.is_dir() and path.name[0].isdigit()
    ]
    assert [version for version in sorted(with_devices) if version >= FIRST] == PROFILES


@pytest.mark.parametrize("version", PROFILES)
def test_nothing_of_what_a_release_left_on_a_device_is_lost(
    base: None, live_server: Any, browser: Browser, version: str
) -> None:
    profile = profile_of(version)
    owner = make_person(pk=profile["owner"])
    client = Client()
    assert owner.user is not None
    client.force_login(owner.user)
    context = browser.new_context(base_url=live_server.url, locale="da-DK")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    context.route("**/api/**", lambda route: route.abort())  # the server of then is far away
    page = context.new_page()
    page.goto("/healthz")
    page.evaluate(PUT, profile["store"])
    # A device that was set up has the worker of its release, and then that of this one.
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => null)")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    page.goto("/da/enhed/")
    page.locator('[data-part="locked"] [data-slot="unlock"]').click()
    page.locator("#pin").fill(profile["pin"])
    page.locator('[data-device="locked"] form button').click()
    page.wait_for_function(OPENED)

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
    context.close()
