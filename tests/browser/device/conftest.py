"""A browser on the lab, signed in as whoever is asked for, and one that can be killed."""

import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

from devices import keys
from people.models import Person
from tests.browser.conftest import PATIENCE, sign_in
from tests.browser.device import lab as laboratory
from tests.browser.device.lab import Lab
from tests.browser.rope import Rope, port_of

ANNA, BO = uuid.UUID(int=0xA), uuid.UUID(int=0xB)


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of the server; drawing one takes a while."""
    path = tmp_path_factory.mktemp("keys") / "device-key.pem"
    keys.make(path)
    return path


@pytest.fixture
def server_key(key_file: Path, tmp_path: Path, settings: Any) -> None:
    """The server has a key."""
    own = tmp_path / "device-key.pem"
    shutil.copyfile(key_file, own)
    settings.SIDEMAND_DEVICE_KEY_FILE = str(own)


@pytest.fixture
def lab(server_key: None) -> Iterator[Lab]:
    """The little site."""
    with laboratory.running() as running:
        yield running


class Device:
    """A browser on the lab: its pages, and short words for what the scripts do."""

    def __init__(self, context: BrowserContext, lab: Lab) -> None:
        self.context, self.lab = context, lab

    def sign_in(self, who: uuid.UUID | None) -> None:
        """Hold the session of this person, or none."""
        self.context.clear_cookies()
        if who is not None:
            self.context.add_cookies([{"name": "who", "value": str(who), "url": self.lab.url}])

    def page(self, path: str = "/") -> Page:
        """A new page, once its worker is there."""
        page = self.context.new_page()
        self.go(page, path)
        return page

    def go(self, page: Page, path: str = "/") -> None:
        """Go there, and wait for the worker."""
        page.goto(self.lab.url + path)
        page.wait_for_function("window.ready")


def vault(page: Page, script: str, *given: Any) -> Any:
    """Run ``script`` with the vault as ``v``, the store as ``s`` and what is ``given`` as ``g``.

    A refusal comes back as ``{"refused": name, "code": …, "seconds": …}``.
    """
    return page.evaluate(
        f"""async (g) => {{
            const v = await import("/js/device/vault.js");
            const s = await import("/js/device/store.js");
            try {{ return await (async () => {{ {script} }})(); }} catch (e) {{
                const {{ code = null, seconds = 0 }} = e;
                return {{ refused: e.name, code: typeof code === "string" ? code : null, seconds }};
            }}
        }}""",
        list(given),
    )


@pytest.fixture
def device(lab: Lab, browser: Browser) -> Iterator[Device]:
    """A browser that forgets everything at the end."""
    context = browser.new_context()
    yield Device(context, lab)
    context.close()


Launch = Callable[[], Device]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Where a browser that is started again keeps what it has."""
    return tmp_path / "profile"


Restart = Callable[..., BrowserContext]


@pytest.fixture
def restart(
    playwright: Playwright, browser_type_launch_args: Any, profile: Path
) -> Iterator[Restart]:
    """Start the browser of ``profile`` with options of a context; again after a kill."""
    opened: list[BrowserContext] = []

    def start(**options: Any) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            str(profile), **browser_type_launch_args, **options
        )
        opened.append(context)
        return context

    yield start
    for context in opened:
        with suppress(Error):  # it was killed
            context.close()


@pytest.fixture
def launch(lab: Lab, restart: Restart) -> Launch:
    """Start the browser of ``profile`` on the lab."""
    return lambda: Device(restart(), lab)


def kill_browser(profile: Path) -> None:
    """End the browser of ``profile`` at once, as a power cut does."""
    found = subprocess.run(
        ["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True, check=False
    )
    for pid in found.stdout.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            continue


@pytest.fixture
def mentor(visit: Callable[..., Page]) -> Page:
    """The telephone of a mentor, set up as their own."""
    from tests.browser.device.doing import PHONE, make_ready  # which rests on this module

    page = visit("mentor1", **PHONE)
    make_ready(page)
    return page


@pytest.fixture
def travelling(
    demo_site: str, browser: Browser, people: Callable[[str], Person]
) -> Iterator[tuple[Page, Rope, Person]]:
    """A browser behind a link that can be let down, signed in and set up."""
    from tests.browser.device.doing import make_ready  # which rests on this module

    person = people("sagsbehandler2")
    with Rope(port_of(demo_site)) as link:
        context = browser.new_context(base_url=link.address, locale="da-DK")
        context.set_default_timeout(PATIENCE)
        sign_in(context, person, link.address)
        page = context.new_page()
        make_ready(page)
        yield page, link, person
        context.close()
