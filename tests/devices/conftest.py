"""A site with one learner behind a live server, and browsers that come back to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.factories.people import make_person


@pytest.fixture
def sessions(base: None, live_server: Any) -> Callable[[], list[dict[str, str]]]:
    """The cookies that signing in gives; each time of a new session."""
    person = make_person()

    def sign_in() -> list[dict[str, str]]:
        client = Client()
        assert person.user is not None
        client.force_login(person.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        name = settings.SESSION_COOKIE_NAME
        return [{"name": name, "value": session, "url": live_server.url}]

    return sign_in


@pytest.fixture
def device(
    live_server: Any, browser: Browser, sessions: Callable[[], list[dict[str, str]]]
) -> Iterator[BrowserContext]:
    """A browser in which the learner has signed in."""
    context = browser.new_context(base_url=live_server.url, locale="da-DK")
    context.set_default_timeout(45_000)
    context.add_cookies(sessions())
    yield context
    context.close()


@pytest.fixture
def start(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    live_server: Any,
    tmp_path: Path,
) -> Callable[[], BrowserContext]:
    """Start a browser of its own; closed and started again it is the same device."""

    def begin() -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", base_url=live_server.url, **browser_type_launch_args
        )
        context.set_default_timeout(45_000)
        return context

    return begin
