"""One server with one world for all tests here."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.kinds.site import Site, Visitor, served


@pytest.fixture(scope="session")
def site(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The site as production serves it."""
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("kinds")) as found:
        yield found


@pytest.fixture(scope="module")
def visitors(site: Site, browser: Any) -> Iterator[Callable[[str], Visitor]]:
    """A browser per person, kept from test to test."""
    known: dict[str, Visitor] = {}

    def visitor(who: str) -> Visitor:
        if who not in known:
            known[who] = Visitor(site, browser, who)
        return known[who]

    yield visitor
    for one in known.values():
        one.context.close()
