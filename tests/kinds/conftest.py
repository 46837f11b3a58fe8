"""One server with one world for all tests here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kinds.site import Site, Visitor, served


@pytest.fixture(scope="session")
def site(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    shared_folder: Path | None,
) -> Iterator[Site]:
    """The site as production serves it."""
    folder = tmp_path_factory.mktemp("kinds")
    with django_db_blocker.unblock(), served(folder, shared_folder) as found:
        yield found


@pytest.fixture(scope="module")
def visitors(site: Site, browser: Any) -> Iterator[Callable[[str], Visitor]]:
    """A browser per person, kept from test to test."""
    known: dict[str, Visitor] = {}

    def visitor(who: str) -> Visitor:
        for one in known.values():
            if one is not known.get(who):
                one.rest()
        if who not in known:
            known[who] = Visitor(site, browser, who)
        return known[who]

    yield visitor
    for one in known.values():
        one.context.close()
