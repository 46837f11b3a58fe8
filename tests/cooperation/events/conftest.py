import pytest

from tests.factories.events import coordinator_of
from tests.factories.people import make_town


@pytest.fixture
def host(db):
    """A coordinator of the municipality that holds the events."""
    return coordinator_of(make_town("Ilulissat").municipality)
