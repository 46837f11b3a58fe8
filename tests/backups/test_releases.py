"""A backup of an older release is restored as it was, and goes on to the newest schema."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from core.backups import restoring
from core.backups.place import Place
from core.backups.progress import silent
from tests.backups.conftest import opened, save_to
from tests.releases.data import RELEASES, released, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("version", RELEASES)
def test_a_backup_of_a_release_is_restored_row_by_row(
    version: str, empty: Place, tmp_path: Path, settings: Any
) -> None:
    with released(version, tmp_path) as (url, written):
        carry_over(version, url, empty, tmp_path, settings)

    after = json.loads(run(address(empty), "-m", "tests.releases.digest", str(written)))
    assert after == json.loads(written.read_text())


@pytest.mark.full
@pytest.mark.parametrize("version", RELEASES)
def test_and_goes_on_to_the_newest_schema(
    version: str, empty: Place, tmp_path: Path, settings: Any
) -> None:
    with released(version, tmp_path) as (url, written):
        carry_over(version, url, empty, tmp_path, settings)

    run(address(empty), "manage.py", "prepare", "--skip-static")

    after = json.loads(run(address(empty), "-m", "tests.releases.digest", str(written)))
    lost = {
        table
        for table, told in json.loads(written.read_text()).items()
        if after[table]["count"] < told["count"]
    }
    assert lost == set()  # `prepare` brings the registers up to date, and takes nothing away


def carry_over(version: str, url: str, empty: Place, folder: Path, settings: Any) -> None:
    """Save what the release left, and restore it with the release of today."""
    today = settings.VERSION
    settings.VERSION = version
    with opened(url.partition("///")[2] if "sqlite" in url else url.rpartition("/")[2]) as older:
        save_to(folder / "older", Place(older, folder / "no-uploads"))
    settings.VERSION = today
    restoring.restore(empty, folder / "older", progress=silent())


def address(place: Place) -> str:
    """The database's address, for other processes."""
    database: BaseDatabaseWrapper = place.connection
    told = database.settings_dict
    if database.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return (
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    )
