"""The crawl is worth something: an English word anywhere on a page is found."""

import pytest
from bs4 import BeautifulSoup

from tests.kinds import english
from tests.kinds.crawl import texts_of

PAGE = """<!doctype html><html lang="da"><head><title>{title}</title></head>
<body><h1>Log en session</h1><p>{text}</p><img src="x.png" alt="{alt}">
<button aria-label="{label}">×</button><input placeholder="{placeholder}">
<input type="submit" value="{value}"><span class="code">WE9D-6KKH</span>
<p lang="en">{english}</p></body></html>"""
DANISH = dict.fromkeys(
    ["title", "text", "alt", "label", "placeholder", "value", "english"], "Gem siden"
)


def faults_in(html):
    """What the crawl finds on this page."""
    return english.faults(texts_of(BeautifulSoup(html, "html.parser")))


def test_danish_page_has_no_fault():
    assert faults_in(PAGE.format(**DANISH)) == []


@pytest.mark.parametrize("place", ["title", "text", "alt", "label", "placeholder", "value"])
@pytest.mark.parametrize(
    "text", ["Save draft", "Choose another page", "Oct. 14, 2026", "9:30 a.m."]
)
def test_english_is_found_wherever_a_reader_meets_it(place, text):
    assert faults_in(PAGE.format(**DANISH | {place: text})) != []


def test_what_says_that_it_is_english_may_be():
    assert faults_in(PAGE.format(**DANISH | {"english": "Choose another page"})) == []


def test_browser_finds_what_the_crawl_finds(browser):
    page = browser.new_page()
    found = []
    for place in DANISH:
        page.set_content(PAGE.format(**DANISH | {place: "Choose another page"}))
        if english.faults(page.evaluate(english.TEXTS)):
            found.append(place)
    page.close()

    assert found == ["title", "text", "alt", "label", "placeholder", "value"]


def test_danish_without_a_mark_is_found_on_a_page_in_kalaallisut():
    unmarked = '<html lang="kl"><body><p>Log en session</p></body></html>'
    marked = '<html lang="kl"><body><p lang="da">Log en session</p></body></html>'

    assert english.unmarked(texts_of(BeautifulSoup(unmarked, "html.parser"))) == ["Log en session"]
    assert english.unmarked(texts_of(BeautifulSoup(marked, "html.parser"))) == []


def test_date_of_a_machine_is_found_on_a_danish_page():
    assert english.foreign_dates([["Sendt 2026-10-14", "da"]]) == ["Sendt 2026-10-14"]
    assert english.foreign_dates([["Sendt den 14. oktober 2026", "da"]]) == []
