"""Every address is known, and every link leads to a page in our languages."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from babel import Locale
from django.urls import LocalePrefixPattern, URLResolver, get_resolver, resolve
from django.utils import timezone, translation

from tests.kinds import english
from tests.kinds.catalogue import KINDS, NO_PAGES
from tests.kinds.catalogue.kind import PEOPLE
from tests.kinds.crawl import Walk
from tests.kinds.site import LANGUAGES

pytestmark = pytest.mark.once


def names(resolver, namespace=""):
    """The name of every address below ``resolver``, as a match tells it."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        elif entry.name:
            yield namespace + entry.name


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_day_of_a_session_is_told_as_in_the_language(site, language):
    day = timezone.localdate() - timedelta(days=1)  # as in tests/kinds/world.py
    words = Locale(language)  # the figures of CLDR
    month = words.months["format"]["wide"][day.month]
    weekday = words.days["format"]["wide"][day.weekday()]
    between = " den " if language == "da" else " "
    page = site.fill(f"/{language}/sidemand/sessioner/{{open}}/")
    walk = Walk(site, "mentor", begin=[page], within="-", of_a_kind=1)
    _address, _status, texts = next(walk.pages())

    told = f"{weekday}{between}{day.day}. {month}"
    assert [text for text, _language in texts if told in text], texts


@pytest.mark.parametrize(
    ("who", "at_least"), [("editor", 21), ("translator", 13), ("reviewer", 18)]
)
def test_every_link_of_the_admin_leads_to_a_page_in_danish(site, who, at_least):
    walk = Walk(site, who, begin=["/admin/"], within="/admin/", of_a_kind=1)
    met, found = 0, {}
    for address, status, texts in walk.pages():
        met += 1
        faults = [*english.faults(texts), *([f"status {status}"] if status != 200 else [])]
        if faults:
            found[address] = faults

    assert found == {}
    assert met >= at_least
