"""Record what a release leaves on a device: drafts, queue, conflict, refused record, course.

    .venv/bin/python scripts/release_profile.py            # of the version of the settings
    .venv/bin/python scripts/release_profile.py 0.3.0      # of the one that is coming

It goes to tests/releases/VERSION/profile.json.gz. The upgrade tests of every later version open
each of them, must find every letter, and send what waits (tests/releases/test_profiles.py).
"""

# ruff: noqa: E402  What Django must be set up for comes after its set-up.

import gzip
import json
import os
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
WORK = Path(tempfile.mkdtemp(prefix="sidemand-profile-"))
os.environ |= {
    "DATABASE_URL": f"sqlite:///{WORK / 'db.sqlite3'}",
    "DJANGO_SETTINGS_MODULE": "config.settings.test",
    "SIDEMAND_DEVICE_KEY_FILE": str(WORK / "device-key.pem"),
    "SIDEMAND_VAR": str(WORK),
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright drives its browser from a loop of its own
}

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import sync_playwright

from bench.link import Link
from core.periods import local_day
from courses.models import Course
from demo.content import demo_id
from devices import keys
from mentoring.actions import log_session
from mentoring.models import SessionVersion
from pages.travelling.contents import contents_of, of_course
from people.models import Person
from tests.databases import migrated_sqlite
from tests.mentoring.wire import server_here
from tests.releases.profile import LESSON, TAKE
from tests.torture.device import PIN, Device

DAY_MS = 24 * 3600 * 1000
TEXTS = {
    "sent": "Modtaget: øvede beslutningen, ĸ \U0001f9ca",
    "conflict": "Rettet her, mens en anden rettede",
    "attention": "Afvist: dagen er ikke kommet",
    "waiting": "Venter på net:\n\ntre linjer",
    "drafts": "Kladde, midt i en sætn",
}
THEIRS = "Rettet af en anden"
LISTS, READING = "/da/enhed/", "/da/enhed/kurser/laes/"


def record(device: Device, mentor: Person) -> dict[str, Any]:
    """Leave one of everything on the device; its store, and what the course says."""
    today = local_day(timezone.now())
    past = (today - timedelta(days=3)).isoformat()

    def write(text: str, day: str, *, sends: bool = True) -> None:
        page = device.open("/da/enhed/log/")
        device.fill(page, text, day)
        if sends:
            device.send(page)
            page.wait_for_timeout(1500)
        page.wait_for_timeout(1500)

    write(TEXTS["sent"], past)
    write("Før rettelsen", past)
    device.send_now()
    change_elsewhere(mentor, "Før rettelsen")
    row = next(one for one in device.rows() if "Før rettelsen" in one.texts)
    page = device.open(LISTS)
    page.locator(f'[data-row="{row.id}"] [data-action="change"]').click()
    page.wait_for_url("**/enhed/log/?kladde=*")
    device.unlock(page)
    device.fill(page, TEXTS["conflict"], past)
    device.send(page)
    page.wait_for_timeout(2000)
    # The device's clock is three days ahead: it lets pass what the server refuses.
    write(TEXTS["attention"], (today + timedelta(days=2)).isoformat())
    course = take_along(device)
    device.link.down = True
    device.link.hang_up()
    read = read_to_its_end(device, course)
    write(TEXTS["waiting"], past)
    write(TEXTS["drafts"], past, sends=False)
    return {"course": read, "store": device.open(LISTS).evaluate(TAKE)}


def take_along(device: Device) -> str:
    """Take the lightest course along, whole; its name on the device."""
    courses = [of_course(course) for course in Course.objects.offered()]
    contents = [contents_of(one, "da", at=timezone.now()) for one in courses]
    lightest = min(contents, key=lambda one: one.size)
    page = device.open(LISTS)
    key = lightest.luggage.key.partition(":")[2]
    page.goto(device.link.address + reverse("take_course", args=[key]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    page.get_by_role("link", name="Læs kurset").wait_for()
    return lightest.luggage.key


def read_to_its_end(device: Device, course: str) -> dict[str, str]:
    """Read the first lesson on the device, and mark it as read; what stands in it."""
    page = device.open(LISTS)
    page.goto(f"{device.link.address}{READING}#{course}")
    page.locator(".task-list a").first.click()
    page.get_by_role("button", name="Markér som læst").click()
    page.get_by_text("Klar til at sende").last.wait_for()
    return {"address": page.evaluate("location.hash"), **page.evaluate(LESSON)}


def change_elsewhere(mentor: Person, text: str) -> None:
    """Another device of the same mentor has changed the session meanwhile."""
    version = next(
        one for one in SessionVersion.objects.all() if one.content.get("went_well") == text
    )
    log_session(
        mentor,
        version.session.pairing,
        session_id=version.session_id,
        version_id=demo_id("profile", "theirs"),
        content={**version.content, "went_well": THEIRS},
        parent_id=version.pk,
        at=timezone.now(),
    )


def main() -> None:
    """Serve the demo, use it as a mentor does, and write what is left on the device."""
    settings.SIDEMAND_DEMO = True
    shutil.copyfile(migrated_sqlite(), WORK / "db.sqlite3")
    call_command("prepare", "--skip-static")
    call_command("load_demo", "--json", stdout=sys.stderr)
    keys.make(Path(os.environ["SIDEMAND_DEVICE_KEY_FILE"]))
    mentor = Person.objects.select_related("user").get(pk=demo_id("person", "mentor1"))
    client = Client()
    assert mentor.user is not None
    client.force_login(mentor.user)
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    options = {"executable_path": chromium, "args": ["--no-sandbox", "--disable-gpu"]}
    with (
        server_here(WORK, settings="tests.torture.settings") as server,
        Link(server.port) as link,
        sync_playwright() as playwright,
        Device(
            playwright,
            options,
            WORK / "profile",
            link,
            client.cookies["sessionid"].value,
            off_ms=3 * DAY_MS,
        ) as device,
    ):
        device.set_up()
        left = record(device, mentor)
    version = sys.argv[1] if len(sys.argv) > 1 else settings.VERSION
    told = {"version": version, "owner": str(mentor.pk), "pin": PIN, "texts": TEXTS}
    target = ROOT / "tests" / "releases" / version / "profile.json.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    told_bytes = json.dumps(told | left, ensure_ascii=False).encode()
    target.write_bytes(gzip.compress(told_bytes, mtime=0))
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
