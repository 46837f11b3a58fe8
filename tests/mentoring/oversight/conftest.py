"""Two towns, each with one of everything."""

import pytest

from tests.mentoring.oversight.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
