"""What the tests of the map stand on."""

from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture
def frameworks(settings: Any, base: None) -> None:
    """The topics and the frameworks that a site begins with."""
    settings.SIDEMAND_SECOND_FACTOR = False
    call_command("load_topics", verbosity=0)
    call_command("load_frameworks", verbosity=0)
