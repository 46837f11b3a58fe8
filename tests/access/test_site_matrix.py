"""Nobody sees or does what is not theirs: every address of the site itself."""

import re

import pytest

from tests.access.asking import WRITTEN_BY_READING, Asking
from tests.access.matrix import MISSING, OF_OTHERS, Row, asked, rows

#: Said at collection, so that pytest-django makes a test database; the world outlives each test.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
SITE = [row for row in rows() if not row.pattern.startswith("admin/")]
ASKED = [(row, method) for row, method in asked() if not row.pattern.startswith("admin/")]
OF_SOMEBODY = [(row.pattern, method) for row, method in ASKED if row.of == OF_OTHERS]
#: Whom the members of a pairing see there is the pairing itself: no line for each of their pages.
#: Reading what another member wrote leaves one all the same (tests/mentoring).
MEMBERS = {"caseworker", "mentor", "travelling"}


@pytest.mark.parametrize(("row", "method"), ASKED, ids=str)
def test_everybody_gets_what_the_reviewed_table_says(asking: Asking, row: Row, method: str):
    answers = asking.everybody(row, method)

    assert asking.read_what_is_not_theirs(answers) == []
    if method == "GET":
        written = {name: answer.written - WRITTEN_BY_READING for name, answer in answers.items()}
        assert not any(written.values()), written
    assert asking.found[str(row), method] == asking.reviewed(row, method)


@pytest.mark.parametrize(("pattern", "method"), OF_SOMEBODY)
def test_a_refused_record_of_others_looks_like_a_missing_one(
    asking: Asking, pattern: str, method: str
):
    of_others = asking.everybody(Row(pattern, OF_OTHERS), method)
    missing = asking.everybody(Row(pattern, MISSING), method)

    for name, answer in of_others.items():
        if answer.letter in "-F":
            assert answer.letter == missing[name].letter, name
            assert _without_ids(answer.body) == _without_ids(missing[name].body), name


@pytest.mark.parametrize("row", SITE, ids=str)
def test_whoever_sees_the_name_of_somebody_leaves_a_line_in_the_log(asking: Asking, row: Row):
    for name, answer in asking.everybody(row, "GET").items():
        if asking.named(name, answer) and name not in MEMBERS:
            assert "core_accesslog" in answer.written, name


def _without_ids(body: bytes) -> bytes:
    """The page without what differs between any two requests."""
    body = re.sub(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", b"", body)
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)
