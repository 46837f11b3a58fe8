"""What the tests of goals share: the framework they choose from."""

import pytest

from tests.factories.goals import make_framework


@pytest.fixture(autouse=True)
def _framework(db: None, settings: object) -> None:
    settings.SIDEMAND_SECOND_FACTOR = False
    make_framework()
