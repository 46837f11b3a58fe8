"""Every address is known, and every link leads to a page in our languages."""

from urllib.parse import urlsplit

import pytest
from django.urls import LocalePrefixPattern, URLResolver, get_resolver, resolve
from django.utils import translation

from tests.kinds import english
from tests.kinds.catalogue import KINDS, NO_PAGES, PEOPLE
from tests.kinds.crawl import Walk
from tests.kinds.site import LANGUAGES


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
