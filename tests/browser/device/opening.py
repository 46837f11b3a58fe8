"""A device on the pages of the site: set up, opened, and with something in its queue."""

import mimetypes
import re
import uuid
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from core.periods import local_day
from demo.content import demo_id
from mentoring.actions.judging import Envelope, judge, with_author
from mentoring.models import Session
from people.models import Person
from tests.browser.device.conftest import vault
from tests.browser.device.lab import SCRIPTS
from tests.browser.waiting import until_worker
from tests.factories.mentoring import caseworker_of, content_for

PIN, OTHER_PIN = "274951", "830462"
CANARY = "Kanariefuglen sang om kvitteringen"
#: Where a page finds the scripts as they were written.
SOURCES = re.compile(r"^http://[^/]+/js/")


def scripts(route: Route) -> None:
    """The sources of the scripts, which the site serves built alone."""
    file = SCRIPTS / route.request.url.partition("/js/")[2]
    kind = mimetypes.guess_type(file.name)[0] or ""
    route.fulfill(body=file.read_bytes(), content_type=kind)


def set_up(page: Page, *, kind: str = "Ja, vi deler den", pin: str = PIN) -> None:
    page.goto("/da/enhed/klar/")
    fill_in(page, kind=kind, pin=pin)
    expect(page.get_by_role("heading", name="Enheden er klar")).to_be_focused()
    until_worker(page)


def fill_in(page: Page, *, kind: str = "Ja, vi deler den", pin: str = PIN) -> None:
    """Answer what is asked when a device is set up, and send it."""
    page.get_by_label(kind).check()
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_label("PIN en gang til").fill(pin)
    page.get_by_role("button", name="Gør enheden klar").click()


def unlock(page: Page, pin: str = PIN) -> None:
    page.get_by_label("PIN", exact=True).fill(pin)
    page.get_by_role("button", name="Åbn").click()


def is_open(page: Page) -> bool:
    return bool(vault(page, "return v.isOpen()"))


def queue_session(page: Page, **changes: Any) -> str:
    """Seal a session of mentor 1 into the queue, as the log form does; it is due in ten minutes."""
    mentor = Person.objects.get(pk=demo_id("person", "mentor1"))
    pairing = Session.objects.filter(author=mentor).latest("held_on").pairing
    today = str(local_day(timezone.now()))
    content = content_for(caseworker_of(pairing), held_on=today, place=pairing.place.key)
    content |= {"went_well": CANARY, **changes}
    record, version = uuid.uuid4(), uuid.uuid4()
    body = {"pairing": str(pairing.pk), "version": str(version), "content": content}
    # The receipt must name what is stored: the content in its one spelling.
    raw = content | {"participants": with_author(content["participants"], mentor)}
    sent = Envelope(mentor, pairing, record, version, None, None, None, (), timezone.now())
    expected = {
        "session": str(record),
        "version": str(version),
        "sha256": judge(sent, raw).sha256,
    }
    outcome = vault(
        page,
        """const [id, body, expected] = g;
        const owner = await v.currentOwner();
        const url = `/api/v1/sessions/${id}`;
        const letter = { method: "PUT", url, body, expected, label: "Session", facts: [] };
        const sealed = await v.seal(letter, v.nameOf("records", owner, id));
        const now = Date.now();
        await s.put("records", {
            ...{ id, owner, kind: "session", attempts: 0, frozen_at: null },
            ...{ sending_at: null, failed: null, reason: null, receipt: null, replaced_by: null },
            ...{ next_at: now + 600_000, made_at: now, changed_at: now, size: 1, sealed },
        });""",
        str(record),
        body,
        expected,
    )
    assert outcome is None, outcome
    return str(record)
