"""Every kind of page in every state: usable, whole, in our languages, light, and our own.

All of it stands in one file: the tests share a server, and a worker of the suite takes a file.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import LocalePrefixPattern, URLResolver, get_resolver, resolve
from django.utils import translation

from tests.axe import violations
from tests.kinds import english
from tests.kinds.catalogue import FIRST_HTML, KINDS, NO_PAGES, PEOPLE, SCRIPT, Kind
from tests.kinds.crawl import Walk
from tests.kinds.site import LANGUAGES, Traffic, Visitor

pytestmark = pytest.mark.browser
WIDTHS = (1280, 320)
OUT_OF_SIGHT = """() => [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => !e.closest('.visually-hidden, .skip-link') && e.offsetParent
        && e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 80))"""


def names(resolver, namespace=""):
    """The name of every address below ``resolver``, as a match tells it."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        elif entry.name:
            yield namespace + entry.name


#: What the first view of each kind took.
first_views: dict[str, Traffic] = {}


def reach(visitor: Visitor, kind: Kind, language: str) -> int:
    """Bring the browser to the page in its state; the status of its answer."""
    visitor.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    if not kind.who:  # what an invitation or a first step left behind
        visitor.context.clear_cookies()
    visitor.forget()
    status = visitor.go(kind.path, language)
    first_views[kind.name] = visitor.traffic
    if kind.send is not None:
        status = visitor.send(kind.form, kind.send)
    return status


@pytest.mark.parametrize(
    ("kind", "language"),
    [(kind, language) for kind in KINDS for language in LANGUAGES],
    ids=lambda value: getattr(value, "name", value),
)
def test_page_serves_everybody(visitors, kind, language):
    visitor = visitors(kind.who)
    status = reach(visitor, kind, language)
    page = visitor.page
    texts = page.evaluate(english.TEXTS)
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found[f"axe at {width}"] = violations(page)
        found[f"out of sight at {width}"] = page.evaluate(OUT_OF_SIGHT)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"scrolls sideways at {width}"] = [str(width)]
    found["English"] = english.faults(texts)
    if language == "da":
        found["dates"] = english.foreign_dates(texts)
    elif language in kind.speaks:
        found["Danish without a mark"] = english.unmarked(texts)
    found["complaints"] = visitor.complaints

    assert status == kind.status
    assert {what: faults for what, faults in found.items() if faults} == {}
    assert page.evaluate("document.documentElement.lang") == (
        language if language in kind.speaks else "da"
    )
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.send is None], ids=lambda kind: kind.name
)
def test_first_view_is_light_and_our_own(site, visitors, kind):
    if kind.name not in first_views:
        reach(visitors(kind.who), kind, "da")
    traffic = first_views[kind.name]

    assert {urlsplit(url).netloc for url in traffic.urls} == {urlsplit(site.url).netloc}
    assert traffic.count(but="Image") <= kind.requests
    assert traffic.size("Document") <= FIRST_HTML
    assert traffic.size("Script") <= SCRIPT
    assert traffic.size("Font") == 0
    assert traffic.size(but="Image") <= kind.budget


@pytest.mark.parametrize("who", ["", "caseworker"])
def test_lesson_with_five_questions_keeps_its_budget(site, browser, who):
    visitor = Visitor(site, browser, who)
    visitor.go("{quiz}", wait_until="networkidle")
    first = visitor.traffic
    visitor.go("{quiz}", wait_until="networkidle")
    again = visitor.traffic
    shown = visitor.page.locator("#quiz h3").count()
    visitor.context.close()

    assert shown == 5
    assert first.count(but="Image") <= 4
    assert first.size(but="Image") <= 25_000
    assert first.size("Document") <= FIRST_HTML
    assert again.count() <= 1 + bool(who)  # that it was opened is told once the page is there
    assert again.size() <= 5_000


def test_every_address_that_draws_a_page_is_in_the_catalogue(site):
    with translation.override("da"):
        met = {
            resolve(urlsplit(site.address(kind.path)).path).view_name
            for kind in KINDS
            if not kind.path.startswith("fejl/")
        }
    ours = {
        name
        for entry in get_resolver().url_patterns
        if isinstance(entry.pattern, LocalePrefixPattern)
        for name in names(entry)
    }

    assert sorted(ours - met - NO_PAGES) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["", *PEOPLE])
def test_every_link_leads_to_a_page_in_our_languages(site, who, language):
    begin = [f"/{language}/", *([f"/{language}/start/"] if who else [])]
    walk = Walk(site, who, begin=begin, within=f"/{language}/", of_a_kind=1 if who else 12)
    met, found = 0, {}
    for address, status, texts in walk.pages():
        met += 1
        faults = [*english.faults(texts), *([f"status {status}"] if status != 200 else [])]
        faults += english.foreign_dates(texts) if language == "da" else english.unmarked(texts)
        if faults:
            found[address] = faults

    assert found == {}
    assert met > 5


@pytest.mark.parametrize("who", ["editor", "translator", "reviewer"])
def test_every_link_of_the_admin_leads_to_a_page_in_danish(site, who):
    walk = Walk(site, who, begin=["/admin/"], within="/admin/", of_a_kind=1)
    met, found = 0, {}
    for address, status, texts in walk.pages():
        met += 1
        faults = [*english.faults(texts), *([f"status {status}"] if status != 200 else [])]
        if faults:
            found[address] = faults

    assert found == {}
    assert met > 20


ADMIN_PAGES = [
    ("editor", "/admin/"),
    ("editor", "/admin/pages/{lesson_page}/edit/"),
    ("editor", "/admin/pages/add/pages/lessonpage/{module_page}/"),
    ("editor", "/admin/images/add/"),
    ("translator", "/admin/pages/{lesson_page}/"),
    ("translator", "/admin/localize/submit/page/{lesson_page}/"),
    ("reviewer", "/admin/pages/{lesson_page}/edit/"),
]


@pytest.mark.parametrize(("who", "path"), ADMIN_PAGES)
def test_admin_is_danish_once_its_script_has_run(site, visitors, who, path):
    visitor = visitors(who)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    response = visitor.page.goto(site.url + site.fill(path), wait_until="load")
    visitor.page.wait_for_function("document.querySelector('.sidebar--slim, .sidebar nav, #nav')")
    texts = visitor.page.evaluate(english.TEXTS)

    assert response.status == 200
    assert english.faults(texts) == []
