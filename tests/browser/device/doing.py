"""What somebody does on the pages of their device, in short words."""

import uuid
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from mentoring.actions import log_session
from mentoring.models import Session, SessionVersion
from tests.browser.device.opening import set_up

MINE, THEIRS = "Min tekst", "Den andens tekst"
OWN = "Nej, det er min egen"
#: For every place that counts, cuts or escapes: accents, kra, a whale, markup, new lines.
TEXT = "Kvitteringen, æøå ĸ 🐋 <b>fed</b>\n=2+2 «så»\te\u0301"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


#: The kits were asked for a day ago.
KITS_OF_YESTERDAY = """() => new Promise((resolve) => {
    const asked = indexedDB.open("sidemand");
    asked.onsuccess = () => {
        const { result } = asked;
        const kits = result.transaction("kits", "readwrite").objectStore("kits");
        kits.openCursor().onsuccess = ({ target: { result: one } }) => {
            if (one) one.update({ ...one.value, changed_at: 0 }) && one.continue();
        };
        kits.transaction.oncomplete = () => { result.close(); resolve(); };
    };
})"""


def make_ready(page: Page) -> None:
    """Set it up as one's own."""
    set_up(page, kind=OWN)


def open_log(page: Page, address: str = "/da/enhed/log/") -> None:
    """Open the form that lies on the device."""
    page.goto(address)
    expect(page.locator("#id_went_well")).to_be_visible()


def is_kept(page: Page) -> None:
    """The form says that it has kept what stands in it."""
    expect(page.locator('[data-part="kept"]')).to_contain_text("Gemt på denne enhed kl.")


def write(page: Page, text: str) -> None:
    """What one must choose, and a text."""
    for name, value in (("topics", "receipt"), ("mode", "behind")):
        page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()
    is_kept(page)
    write_anew(page, text)


def write_anew(page: Page, text: str) -> None:
    """Another text; what is said of what stood there before is no answer for it."""
    page.locator('[data-part="kept"]').evaluate("line => line.textContent = ''")
    page.locator("#id_went_well").fill(text)
    is_kept(page)


def send(page: Page) -> None:
    """Press "Send session"; it is queued."""
    page.locator("form#session .buttons button:visible").first.click()
    expect(page.locator('[data-part="sent"]')).to_be_visible()


def log(page: Page, text: str) -> None:
    """All of it."""
    open_log(page)
    write(page, text)
    send(page)


def state(page: Page) -> Any:
    """What is expected of the state of what was sent last."""
    return expect(page.locator('[data-part="sent"] [data-slot="state"]'))


def look(page: Page) -> None:
    """Open the lists of what lies here."""
    page.goto("/da/enhed/")
    expect(page.locator('[data-part="lists"]')).to_be_visible()


def wake(page: Page) -> None:
    """Somebody comes back to the page: what waits is tried at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def latest() -> Session:
    """The session that arrived last."""
    return Session.objects.select_related("current", "pairing").latest("received_at")


def somebody_elses(session: Session, text: str) -> SessionVersion:
    """Another version of the session, sent meanwhile from somewhere else."""
    receipt = log_session(
        session.author,
        session.pairing,
        session_id=session.pk,
        version_id=uuid.uuid4(),
        parent_id=session.current_id,
        content=session.current.content | {"went_well": text, "minutes": 30},
        at=timezone.now(),
    )
    return SessionVersion.objects.get(pk=receipt.version_id)
