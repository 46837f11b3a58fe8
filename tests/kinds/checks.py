"""What is asked of a page once a browser stands on it; and what its first view took."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest

from tests.axe import violations
from tests.kinds import english
from tests.kinds.catalogue.kind import SCRIPT, Kind
from tests.kinds.site import LANGUAGES, Site, Traffic, Visitor

WIDTHS = (1280, 320)
#: What `make test` looks at: half of the kinds in Danish, axe as at the telephone; the others in
#: Kalaallisut, axe as at the desk. `make full` asks for the rest.
FIRST = [("da", 320), ("kl", 1280)]
SHOWN = """const shown = [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => !e.closest('.visually-hidden, .skip-link, thead') && e.offsetParent);"""
#: Out of sight, cut off, and whether the page scrolls sideways: asked at once, as all of a page is.
WHOLE = f"""() => {{ {SHOWN}
    const told = list => list.map(e => e.outerHTML.slice(0, 80));
    return [
        told(shown.filter(e => e.getBoundingClientRect().right > innerWidth + 1)),
        told(shown.filter(e => e.tagName !== 'INPUT' && e.tagName !== 'SELECT'
            && getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1)),
        document.documentElement.scrollWidth > innerWidth,
    ]; }}"""
HEAD = "[document.documentElement.lang, document.querySelectorAll('h1').length]"
#: Targets smaller than 24 px. A link in the middle of a sentence is exempt (WCAG 2.2, 2.5.8).
SMALL = """() => {
    const inSentence = e => getComputedStyle(e).display === 'inline'
        && [...e.parentElement.childNodes].some(one => one.nodeType === 3 && one.data.trim());
    return [...document.querySelectorAll('a, button, summary, input, select, textarea')]
        .filter(e => e.offsetParent && !e.closest('.visually-hidden, .skip-link') && !inSentence(e))
        .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24)
        .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`);
}"""
#: Every word becomes one of 23 letters, every seventh one of 41, as Kalaallisut has them.
LONG_WORDS = """() => {
    const words = ['Nunatsinnilliortarnerup', 'Innuttaasunikkiffartuussisartoqarnermullu'];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    let place = 0;
    for (const text of texts.filter(one => !one.parentElement.closest('script, style, noscript')))
        text.data = text.data.replace(/\\p{L}{4,}/gu, () => words[++place % 7 ? 0 : 1]);
    document.querySelectorAll('details').forEach(one => { one.open = true; });
}"""
#: A page on which something can be written says so to who has no script. Pages of the device are
#: nothing without one, and say that.
TYPED = """() => {
    const never = ['hidden', 'password', 'file', 'submit', 'button'];
    const written = [...document.querySelectorAll('main form')].filter(form =>
        form.method === 'post' && [...form.elements].some(e => e.name && !never.includes(e.type)));
    const asks = [...document.querySelectorAll('header noscript, main noscript')]
        .some(e => /name="typed"|JavaScript/.test(e.textContent));
    return written.length && !asks ? written.map(e => e.outerHTML.slice(0, 80)) : [];
}"""

#: What the first view of each kind took.
first_views: dict[str, Traffic] = {}


def first_look(kind: Kind) -> tuple[str, int]:
    """The language in which `make test` looks at ``kind``, and the width at which axe does."""
    return FIRST[crc32(kind.name.encode()) % len(FIRST)]


def in_both_languages(kinds: Sequence[Kind]) -> pytest.MarkDecorator:
    """Give a test each kind in each language; ``full`` where `make test` leaves it out."""
    return pytest.mark.parametrize(
        ("kind", "language"),
        [
            pytest.param(kind, language, marks=() if is_first else pytest.mark.full)
            for kind in kinds
            for language in LANGUAGES
            for is_first in [language == first_look(kind)[0]]
        ],
        ids=lambda value: getattr(value, "name", value),
    )


def reach(visitor: Visitor, kind: Kind, language: str) -> int:
    """Bring the browser to the page in its state; the status of its answer."""
    visitor.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    if not kind.who:  # what an invitation or a first step left behind
        visitor.context.clear_cookies()
    if language == "da":
        visitor.forget()
    status = visitor.go(kind.path, language)
    if language == "da":
        first_views[kind.name] = visitor.traffic
    if kind.send is not None:
        status = visitor.send(kind.form, kind.send)
    return status


def faults_of(visitor: Visitor, kind: Kind, language: str) -> dict[str, Any]:
    """What is wrong with the page that the visitor stands on, by what was looked at."""
    page = visitor.page
    texts = page.evaluate(english.TEXTS)
    found: dict[str, Any] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (language, width) == first_look(kind):
            found[f"axe at {width}"] = violations(page)
        found[f"small at {width}"] = page.evaluate(SMALL)
        found |= _whole(page, width)
    found["English"] = english.faults(texts)
    if language == "da":
        found["dates"] = english.foreign_dates(texts)
        found["lost without script"] = page.evaluate(TYPED)
        page.evaluate(LONG_WORDS)
        found |= {f"{what}, long words": faults for what, faults in _whole(page, 320).items()}
    elif language in kind.speaks:
        found["Danish without a mark"] = english.unmarked(texts)
    found["complaints"] = list(visitor.complaints)
    return {what: faults for what, faults in found.items() if faults}


def _whole(page: Any, width: int) -> dict[str, Any]:
    """What cannot be seen whole at this width. 320 px are 1,280 px at 400 %."""
    out_of_sight, cut_off, scrolls = page.evaluate(WHOLE)
    return {
        f"out of sight at {width}": out_of_sight,
        f"cut off at {width}": cut_off,
        f"scrolls sideways at {width}": scrolls,
    }


def serves_everybody(visitor: Visitor, kind: Kind, language: str) -> None:
    """Usable, whole and in our languages."""
    status = reach(visitor, kind, language)
    spoken, headings = visitor.page.evaluate(HEAD)

    assert faults_of(visitor, kind, language) == {}
    assert status == kind.status
    assert spoken == (language if language in kind.speaks else "da")
    assert headings == 1


def axe_finds_nothing_elsewhere(visitor: Visitor, kind: Kind, language: str) -> None:
    """Axe finds nothing at the widths that :func:`serves_everybody` left out."""
    found = {}
    reach(visitor, kind, language)
    for width in WIDTHS:
        if (language, width) != first_look(kind):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            found[width] = violations(visitor.page)

    assert not any(found.values()), found


def is_light_and_our_own(site: Site, visitor: Visitor, kind: Kind) -> None:
    """A first view keeps its budget and asks nobody else."""
    if kind.name not in first_views:
        reach(visitor, kind, "da")
    traffic = first_views[kind.name]

    assert {urlsplit(url).netloc for url in traffic.urls} == {urlsplit(site.url).netloc}
    assert traffic.count(but="Image") <= kind.requests
    assert traffic.size("Document") <= kind.html
    assert traffic.size("Script") <= SCRIPT
    assert traffic.size("Font") == 0
    assert traffic.size(but="Image") <= kind.budget
