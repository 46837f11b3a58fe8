"""Two translators, and a lesson in Danish."""

from typing import Any

import pytest

from pages.models import LessonPage
from people.models import Person
from tests.factories.pages import make_lesson_page, text
from tests.factories.translating import make_staff


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    """Signing in is proven elsewhere."""
    settings.SIDEMAND_SECOND_FACTOR = False


@pytest.fixture
def one() -> Person:
    return make_staff("translator", name="Oversætter Demo 1")


@pytest.fixture
def two() -> Person:
    return make_staff("translator", name="Oversætter Demo 2")


@pytest.fixture
def lesson() -> LessonPage:
    return make_lesson_page(title="Titel", body=[text("<p>Læs.</p>")])
