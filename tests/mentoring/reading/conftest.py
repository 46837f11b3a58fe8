"""A session that was sent."""

import pytest

from mentoring.models import Session
from tests.mentoring.reading.sending import Sent


@pytest.fixture
def session(sent: Sent) -> Session:
    return sent()
