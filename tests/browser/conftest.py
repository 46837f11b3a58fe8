"""A site full of demo content behind a live server, and people who open a browser on it."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.content import demo_id
from people.models import Person
from tests.browser.waiting import Answering
from tests.browser.watch import Watch
from tests.demo_picture import DemoPicture, forget_rows

_answering = Answering()

PATIENCE = 45_000  # milliseconds; the machine may be busy with the other half of the suite
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def demo_site(base: None, live_server: Any, demo_picture: DemoPicture) -> Iterator[str]:
    """The address of a site with the demo's content, the same at the start of every test."""
    demo_picture.put_back()
    yield str(live_server.url)
    _answering.wait()
    forget_rows()


@pytest.fixture
def watch(demo_site: str) -> Iterator[Watch]:
    """Fails the test for whatever its browsers complain about."""
    watching = Watch(urlsplit(demo_site).netloc)
    yield watching
    assert not watching.complaints, "\n".join(watching.complaints)


@pytest.fixture
def people(demo_site: str) -> Callable[[str], Person]:
    """The demo's person by key, as in ``people("mentor1")``."""
    return lambda key: Person.objects.select_related("user").get(pk=demo_id("person", key))


Visit = Callable[..., Page]


@pytest.fixture
def visit(
    demo_site: str, browser: Browser, watch: Watch, people: Callable[[str], Person]
) -> Iterator[Visit]:
    """Open a browser as a person of the demo, or as nobody: ``visit("mentor1", "/da/start/")``.

    Further arguments are those of a browser context, for example ``java_script_enabled``.
    """
    opened: list[BrowserContext] = []

    def open_browser(who: str | None = None, address: str | None = None, **options: Any) -> Page:
        options = {"locale": "da-DK", "viewport": {"width": 1280, "height": 900}} | options
        context = browser.new_context(base_url=demo_site, **options)
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        if who is not None:
            sign_in(context, people(who), demo_site)
        page = context.new_page()
        if address is not None:
            page.goto(address)
        return page

    yield open_browser
    for context in opened:
        context.close()


def sign_in(context: BrowserContext, person: Person, address: str) -> None:
    """Give the browser the session that signing in would give it."""
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": address}
            for name, morsel in client.cookies.items()
        ]
    )
