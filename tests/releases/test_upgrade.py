"""Whoever comes from a released version loses nothing: not a row, not a value."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from tests.releases.data import RELEASES, out, released, run

#: Whoever runs one of these goes the same way, only further; each takes more than a minute.
EARLIER = [pytest.param(version, marks=pytest.mark.full) for version in RELEASES[:-1]]


def test_there_is_a_data_set_of_each_release_that_is_out():
    assert settings.VERSION in out()
    assert set(out()) <= set(RELEASES)


@pytest.mark.both
@pytest.mark.parametrize("version", [*EARLIER, RELEASES[-1]])
def test_an_upgrade_keeps_every_row_and_value(version: str, tmp_path: Path):
    with released(version, tmp_path) as (url, written):
        run(url, "manage.py", "migrate", "--verbosity", "0")

        after = json.loads(run(url, "-m", "tests.releases.digest", str(written)))

    assert after == json.loads(written.read_text())
