"""What the tests of an editor's work share."""

from typing import Any

import pytest

from tests.factories.pages import text


@pytest.fixture
def heavy_body() -> list[dict[str, Any]]:
    """More text than a first answer may hold: words that do not compress well."""
    letters = str.maketrans("0123456789abcdef", "bdfghjklmnprstvx")
    words = (f"{number * 7919 % 100_003:05x}{number:04x}" for number in range(4_000))
    return [text(f"<p>{' '.join(words).translate(letters)}</p>")]
