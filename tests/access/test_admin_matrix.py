"""Nobody sees or does what is not theirs: every address below ``/admin/``."""

import pytest

from tests.access.asking import WRITTEN_BY_READING, Asking
from tests.access.matrix import Row, asked

#: Said at collection, so that pytest-django makes a test database; the world outlives each test.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADMIN = [(row, method) for row, method in asked() if row.pattern.startswith("admin/")]


@pytest.mark.parametrize(("row", "method"), ADMIN, ids=str)
def test_everybody_gets_what_the_reviewed_table_says(asking: Asking, row: Row, method: str):
    answers = asking.everybody(row, method)

    assert asking.read_what_is_not_theirs(answers) == []
    if method == "GET":
        written = {name: answer.written - WRITTEN_BY_READING for name, answer in answers.items()}
        assert not any(written.values()), written
    assert asking.found[str(row), method] == asking.reviewed(row, method)
