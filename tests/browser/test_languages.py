"""A learner who switches language: one progress record, no answer lost, the same spot."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from courses.models import Lesson, LessonProgress, QuizAttempt
from courses.quizzes.form import FIELD

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: Fills the first half of the quiz's fields, or all that are empty. Of one question no two lists
#: get the same answer: places of an order and partners of a pair are given out once.
FILL = """([begin, all]) => {
  const form = document.querySelector(`form:has([name^="${begin}"])`);
  const fields = [...form.elements].filter((one) => one.name.startsWith(begin));
  const names = [...new Set(fields.map((one) => one.name))];
  const question = (field) => field.name.slice(0, begin.length + 36);
  for (const name of names.slice(0, all ? names.length : Math.ceil(names.length / 2))) {
    const own = fields.filter((one) => one.name === name);
    const isChoice = own[0].type === "radio" || own[0].type === "checkbox";
    if (own.some((one) => (isChoice ? one.checked : one.value))) continue;
    const field = own.at(-1);
    if (isChoice) field.checked = true;
    else if (field.options) {
      const beside = fields.filter((one) => question(one) === question(field));
      const taken = beside.map((one) => one.value);
      field.value = [...field.options].find((one) => !taken.includes(one.value)).value;
    } else field.value = "7";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}"""
ANSWERS = """(begin) => {
  const form = document.querySelector(`form:has([name^="${begin}"])`);
  const filled = [...new FormData(form)].filter(([name, value]) => name.startsWith(begin) && value);
  return filled.map((pair) => pair.join("=")).sort();
}"""


def switch(page: Page, language: str, *, by_link: bool) -> None:
    """To the other language, by the link below the title or by the switch above the page."""
    name = {"kl": "Kalaallisut", "da": "Dansk"}[language]
    with page.expect_navigation():
        if by_link:
            page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        else:
            page.get_by_role("button", name=name, exact=True).click()
    assert f"/{language}/" in page.url


def answers(page: Page) -> list[str]:
    """What is filled in on the page."""
    found: list[str] = page.evaluate(ANSWERS, FIELD)
    return found


@pytest.mark.parametrize("one_in", [4, pytest.param(1, marks=pytest.mark.full)])
def test_one_learner_switches_language_in_the_middle_of_every_lesson(visit, people, one_in):
    learner = people("sagsbehandler2")
    page = visit("sagsbehandler2")
    offered = Lesson.objects.offered()
    lessons = sorted(offered, key=lambda lesson: lesson.paths["da"])[::one_in]
    with_quiz: list[Any] = []
    assert len(lessons) > 40 // one_in

    for number, lesson in enumerate(lessons):
        page.goto(lesson.paths["da"])
        has_quiz = page.get_by_role("button", name="Send svar").count() > 0
        if has_quiz:
            page.evaluate(FILL, [FIELD, False])
            half = answers(page)
            assert half
        switch(page, "kl", by_link=number % 2 == 0)
        if not has_quiz:
            button = page.get_by_role("button", name="Markér som læst")
            if button.is_visible():
                button.click()
            expect(page.get_by_text("Færdig", exact=True)).to_be_visible()
            continue
        assert answers(page) == half
        page.evaluate(FILL, [FIELD, True])
        assert set(half) <= set(answers(page))
        with_quiz.append(lesson.pk)
        page.get_by_role("button", name="Send svar").click()
        page.wait_for_url("**/laering/forsoeg/**")

    progress = LessonProgress.objects.filter(person=learner)
    attempts = QuizAttempt.objects.filter(person=learner)
    assert sorted(progress.values_list("lesson", flat=True)) == sorted(one.pk for one in lessons)
    assert len(with_quiz) > 10 // one_in
    assert sorted(attempts.values_list("lesson", flat=True)) == sorted(with_quiz)


def test_switching_language_shows_the_same_spot_of_the_page(visit):
    lesson = Lesson.objects.offered().first()
    page = visit(None, lesson.paths["da"], viewport={"width": 360, "height": 500})
    name = page.locator('.prose [id^="b-"]').nth(3).get_attribute("id")
    top = "name => document.getElementById(name).getBoundingClientRect().top"
    page.evaluate(f"name => scrollBy(0, ({top})(name) + 40)", name)
    assert -45 < page.evaluate(top, name) < -35

    page.evaluate("document.querySelector('[data-language-switch] [value=kl]').click()")
    page.wait_for_url("**/kl/**")

    page.wait_for_function(f"name => Math.abs(({top})(name) + 40) < 30", arg=name)


def test_a_stranger_without_script_switches_by_the_same_link(visit):
    lesson = Lesson.objects.offered().first()
    page = visit(None, lesson.paths["da"], java_script_enabled=False)

    page.get_by_role("main").get_by_role("link", name="Kalaallisut", exact=True).click()

    page.wait_for_url("**/kl/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
