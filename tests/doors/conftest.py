"""What is behind the doors: the demo, for all tests of a module."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.demo_picture import DemoPicture


@pytest.fixture(autouse=True)
def _clean_media() -> None:
    """The files of the demo stay as long as the demo."""


@pytest.fixture(scope="module", autouse=True)
def _demo(demo_picture: DemoPicture, django_db_blocker: Any) -> Iterator[None]:
    """The demo stands before a test begins its transaction, and is gone after the module."""
    with (
        django_db_blocker.unblock(),
        override_settings(SIDEMAND_DEMO=True),
        demo_picture.stands(),
        django_db_blocker.block(),
    ):
        yield
