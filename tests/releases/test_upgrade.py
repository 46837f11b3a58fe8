"""Whoever comes from a released version loses nothing: not a row, not a value."""

import gzip
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RELEASES = sorted(path.name for path in HERE.iterdir() if (path / "sqlite.db.gz").exists())


def run(url: str, *command: str) -> str:
    """Run Python on the database at ``url``; what it printed."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def restored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A database as the release left it: its address, and the digest written with it."""
    folder = HERE / request.param
    if connection.vendor == "sqlite":
        file = tmp_path / "released.sqlite3"
        file.write_bytes(gzip.decompress((folder / "sqlite.db.gz").read_bytes()))
        yield f"sqlite:///{file}", folder / "sqlite.json"
        return
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"upgrade_{uuid.uuid4().hex[:8]}"
    url = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            script = gzip.decompress((folder / "postgres.sql.gz").read_bytes())
            subprocess.run(
                ["psql", "-q", "-v", "ON_ERROR_STOP=1", url],
                input=script,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            yield url, folder / "postgres.json"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_there_is_a_data_set_of_each_release_before_this_one():
    assert RELEASES
    assert max(RELEASES) <= settings.VERSION


@pytest.mark.parametrize("restored", RELEASES, indirect=True)
def test_an_upgrade_keeps_every_row_and_value(restored: tuple[str, Path]):
    url, written = restored

    run(url, "manage.py", "migrate", "--verbosity", "0")

    after = json.loads(run(url, "-m", "tests.releases.digest", str(written)))
    assert after == json.loads(written.read_text())
