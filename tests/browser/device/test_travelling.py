"""A course on the journey: it comes whole over a bad link, and what is done in it counts once."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect

from competences.models import Rating
from courses.models import (
    Case,
    CasePlay,
    Course,
    Lesson,
    LessonProgress,
    PackedPiece,
    Packing,
    Piece,
    QuizAttempt,
)
from courses.quizzes.form import FIELD, asked_in
from devices.models import Record
from pages.models import LessonPage
from pages.travelling.contents import contents_of, of_course
from people.models import Person
from tests.browser.conftest import PATIENCE, sign_in
from tests.browser.device.conftest import kill_browser
from tests.browser.device.opening import unlock
from tests.browser.rope import Rope
from tests.browser.waiting import until, until_worker
from tests.factories.pages import edit, text

pytestmark = [pytest.mark.browser, pytest.mark.once]
PIN = "739 152"
PICTURE_BYTES = 29_000
RATE = 512 * 125  # bytes a second


def port_of(site: str) -> int:
    return int(urlsplit(site).port or 0)


# --- It comes whole -------------------------------------------------------------------------------


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


def set_up(page: Page) -> None:
    """Make the device ready, as its page asks for it."""
    page.goto("/da/enhed/klar/")
    page.locator('input[name="kind"][value="own"]').check()
    page.locator('input[name="pin"]').fill(PIN)
    page.locator('input[name="again"]').fill(PIN)
    page.locator('[data-device="ready"] form button').last.click()
    expect(page.locator('[data-when="done"] h2')).to_be_visible()


def wait_for_bytes(link: Rope, many: int, seconds: float = 240) -> None:
    """Until so many more have come."""
    goal, end = link.carried + many, time.monotonic() + seconds
    while link.carried < goal:
        assert time.monotonic() < end, "nothing comes any more"
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def _server_has_a_key(key_file: Path, settings: Any) -> None:
    settings.SIDEMAND_DEVICE_KEY_FILE = str(key_file)


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
    set_up(page)
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
    set_up(page)
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


def test_what_is_announced_is_what_comes(
    traveller: Traveller, people: Callable[[str], Person]
) -> None:
    course, link = course_with(30), traveller.link
    contents = contents_of(of_course(course), "da", at=timezone.now())
    page = traveller.start(people("sagsbehandler1"))
    set_up(page)
    page.goto(reverse("take_course", args=[course.pk]))
    expect(page.locator("[data-slot=size]")).to_contain_text("B")
    page.wait_for_timeout(1000)
    before = link.carried

    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()

    print(f"announced {contents.size}, carried {link.carried - before}")
    assert abs(link.carried - before - contents.size) <= contents.size * 0.02


# --- What is done in it counts once ---------------------------------------------------------------


@pytest.fixture
def travelling(
    demo_site: str, browser: Browser, people: Callable[[str], Person]
) -> Iterator[tuple[Page, Rope, Person]]:
    """A browser behind a link that can be let down, signed in and set up."""
    person = people("sagsbehandler2")
    with Rope(port_of(demo_site)) as link:
        context = browser.new_context(base_url=link.address, locale="da-DK")
        context.set_default_timeout(PATIENCE)
        sign_in(context, person, link.address)
        page = context.new_page()
        set_up(page)
        yield page, link, person
        context.close()


def a_quiz_to_choose_in(course: Course) -> Lesson:
    """A lesson whose questions are all chosen from lists."""
    for lesson in Lesson.objects.filter(course=course).offered():
        asked = list(asked_in(lesson))
        if asked and all(one.kind in {"single", "multiple", "true_false"} for one in asked):
            return lesson
    raise LookupError


def wait_for(page: Page, what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        page.wait_for_timeout(200)


READING = "/da/enhed/kurser/laes/"


@pytest.mark.both
def test_what_is_read_answered_played_and_said_without_net_counts_once(
    travelling: tuple[Page, Rope, Person],
) -> None:
    page, link, person = travelling
    case = Case.objects.offered().select_related("course").order_by("pk")[0]
    course = case.course
    quiz = a_quiz_to_choose_in(course)
    older = asked_in(quiz)[0]
    older.content["older"] = ["da"]  # as if what is read here were a translation
    older.save()
    ratings = Rating.objects.filter(person=person)
    said_before = ratings.count()
    page.goto(reverse("take_course", args=[course.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()
    page.goto(READING + "#kompetencer")
    expect(page.get_by_role("button", name="Gem", exact=True)).to_be_visible()
    until_worker(page)
    until(
        page,
        f"""async () => (await (await caches.open("sidemand-shell")).keys())
            .some(({{ url }}) => url.includes("{READING}"))""",
    )
    link.down = True
    link.cut()

    # Read, and answer the quiz
    page.goto(quiz.paths["da"])
    expect(page.get_by_role("heading", level=1)).to_have_text(quiz.titles["da"])
    assert READING in page.url
    page.get_by_role("button", name="Send svar").click()
    expect(page.locator(".error-summary")).to_be_visible()
    for version in asked_in(quiz):
        for choice in version.choices:
            if choice.is_correct:
                page.locator(f'[name="{FIELD}{version.pk}"][value="{choice.id}"]').check()
    page.get_by_role("button", name="Send svar").click()
    expect(page.locator("#quiz-title")).to_contain_text("rigtige")
    expect(page.get_by_text("Bestået", exact=True)).to_be_visible()
    newer = "Den danske tekst er nyere end denne oversættelse."
    expect(page.locator("#quiz .answer").first).to_contain_text(newer)
    expect(page.get_by_text(newer)).to_have_count(1)
    page.get_by_role("button", name="Markér som læst").click()
    expect(page.get_by_text("Klar til at sende").last).to_be_visible()

    # Play a case to an end
    page.goto(f"{READING}#course:{course.pk}/{case.pk}")
    page.get_by_role("button", name="Begynd sagen").click()
    while not page.get_by_role("heading", name="Sådan endte det").is_visible():
        page.locator('input[name="choice"]').first.check()
        page.get_by_role("button", name="Gør det").click()
        page.wait_for_timeout(100)

    # Say where one is
    page.goto(f"{READING}#kompetencer")
    choices = page.locator("fieldset").first.locator('input[type="radio"]:not(:checked)')
    choices.first.check()
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_text("Klar til at sende").last).to_be_visible()
    assert not Record.objects.exists()

    # Home again
    link.down = False
    page.goto("/da/enhed/kurser/")
    wait_for(page, lambda: Record.objects.count() == 4)
    page.reload()
    page.wait_for_timeout(1500)

    assert sorted(Record.objects.values_list("kind", flat=True)) == [
        *("case-play", "lesson-read", "own-rating", "quiz-attempt"),
    ]
    attempt = QuizAttempt.objects.get(person=person, lesson=quiz)
    assert (attempt.passed, attempt.score) == (True, attempt.total)
    assert attempt.law_as_of is not None
    assert LessonProgress.objects.get(person=person, lesson=quiz).read_at is not None
    play = CasePlay.objects.get(person=person)
    assert (play.is_ended, play.law_as_of is not None) == (True, True)
    assert ratings.count() == said_before + 1


def test_answers_that_are_not_sent_stay(travelling: tuple[Page, Rope, Person]) -> None:
    """When news come from the server, when the page is started anew, and when it is locked."""
    page, _link, _person = travelling
    course = Case.objects.offered().select_related("course").order_by("pk")[0].course
    quiz = a_quiz_to_choose_in(course)
    page.goto(reverse("take_course", args=[course.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()
    address = f"{READING}#course:{course.pk}/{quiz.pk}"
    held: list[Route] = []
    # Playwright marks what it calls, and a method of a list takes no mark.
    page.context.route("**/kit/courses/", lambda route: held.append(route))  # noqa: PLW0108
    page.evaluate(NO_COURSES_KIT)
    page.goto(address)
    version = asked_in(quiz)[0]
    tick = page.locator(f'[name="{FIELD}{version.pk}"][value="{version.choices[0].id}"]')
    tick.check()
    wait_for(page, lambda: bool(held))
    held[0].continue_()  # weak link: the news come after the first tick
    page.wait_for_timeout(1500)
    expect(tick).to_be_checked()
    page.context.unroute("**/kit/courses/")

    page.reload()
    expect(tick).to_be_checked()
    page.get_by_role("button", name="Lås").click()
    page.goto(address)
    page.reload()
    expect(tick).not_to_be_checked()  # nobody else sees it
    tick.check()
    with page.context.expect_page() as opened:
        page.locator("[data-unkept] a").click()
    unlock(opened.value, PIN)
    expect(page.locator("[data-unkept]")).to_have_count(0)
    expect(tick).to_be_checked()
    expect(opened.value.locator(f'[name="{FIELD}{version.pk}"]').first).to_be_visible()

    opened.value.close()
    page.reload()
    expect(tick).to_be_checked()


def test_what_is_read_while_the_device_is_locked_is_not_said_to_be_done(
    travelling: tuple[Page, Rope, Person],
) -> None:
    page, _link, person = travelling
    course = Course.objects.offered()[0]
    read = LessonProgress.objects.filter(person=person, read_at__isnull=False).values("lesson")
    lesson = Lesson.objects.filter(course=course).offered().exclude(pk__in=read)[0]
    page.goto(reverse("take_course", args=[course.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()
    page.goto(f"{READING}#course:{course.pk}/{lesson.pk}")
    page.get_by_role("button", name="Lås").click()
    page.goto(f"{READING}#course:{course.pk}/{lesson.pk}")
    page.reload()
    mark = page.get_by_role("button", name="Markér som læst")
    mark.click()

    expect(page.locator("[data-unkept]")).to_be_visible()
    expect(mark).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Færdig", exact=True)).to_have_count(0)

    page.locator("[data-unkept] a").click()
    unlock(page, PIN)
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.titles["da"])
    mark.click()
    expect(page.get_by_role("main").get_by_text("Færdig", exact=True)).to_be_visible()
    wait_for(page, lambda: read.filter(lesson=lesson).exists())


#: What the server knew of the courses is not here any more.
NO_COURSES_KIT = """() => new Promise((resolve) => {
    const opening = indexedDB.open("sidemand");
    opening.onsuccess = () => {
        const both = opening.result.transaction(["kits", "meta"], "readwrite");
        both.objectStore("meta").get("owner").onsuccess = ({ target }) =>
            both.objectStore("kits").delete([target.result.value, "courses"]);
        both.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""


def test_a_lesson_that_is_here_asks_for_nothing(travelling: tuple[Page, Rope, Person]) -> None:
    page, link, _person = travelling
    course = Course.objects.offered()[0]
    lesson = Lesson.objects.filter(course=course).offered()[0]
    page.goto(reverse("take_course", args=[course.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()
    page.goto(f"{READING}#course:{course.pk}")
    page.wait_for_timeout(1000)
    asked = len(link.asked)

    page.get_by_role("link", name=lesson.titles["da"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.titles["da"])

    assert link.asked[asked:] == []


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
