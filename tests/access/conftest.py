"""The people who ask, in a world that is built once for all questions of a module."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.demo_picture import DemoPicture

if TYPE_CHECKING:
    from tests.access.asking import Asking


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a reviewer write the table anew."""
    parser.addoption(
        "--write-access-matrix", action="store_true", help="write tests/access/access_matrix.txt"
    )


@pytest.fixture(autouse=True)
def _clean_media() -> None:
    """The files of the world stay as long as the world."""


@pytest.fixture(scope="module")
def asking(
    request: pytest.FixtureRequest, demo_picture: DemoPicture, django_db_blocker: Any
) -> "Iterator[Asking]":
    """Everybody of the table, and something of each kind to open; gone after the module."""
    from tests.access.asking import Asking

    with (
        django_db_blocker.unblock(),
        override_settings(SIDEMAND_DEMO=True, SIDEMAND_SECOND_FACTOR=False),
        demo_picture.stands(),
        transaction.atomic(),
    ):
        is_writing = request.config.getoption("--write-access-matrix", default=False)
        asking = Asking.begin(is_writing=is_writing)
        yield asking
        transaction.set_rollback(True)
    if is_writing:
        asking.write()
