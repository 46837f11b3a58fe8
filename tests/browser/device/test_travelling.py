"""A course is taken along: it comes whole over a bad link, and news come as a difference."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from courses.models import (
    Course,
    Lesson,
    PackedPiece,
    Packing,
    Piece,
)
from pages.models import LessonPage
from pages.travelling.contents import contents_of, of_course
from people.models import Person
from tests.browser.conftest import PATIENCE, sign_in
from tests.browser.device.conftest import kill_browser
from tests.browser.device.doing import make_ready
from tests.browser.rope import Rope, port_of
from tests.browser.waiting import wait_for
from tests.factories.pages import edit, text

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]
PICTURE_BYTES = 29_000
RATE = 512 * 125  # bytes a second


def course_with(pictures: int) -> Course:
    """A course of the demo whose lessons have so many pictures, each of its own."""
    course = Course.objects.offered()[0]
    contents_of(of_course(course), "da", at=timezone.now())
    packings = list(
        Packing.objects.filter(
            language="da", subject__in=Lesson.objects.filter(course=course).values("pk")
        )
    )
    for number in range(pictures):
        content = os.urandom(PICTURE_BYTES)
        name = default_storage.save(f"renditions/{number}.webp", ContentFile(content))
        piece = Piece.objects.create(
            sha256=hashlib.sha256(content).hexdigest(),
            kind=Piece.Kind.PICTURE,
            file=name,
            size=len(content),
            made_at=timezone.now(),
        )
        PackedPiece.objects.create(
            packing=packings[number % len(packings)], piece=piece, position=100 + number
        )
    return course


class Traveller:
    """Somebody whose browser lies in a folder, behind a link."""

    def __init__(self, playwright: Playwright, options: Any, folder: Path, link: Rope) -> None:
        self.playwright, self.options, self.folder, self.link = playwright, options, folder, link
        self.context: BrowserContext | None = None

    def start(self, person: Person) -> Page:
        """Start the browser and sign in."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder), base_url=self.link.address, locale="da-DK", **self.options
        )
        self.context.set_default_timeout(PATIENCE)
        sign_in(self.context, person, self.link.address)
        return self.context.new_page()

    def kill(self) -> None:
        """End it at once."""
        kill_browser(self.folder)

    def close(self) -> None:
        if self.context is not None:
            try:
                self.context.close()
            except Exception:  # noqa: BLE001  it was killed
                return


def kept(page: Page) -> list[str]:
    """The pieces that are on the device."""
    found: list[str] = page.evaluate(
        """() => new Promise((resolve) => {
            const opening = indexedDB.open("sidemand");
            opening.onsuccess = () => {
                const found = opening.result;
                const asked = found.transaction("pieces").objectStore("pieces").getAllKeys();
                asked.onsuccess = () => { found.close(); resolve(asked.result); };
            };
        })"""
    )
    return found


def damaged(page: Page) -> list[str]:
    """The pieces on the device whose content is another than their name says."""
    found: list[str] = page.evaluate(
        """async () => {
            const asked = await new Promise((resolve) => {
                const opening = indexedDB.open("sidemand");
                opening.onsuccess = () => {
                    const all = opening.result.transaction("pieces").objectStore("pieces").getAll();
                    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
                };
            });
            const found = [];
            for (const { hash, kind, data } of asked) {
                const stream = new Blob([data]).stream();
                const unpacked = () => stream.pipeThrough(new DecompressionStream("gzip"));
                const shown = kind === "picture" ? stream : unpacked();
                const plain = await new Response(shown).arrayBuffer();
                const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", plain));
                const name = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
                if (name !== hash) found.push(hash);
            }
            return found;
        }"""
    )
    return found


def wait_for_bytes(link: Rope, many: int, seconds: float = 240) -> None:
    """Until so many more have come."""
    goal, end = link.carried + many, time.monotonic() + seconds
    while link.carried < goal:
        assert time.monotonic() < end, "nothing comes any more"
        time.sleep(0.05)


@pytest.fixture
def traveller(
    demo_site: str, playwright: Playwright, browser_type_launch_args: Any, tmp_path: Path
) -> Iterator[Traveller]:
    with Rope(port_of(demo_site)) as link:
        found = Traveller(playwright, browser_type_launch_args, tmp_path / "profile", link)
        yield found
        found.close()


#: Somebody else who uses this computer has begun to take a course along.
ANOTHERS = """() => new Promise((resolve) => {
    const opening = indexedDB.open("sidemand");
    opening.onsuccess = () => {
        const found = opening.result;
        const both = found.transaction(["downloads", "meta"], "readwrite");
        const lesson = { pieces: [["00ff".repeat(16), "text", 100]] };
        const next = { id: "1", head_bytes: 0, modules: [{ lessons: [lesson], cases: [] }] };
        const row = { course: "b/1", owner: "b", id: "1", next, current: null };
        both.objectStore("downloads").put(row);
        both.objectStore("meta").put({ key: "travel", value: true });
        both.oncomplete = () => { found.close(); resolve(); };
    };
})"""


def test_what_somebody_else_takes_along_waits_for_them(visit: Callable[..., Page]) -> None:
    page = visit("sagsbehandler1")
    make_ready(page)
    page.evaluate(ANOTHERS)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))

    page.goto("/da/enhed/kurser/")
    page.wait_for_timeout(2000)

    assert [address for address in asked if "/pieces/" in address] == []


@pytest.mark.parametrize(
    ("pictures", "cuts", "kills"),
    [(70, 3, 1), pytest.param(690, 20, 2, marks=pytest.mark.full)],
)
def test_a_course_comes_whole_over_a_link_that_is_cut_and_a_browser_that_is_killed(
    traveller: Traveller, people: Callable[[str], Person], pictures: int, cuts: int, kills: int
) -> None:
    course, person, link = course_with(pictures), people("sagsbehandler1"), traveller.link
    contents = contents_of(of_course(course), "da", at=timezone.now())
    wanted = {
        sha
        for module in contents.told["modules"]
        for one in [*module["lessons"], *module["cases"]]
        for sha, _kind, _size in one["pieces"]
    }
    page = traveller.start(person)
    make_ready(page)
    page.goto(reverse("take_course", args=[course.pk]))
    expect(page.locator("[data-slot=size]")).to_contain_text("MB")
    link.rate, carried = RATE, -link.carried
    page.get_by_role("button", name="Hent til denne enhed").click()

    between = contents.size // (cuts + kills + 1)
    kill_at = {(number + 1) * (cuts + kills) // (kills + 1) for number in range(kills)}
    for number in range(cuts + kills):
        wait_for_bytes(link, between)
        if number in kill_at:
            traveller.kill()
            traveller.close()
            carried += link.carried
            page = traveller.start(person)
            carried -= link.carried
            page.goto("/da/enhed/kurser/")
        else:
            link.cut()
    deadline = time.monotonic() + 120 + 3 * contents.size / RATE
    while not wanted <= set(kept(page)):
        assert time.monotonic() < deadline, "it does not come to an end"
        page.wait_for_timeout(500)
    carried += link.carried
    page.goto("/da/enhed/kurser/")
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()

    print(f"announced {contents.size}, carried {carried}")
    assert carried <= contents.size * 1.05
    assert damaged(page) == []


def test_a_course_that_goes_before_it_came_whole_hides_no_other(
    travelling: tuple[Page, Rope, Person],
) -> None:
    page, _link, _person = travelling
    whole, going = Course.objects.offered()[:2]
    page.goto(reverse("take_course", args=[whole.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()
    page.context.route("**/api/v1/pieces/**", lambda route: route.abort())
    page.goto(reverse("take_course", args=[going.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.locator("[data-slot=state] progress")).to_be_visible()
    page.goto("/da/enhed/kurser/")
    rows = page.locator("main li:has(h2)")
    expect(rows).to_have_count(2)
    page.context.unroute("**/api/v1/pieces/**")
    gone = page.evaluate(
        """async (pk) => {
            const opening = indexedDB.open("sidemand");
            await new Promise((done) => { opening.onsuccess = done; });
            const both = opening.result.transaction("downloads", "readwrite");
            const held = both.objectStore("downloads");
            const asked = held.getAll();
            await new Promise((done) => { asked.onsuccess = done; });
            const row = asked.result.find((one) => one.url.includes(pk));
            held.put({ ...row, url: row.url.replace(pk, crypto.randomUUID()), checked_at: 0 });
            opening.result.close();
            return row.url;
        }""",
        str(going.pk),
    )
    assert str(going.pk) in gone

    page.goto("/da/enhed/kurser/")
    expect(page.get_by_text("tilbudt mere").first).to_be_visible()
    page.reload()

    expect(rows).to_have_count(2)
    expect(rows.get_by_role("button", name="Slet fra denne enhed")).to_have_count(2)


@pytest.mark.parametrize("pictures", [30, pytest.param(690, marks=pytest.mark.full)])
def test_what_is_announced_is_what_comes(
    traveller: Traveller, people: Callable[[str], Person], pictures: int
) -> None:
    course, link = course_with(pictures), traveller.link
    contents = contents_of(of_course(course), "da", at=timezone.now())
    page = traveller.start(people("sagsbehandler1"))
    make_ready(page)
    page.goto(reverse("take_course", args=[course.pk]))
    expect(page.locator("[data-slot=size]")).to_contain_text("B")
    page.wait_for_timeout(1000)
    before = link.carried

    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible(timeout=240_000)

    print(f"announced {contents.size}, carried {link.carried - before}")
    assert abs(link.carried - before - contents.size) <= contents.size * 0.02


def test_news_are_fetched_as_a_difference_and_deleting_leaves_nothing(
    travelling: tuple[Page, Rope, Person],
) -> None:
    page, link, _person = travelling
    course = Course.objects.offered()[0]
    page.goto(reverse("take_course", args=[course.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()
    before = set(kept(page))
    lesson = Lesson.objects.filter(course=course).offered()[0]
    danish = LessonPage.objects.get(translation_key=lesson.pk, locale__language_code="da")
    edit(danish, body=[text("<p>Noget helt nyt.</p>")])
    asked = len(link.asked)

    page.goto("/da/enhed/kurser/")
    page.get_by_role("button", name="Se efter nyt").click()
    wait_for(page, lambda: set(kept(page)) != before and len(kept(page)) <= len(before))

    fetched = [one for one in link.asked[asked:] if one.startswith("/api/v1/pieces/")]
    assert len(fetched) == 1
    page.get_by_role("button", name="Slet fra denne enhed").click()
    page.get_by_role("button", name="Ja, slet").click()
    expect(page.get_by_text("Her ligger intet endnu")).to_be_visible()
    wait_for(page, lambda: kept(page) == [])
    assert json.dumps(kept(page)) == "[]"
