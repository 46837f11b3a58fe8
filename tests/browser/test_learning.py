"""A trainee's way: sign in, read, answer, see how far one is, go on where one left off."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from courses.models import Lesson, LessonProgress, QuestionVersion, QuizAttempt
from courses.quizzes.form import FIELD, asked_in
from demo.people import PASSWORD
from tests.browser.steps import DESK, PHONE, look

pytestmark = pytest.mark.browser


def fill_quiz(page: Page, *, rightly: bool) -> int:
    """Answer every question on the page; how many there are."""
    lesson = Lesson.objects.get(
        pk=re.search(r"lektion/([0-9a-f-]{36})/quiz", quiz_address(page)).group(1)
    )
    versions: list[QuestionVersion] = list(asked_in(lesson))
    for version in versions:
        right = {choice.id for choice in version.choices if choice.is_correct}
        wrong = {choice.id for choice in version.choices} - right
        for choice in right if rightly else list(wrong)[:1]:
            page.locator(f'[name="{FIELD}{version.pk}"][value="{choice}"]').check()
    return len(versions)


def follow(page: Page, link: Locator) -> None:
    """Press a link, and wait until its page is there."""
    with page.expect_navigation():
        link.click()


def quiz_address(page: Page) -> str:
    """Where the quiz on the page is sent to."""
    button = page.get_by_role("button", name="Send svar")
    return str(button.evaluate("button => button.form.action"))


def send_quiz(page: Page) -> None:
    page.get_by_role("button", name="Send svar").click()


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_trainee_signs_in_reads_answers_and_goes_on_where_they_left_off(visit, people, screen):
    trainee = people("sagsbehandler2")
    page = visit(None, "/da/start/", **screen)

    # Sign in, and start with nothing begun
    expect(page).to_have_title(re.compile("^Log ind"))
    page.get_by_label("E-mail").fill(trainee.email)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url("**/da/start/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(trainee.name)

    # Take the first course, go to its first lesson
    if screen is PHONE:
        page.locator("summary").filter(has_text="Menu").click()
    page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Min læring").click()
    page.get_by_role("link", name="Underretninger: fra bekymring til beslutning").click()
    page.get_by_role("button", name="Tag kurset").click()
    expect(page.get_by_role("status").first).to_be_visible()
    look(page)
    follow(page, page.get_by_role("link", name="Fortsæt lektionen"))
    first = page.get_by_role("heading", level=1).inner_text()
    look(page)

    # Reaching the end marks it read
    expect(page.get_by_role("button", name="Markér som læst")).to_be_visible()
    page.locator("footer").scroll_into_view_if_needed()
    page.get_by_role("button", name="Markér som læst").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Markér som læst")).to_be_hidden()
    expect(page.get_by_text("Færdig", exact=True)).to_be_visible()
    assert LessonProgress.objects.filter(person=trainee, read_at__isnull=False).count() == 1

    # On to the lesson with the quiz
    while not page.get_by_role("button", name="Send svar").count():
        follow(page, page.locator("a[rel=next]"))
    lesson_url = page.url
    lesson_title = page.get_by_role("heading", level=1).inner_text()
    assert lesson_title != first

    # Wrong: what is right, why, and the rule that says so
    count = fill_quiz(page, rightly=False)
    assert count == 5
    send_quiz(page)
    page.wait_for_url("**/laering/forsoeg/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"0 af {count} rigtige")
    expect(page.get_by_text("Ikke rigtigt", exact=True)).to_have_count(count)
    rule = page.locator(".rule").first
    expect(rule).to_contain_text("§")
    expect(rule).to_contain_text("Kilde:")
    look(page)

    # Right: passed
    page.get_by_role("link", name="Prøv igen").click()
    fill_quiz(page, rightly=True)
    send_quiz(page)
    page.wait_for_url("**/laering/forsoeg/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count} af {count} rigtige")
    expect(page.get_by_text("Du har bestået quizzen.")).to_be_visible()
    expect(page.locator(".rule").first).to_be_visible()
    attempts = QuizAttempt.objects.filter(person=trainee).order_by("submitted_at")
    assert [(one.score, one.passed) for one in attempts] == [(0, False), (count, True)]

    # Progress, and where to go on
    with page.expect_response("**/aabnet/"):  # sent once somebody has stayed for a while
        follow(page, page.get_by_role("link", name="Næste lektion"))
    upcoming = page.get_by_role("heading", level=1).inner_text()
    page.goto("/da/laering/")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"[1-9]\d* af \d+ lektioner"))
    look(page)
    page.goto("/da/start/")
    expect(page.get_by_role("main")).to_contain_text("Fortsæt:")
    follow(page, page.get_by_role("link", name=re.compile("^Fortsæt")).first)
    expect(page.get_by_role("heading", level=1)).to_have_text(upcoming)
    assert page.url != lesson_url


def test_switching_language_keeps_a_half_answered_quiz(visit):
    page = visit("sagsbehandler1", "/da/laering/")
    go_to_quiz(page)
    field = page.locator(f'main input[name^="{FIELD}"]')
    field.first.check()
    value = field.first.get_attribute("value")

    page.get_by_role("button", name="Kalaallisut").click()
    page.wait_for_url("**/kl/**")
    expect(page.locator(f'input[value="{value}"]')).to_be_checked()
    page.get_by_role("button", name="Dansk").click()
    page.wait_for_url("**/da/**")
    expect(page.locator(f'input[value="{value}"]')).to_be_checked()


def go_to_quiz(page: Page) -> None:
    """From "My learning" to the next lesson that has a quiz."""
    follow(page, page.get_by_role("link", name="Fortsæt lektionen"))
    while not page.get_by_role("button", name="Send svar").count():
        follow(page, page.locator("a[rel=next]"))


def test_unanswered_question_is_named_and_nothing_is_lost(visit, watch):
    watch.expect(422)
    page = visit("sagsbehandler1", "/da/laering/")
    go_to_quiz(page)
    field = page.locator(f'main input[name^="{FIELD}"]').first
    field.check()
    value = field.get_attribute("value")
    send_quiz(page)

    expect(page).to_have_title(re.compile("^Fejl:"))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(f'input[value="{value}"]')).to_be_checked()
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.name").startswith(FIELD)


@pytest.mark.parametrize("language", ["da"])
def test_trainee_without_javascript(visit, people, language):
    trainee = people("sagsbehandler3")
    page = visit("sagsbehandler3", f"/{language}/start/", java_script_enabled=False)
    before = LessonProgress.objects.filter(person=trainee, read_at__isnull=False).count()

    page.get_by_role("link", name=re.compile("^Fortsæt")).first.click()
    page.get_by_role("button", name="Markér som læst").click()
    expect(page.get_by_text("Færdig", exact=True)).to_be_visible()
    assert (
        LessonProgress.objects.filter(person=trainee, read_at__isnull=False).count() == before + 1
    )

    while not page.get_by_role("button", name="Send svar").count():
        follow(page, page.locator("a[rel=next]"))
    for _question in page.locator("main fieldset").all():
        _question.locator("input").first.check()
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rigtige")
