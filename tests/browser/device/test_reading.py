"""What is read, answered, played and said of a course without net: it stays, and counts once."""

import uuid
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from competences.actions import rate
from competences.models import Rating
from courses.models import Case, CasePlay, Course, Lesson, LessonProgress, QuizAttempt
from courses.quizzes.form import FIELD, asked_in
from devices.models import Record
from people.models import Person
from tests.browser.conftest import sign_in
from tests.browser.device.doing import KITS_OF_YESTERDAY, make_ready
from tests.browser.device.opening import unlock
from tests.browser.rope import Rope
from tests.browser.waiting import until, until_worker, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("server_key"), pytest.mark.once]
READING = "/da/enhed/kurser/laes/"
#: There is room for everything but what is to be sent.
NO_ROOM_FOR_RECORDS = """() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...row) {
        if (this.name === "records") throw new DOMException("", "QuotaExceededError");
        return put.apply(this, row);
    };
}"""
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


def take_along(page: Page, course: Course) -> None:
    """Fetch all of it to the device."""
    page.goto(reverse("take_course", args=[course.pk]))
    page.get_by_role("button", name="Hent til denne enhed").click()
    expect(page.get_by_role("link", name="Læs kurset")).to_be_visible()


def a_quiz_to_choose_in(course: Course) -> Lesson:
    """A lesson whose questions are all chosen from lists."""
    for lesson in Lesson.objects.filter(course=course).offered():
        asked = list(asked_in(lesson))
        if asked and all(one.kind in {"single", "multiple", "true_false"} for one in asked):
            return lesson
    raise LookupError


def play_on(page: Page) -> Locator:
    """Choose the first of each step until the case ends; the heading of its end."""
    ended = page.get_by_role("heading", name="Sådan endte det")
    chosen = page.locator('input[name="choice"]:checked')
    while not ended.is_visible():
        page.locator('input[name="choice"]').first.check()
        page.get_by_role("button", name="Gør det").click()
        wait_for(page, lambda: ended.is_visible() or not chosen.count())  # the next step is drawn
    return ended


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
    take_along(page, course)
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
    play_on(page)

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


def test_a_double_press_records_answers_once(travelling: tuple[Page, Rope, Person]) -> None:
    page, _link, person = travelling
    course = Case.objects.offered().select_related("course").order_by("pk")[0].course
    quiz = a_quiz_to_choose_in(course)
    take_along(page, course)
    page.goto(f"{READING}#course:{course.pk}/{quiz.pk}")
    for version in asked_in(quiz):
        for choice in version.choices:
            if choice.is_correct:
                page.locator(f'[name="{FIELD}{version.pk}"][value="{choice.id}"]').check()
    page.evaluate(
        """() => {
            const form = document.querySelector("#quiz form");
            for (const _press of [1, 2]) form.requestSubmit();
        }"""
    )
    expect(page.locator("#quiz-title")).to_contain_text("rigtige")

    wait_for(page, lambda: QuizAttempt.objects.filter(person=person, lesson=quiz).exists())
    page.goto("/da/enhed/")
    expect(page.locator('[data-part="waiting"] > ul > li')).to_have_count(0)
    assert Record.objects.filter(kind="quiz-attempt").count() == 1


def test_a_level_that_was_said_elsewhere_since_is_shown_and_not_undone(
    travelling: tuple[Page, Rope, Person],
) -> None:
    page, _link, person = travelling
    page.goto(f"{READING}#kompetencer")
    field = page.locator("fieldset").first
    key = field.locator("input").first.get_attribute("name")
    values = [one.get_attribute("value") for one in field.locator("input").all()]
    field.locator(f'input[value="{values[0]}"]').check()
    page.get_by_role("button", name="Gem", exact=True).click()
    mine = Rating.objects.filter(person=person, competence=key)
    wait_for(page, lambda: mine.filter(level=values[0]).exists())
    second = page.locator("fieldset").nth(1)
    ticked = second.locator('input[type="radio"]:not(:checked)').first.get_attribute("value")
    other = second.locator(f'input[value="{ticked}"]')
    other.check()  # and left without "Gem"
    page.wait_for_timeout(1000)
    rate(person, {uuid.UUID(key): values[1]}, at=timezone.now())
    page.evaluate(KITS_OF_YESTERDAY)

    page.goto("/da/enhed/")
    page.goto(f"{READING}#kompetencer")
    page.wait_for_load_state("networkidle")  # the kit has come
    page.reload()

    expect(field.locator(f'input[value="{values[1]}"]')).to_be_checked()
    expect(other).to_be_checked()


def test_a_case_that_could_not_be_kept_is_ended_once_more(
    travelling: tuple[Page, Rope, Person],
) -> None:
    page, _link, person = travelling
    case = Case.objects.offered().select_related("course").order_by("pk")[0]
    take_along(page, case.course)
    page.goto(f"{READING}#course:{case.course.pk}/{case.pk}")
    page.get_by_role("button", name="Begynd sagen").click()
    page.evaluate(NO_ROOM_FOR_RECORDS)
    ended = play_on(page)
    assert not Record.objects.exists()

    page.reload()  # with room again
    page.locator('input[name="choice"]').first.check()
    page.get_by_role("button", name="Gør det").click()
    expect(ended).to_be_visible()
    wait_for(page, lambda: CasePlay.objects.filter(person=person, ended_at__isnull=False).exists())


def test_answers_that_are_not_sent_stay(travelling: tuple[Page, Rope, Person]) -> None:
    """When news come from the server, when the page is started anew, and when it is locked."""
    page, _link, _person = travelling
    course = Case.objects.offered().select_related("course").order_by("pk")[0].course
    quiz = a_quiz_to_choose_in(course)
    take_along(page, course)
    address = f"{READING}#course:{course.pk}/{quiz.pk}"
    held: list[Route] = []
    page.context.route("**/kit/courses/", lambda route: held.append(route))  # noqa: PLW0108  Playwright marks it
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
    unlock(opened.value)
    expect(page.locator("[data-unkept]")).to_have_count(0)
    expect(tick).to_be_checked()
    expect(opened.value.locator(f'[name="{FIELD}{version.pk}"]').first).to_be_visible()

    opened.value.close()
    page.reload()
    expect(tick).to_be_checked()


def test_the_next_person_neither_sees_nor_sends_what_somebody_has_answered(
    travelling: tuple[Page, Rope, Person], people: Callable[[str], Person]
) -> None:
    page, link, person = travelling
    course = Case.objects.offered().select_related("course").order_by("pk")[0].course
    quiz = a_quiz_to_choose_in(course)
    take_along(page, course)
    address = f"{READING}#course:{course.pk}/{quiz.pk}"
    before = list(QuizAttempt.objects.values_list("pk", flat=True))
    page.goto(address)
    ticks = [
        page.locator(f'[name="{FIELD}{version.pk}"][value="{choice.id}"]')
        for version in asked_in(quiz)
        for choice in version.choices
        if choice.is_correct
    ]
    for tick in ticks:
        tick.check()

    sign_in(page.context, people("sagsbehandler1"), link.address)
    theirs = page.context.new_page()
    make_ready(theirs)
    for tick in ticks:
        expect(tick).to_have_count(0)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#quiz")).to_have_count(0)  # they have not taken it along
    assert not Record.objects.exists()
    theirs.close()

    sign_in(page.context, person, link.address)
    page.goto("/da/start/")
    page.goto("/da/enhed/laas-op/")
    unlock(page)
    page.wait_for_url("**/da/start/")
    page.goto(address)
    for tick in ticks:
        expect(tick).to_be_checked()
    page.get_by_role("button", name="Send svar").click()
    expect(page.locator("#quiz-title")).to_contain_text("rigtige")
    new = QuizAttempt.objects.filter(lesson=quiz).exclude(pk__in=before)
    wait_for(page, new.exists)
    assert new.get().person == person


def test_what_is_read_while_the_device_is_locked_is_not_said_to_be_done(
    travelling: tuple[Page, Rope, Person],
) -> None:
    page, _link, person = travelling
    course = Course.objects.offered()[0]
    read = LessonProgress.objects.filter(person=person, read_at__isnull=False).values("lesson")
    lesson = Lesson.objects.filter(course=course).offered().exclude(pk__in=read)[0]
    take_along(page, course)
    # What is looked at for two seconds counts as read by itself: the button lies further down.
    page.set_viewport_size({"width": 1280, "height": 300})
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
    unlock(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.titles["da"])
    mark.click()
    expect(page.get_by_role("main").get_by_text("Færdig", exact=True)).to_be_visible()
    wait_for(page, lambda: read.filter(lesson=lesson).exists())


def test_a_lesson_that_is_here_asks_for_nothing(travelling: tuple[Page, Rope, Person]) -> None:
    page, link, _person = travelling
    course = Course.objects.offered()[0]
    lesson = Lesson.objects.filter(course=course).offered()[0]
    take_along(page, course)
    page.goto(f"{READING}#course:{course.pk}")
    page.wait_for_timeout(1000)
    asked = len(link.asked)

    page.get_by_role("link", name=lesson.titles["da"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.titles["da"])

    assert link.asked[asked:] == []
