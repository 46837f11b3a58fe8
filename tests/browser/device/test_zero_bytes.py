"""What was written on a device is nowhere in the browser's folder, in any spelling that a search
finds, once it is locked, signed out or killed."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.periods import local_day
from mentoring.models import Session
from people.models import Person
from tests.browser.conftest import sign_in
from tests.browser.device.conftest import Restart, kill_browser, vault
from tests.browser.device.doing import log, look, open_log, write
from tests.browser.device.leveldb import blocks, unpacked
from tests.browser.device.opening import SOURCES, scripts, set_up, unlock
from tests.factories.mentoring import send
from tests.torture.device import ROWS

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]
CANARY = "Kanariefuglen sang om kvitteringen"
#: Written in the clear on purpose: the search must be able to find.
CONTROL = "Kontrolfuglen skal kunne findes her"


def spellings(text: str) -> list[bytes]:
    """The bytes of ``text`` in UTF-8, UTF-16 and base64, wherever it begins in what was encoded."""
    plain = [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
    encoded = []
    for one in plain:
        for shift in range(3):
            begin = b64encode(b"\0" * shift + one)
            # The first and the last characters hang on what stands beside it.
            encoded.append(begin[4 if shift else 0 : -4])
    return [*plain, *encoded]


def found_in(folder: Path, text: str) -> list[str]:
    """The files below ``folder`` that hold ``text``."""
    wanted = spellings(text)
    found = []
    for file in folder.rglob("*"):
        if not file.is_file() or file.is_symlink():
            continue
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # the browser tidied it meanwhile
            continue
        content += b"".join(blocks(content))
        if any(one in content for one in wanted):
            found.append(str(file.relative_to(folder)))
    return found


@pytest.mark.parametrize("shift", range(4))
def test_the_search_finds_each_spelling_wherever_it_begins(tmp_path, shift):
    lead = "x" * shift
    for number, content in enumerate(
        [
            (lead + CANARY).encode(),
            (lead + CANARY).encode("utf-16-le"),
            (lead + CANARY).encode("utf-16-be"),
            b64encode((lead + CANARY + "æ").encode()),
            b64encode((lead + CANARY + "æ").encode("utf-16-le")),
        ]
    ):
        (tmp_path / str(number)).write_bytes(b"\xff\0" + content + b"\0")

    assert sorted(found_in(tmp_path, CANARY)) == ["0", "1", "2", "3", "4"]
    assert found_in(tmp_path, CONTROL) == []


def test_what_is_packed_is_unpacked():
    packed = bytes([12, 5 << 2]) + b"kanari" + bytes([(6 - 4) << 2 | 1, 6])

    assert unpacked(packed) == b"kanarikanari"
    assert list(blocks(b"no table")) == []


Start = Callable[[], Page]


@pytest.fixture
def start(demo_site: str, restart: Restart, people: Callable[[str], Person]) -> Start:
    """Start the browser of the profile, signed in. Nothing comes compressed: it could hide."""

    def starting() -> Page:
        context = restart(
            base_url=demo_site,
            locale="da-DK",
            extra_http_headers={"Accept-Encoding": "identity"},
        )
        context.route(SOURCES, scripts)
        context.route("**/api/v1/sessions/**", lambda route: route.abort())  # nothing leaves it
        sign_in(context, people("mentor1"), demo_site)
        return context.new_page()

    return starting


def write_everywhere(page: Page, session: Session) -> None:
    """The text as people write it: sent from the log form without net, begun in it anew, typed in a
    form of the server while its language is switched; in a kit; read on a page of the server."""
    log(page, CANARY)
    open_log(page)
    write(page, CANARY)
    outcome = vault(
        page,
        """const owner = await v.currentOwner();
        const sealed = await v.seal({ text: g[0] }, v.nameOf("kits", owner, "canary"));
        await s.put("kits", { owner, name: "canary", sealed });""",
        CANARY,
    )
    assert outcome is None
    page.goto(f"/da/sidemand/sessioner/{session.pk}/")
    expect(page.get_by_text(CANARY).first).to_be_visible()
    page.goto("/da/personer/mig/")
    page.get_by_label("Navn").fill(CANARY)
    page.locator("[data-language-switch] button[lang=kl]").click()
    expect(page.locator('[name="name"]')).to_have_value(CANARY)
    page.locator("[data-language-switch] button[lang=da]").click()
    expect(page.locator('[name="name"]')).to_have_value(CANARY)


def test_zero_bytes_while_locked_after_signing_out_and_after_a_kill(start, profile, people):
    mentor = people("mentor1")
    pairing = Session.objects.filter(author=mentor, erased_at=None).latest("held_on").pairing
    now = timezone.now()
    session = send(pairing, author=mentor, at=now, held_on=str(local_day(now)), went_well=CANARY)
    page = start()
    set_up(page)
    page.goto("/da/start/")
    page.reload()  # now its worker serves it
    write_everywhere(page, session)
    vault(page, "await s.put('meta', { key: 'control', value: g[0] })", CONTROL)

    # Open, and killed
    kill_browser(profile)
    assert found_in(profile, CONTROL) != []
    assert found_in(profile, CANARY) == []

    # Locked
    page = start()
    page.goto("/da/enhed/laas-op/")
    unlock(page)
    page.wait_for_url("**/da/start/")
    write_everywhere(page, session)
    page.goto("/da/start/")
    page.get_by_role("link", name="Lås").click()
    expect(page.get_by_label("PIN", exact=True)).to_be_visible()
    assert found_in(profile, CANARY) == []

    # Signed out, with the browser running and after it was closed
    unlock(page)
    page.wait_for_url("**/da/start/")
    write_everywhere(page, session)
    page.goto("/da/enhed/log-ud/")
    page.get_by_role("button", name="Log ud, og lad det ligge låst her").click()
    page.wait_for_url(lambda url: url.endswith("/da/"))
    assert found_in(profile, CANARY) == []
    page.context.close()
    assert found_in(profile, CANARY) == []
    assert found_in(profile, CONTROL) != []

    # And it is all there for its owner
    page = start()
    page.goto("/da/enhed/laas-op/")
    unlock(page)
    page.wait_for_url("**/da/start/")
    look(page)
    rows = [(row["within"], text) for row in page.evaluate(ROWS) for text in row["texts"]]
    assert rows.count(("drafts", CANARY)) == rows.count(("waiting", CANARY)) == 3
