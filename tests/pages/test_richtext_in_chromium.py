"""The proof in a real browser: no hostile words run, even where no policy would stop them."""

import json

import pytest
from django.test import Client
from playwright.sync_api import Page as Tab

from pages.models import LessonPage
from tests.factories.pages import block, make_lesson_page, text
from tests.pages.test_richtext import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: Hovers and presses everything; what leads away leads nowhere.
TOUCH = """() => {
    for (const element of document.querySelectorAll("body *")) {
        element.addEventListener("click", (event) => {
            const link = event.target.closest("a");
            if (!link || link.protocol !== "javascript:") event.preventDefault();
        });
        element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        if (element.click) element.click();
    }
}"""


def scripts_run(tab: Tab, html: str) -> int:
    """How often the page called ``alert``, once everything on it was touched."""
    tab.route("**/*", lambda route: route.abort())
    tab.add_init_script("window.ran = 0; window.alert = () => { window.ran += 1; }")
    tab.goto("about:blank")
    tab.set_content(html, wait_until="domcontentloaded")
    tab.evaluate(TOUCH)
    tab.wait_for_timeout(300)  # a picture that fails, a link that is followed
    return int(tab.evaluate("window.ran"))


def test_no_hostile_words_run_in_a_lesson(client: Client, base: None, page: Tab):
    lesson = make_lesson_page()
    raw = [text(html) for html in HOSTILE]
    raw += [block("fact_box", {"title": html, "text": html}) for html in HOSTILE]
    LessonPage.objects.filter(pk=lesson.pk).update(body=json.dumps(raw))
    html = client.get(lesson.url).content.decode()

    assert html.count('class="box"') >= len(HOSTILE)
    assert scripts_run(page, html) == 0


def test_the_same_words_run_where_nobody_cleans_them(page: Tab):
    assert scripts_run(page, f"<body>{''.join(HOSTILE[:5])}</body>") >= 4
