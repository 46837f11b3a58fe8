"""The content security policy holds on every page that a role reaches; no page asks elsewhere."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Error, Page, expect

from pages.models import InformationPage, LessonPage

pytestmark = [pytest.mark.browser, pytest.mark.once]

#: One person for each role, and nobody.
VISITORS = {
    "anonymous": None,
    "caseworker": "sagsbehandler1",
    "mentor": "mentor1",
    "travelling": "rejsende1",
    "leader": "teamleder1",
    "coordinator": "koordinator1",
    "editor": "redaktoer1",
    "translator": "oversaetter1",
    "reviewer": "godkender1",
    "administrator": "administrator1",
}
#: How many links away from the start of a role; two are minutes.
LEVELS = [1, pytest.param(2, marks=pytest.mark.full)]
ADDRESSES = "links => [...new Set(links.map(link => link.href))]"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


def kind_of(address: str) -> str:
    """The address without ids and query: what it is, not which one. Lessons are one kind."""
    path = ID.sub("*", urlsplit(address).path)
    return re.sub(r"^(/../kurser)/[^/]+", lambda found: found[1] + "/*", path)


def walk(page: Page, start: str, host: str, levels: int) -> Iterator[str]:
    """Follow the links from ``start``, some levels deep, GET alone; one address of each kind."""
    seen: set[str] = set()
    waiting = [(start, 0)]
    known = {start}
    while waiting:
        address, level = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen:
            continue
        seen.add(kind)
        try:
            page.goto(address, wait_until="load")
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            continue  # a file, whatever its address looks like
        yield address
        if level == levels:
            continue
        for found in page.locator("a[href]").evaluate_all(ADDRESSES):
            clean = urljoin(page.url, found).split("#")[0]
            if urlsplit(clean).netloc == host and clean not in known and is_page(clean):
                known.add(clean)
                waiting.append((clean, level + 1))


def is_page(address: str) -> bool:
    """Neither a file, nor what Wagtail does to pages that were ticked before."""
    path = urlsplit(address).path
    if path.endswith((".csv", ".xlsx", ".pdf")):
        return False
    return not path.startswith(("/static/", "/media/", "/documents/", "/admin/bulk/"))


@pytest.mark.parametrize("levels", LEVELS)
@pytest.mark.parametrize("role", VISITORS)
def test_every_page_that_a_role_reaches_keeps_the_policy(role, levels, visit, watch):
    page = visit(VISITORS[role])
    start = f"http://{watch.host}" + ("/da/start/" if VISITORS[role] else "/da/")
    opened = list(walk(page, start, watch.host, levels))

    assert len(opened) >= 5, opened


@pytest.mark.parametrize(
    "role",
    [
        "editor",
        pytest.param("translator", marks=pytest.mark.full),
        pytest.param("reviewer", marks=pytest.mark.full),
    ],
)
def test_every_page_of_the_admin_that_a_role_reaches_keeps_the_policy(role, visit, watch):
    page = visit(VISITORS[role])
    opened = list(walk(page, f"http://{watch.host}/admin/", watch.host, levels=1))
    lesson = LessonPage.objects.filter(locale__language_code="da", live=True).first()
    for part in ("edit", "history", "usage", "copy"):
        page.goto(f"/admin/pages/{lesson.pk}/{part}/")

    assert len(opened) >= 8, opened


def test_policy_is_enforced_and_strict(visit):
    page = visit("redaktoer1")
    for address, script in [("/da/", "'self'"), ("/admin/", "'self' 'unsafe-inline'")]:
        answer = page.goto(address)
        policy = dict(
            part.strip().split(" ", 1)
            for part in answer.headers["content-security-policy"].split(";")
        )
        assert policy["script-src"] == script
        assert "content-security-policy-report-only" not in answer.headers
        assert policy["default-src"] == "'self'"


def test_what_the_policy_forbids_is_noticed(visit, watch):
    """The watch itself is worth something."""
    page = visit(None, "/da/")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.2/x'}))")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    with page.expect_event("pageerror"):  # leaving the page would call it off
        page.evaluate("setTimeout(() => { throw new Error('on purpose') })")
    page.goto("/da/findes-ikke/")
    page.wait_for_function("() => document.readyState === 'complete'")

    heard = "\n".join(watch.complaints)
    watch.complaints.clear()
    assert heard.count("Content Security Policy") >= 2
    assert "on purpose" in heard
    assert "404: GET" in heard


def test_editor_preview_choosers_and_files_keep_the_policy(visit):
    lesson = LessonPage.objects.filter(locale__language_code="da", live=True).first()
    page = visit("redaktoer1", f"/admin/pages/{lesson.pk}/edit/")
    expect(page.locator("#id_title")).to_have_value(lesson.title)

    # The preview beside the editor
    page.get_by_role("button", name="Vis eller skjul forhåndsvisning").click()
    preview = page.frame_locator("iframe").first
    expect(preview.get_by_role("heading", level=1)).to_have_text(lesson.title)

    # A chooser
    page.get_by_role("button", name="Indsæt en blok").first.click()
    page.get_by_role("option", name="Regel").click()
    page.locator("[data-chooser-action-choose]:visible").first.click()
    expect(page.get_by_role("dialog").get_by_role("table")).to_be_visible()

    for address in ("images/", "documents/", "media/", "reports/workflow/"):
        page.goto(f"/admin/{address}", wait_until="load")
    for address in ("images/add/", "documents/multiple/add/"):
        page.goto(f"/admin/{address}", wait_until="load")


def test_userbar_keeps_the_policy(visit, people):
    page = visit("redaktoer1", InformationPage.objects.filter(live=True).first().url)
    assert page.locator("wagtail-userbar").count() in {0, 1}
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"] == ["'self'"]
