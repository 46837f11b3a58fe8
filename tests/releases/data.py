"""The data sets of the releases, as databases of their own."""

import gzip
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
#: The heading of a release that is out, in CHANGELOG.md.
OUT = re.compile(r"^## (\d+\.\d+\.\d+) – \d{4}-\d{2}-\d{2}$", re.MULTILINE)


def numbers(version: str) -> tuple[int, ...]:
    """The version as it is compared: 0.10.0 comes after 0.9.0."""
    return tuple(map(int, version.split(".")))


def out() -> list[str]:
    """Every release that is out."""
    return OUT.findall((ROOT / "CHANGELOG.md").read_text())


#: Those with a data set, the oldest first.
RELEASES = sorted(
    (path.name for path in HERE.iterdir() if (path / "sqlite.db.gz").exists()), key=numbers
)


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


@contextmanager
def released(version: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """A database as the release left it: its address, and the digest written with it."""
    kept = HERE / version
    if connection.vendor == "sqlite":
        file = folder / "released.sqlite3"
        file.write_bytes(gzip.decompress((kept / "sqlite.db.gz").read_bytes()))
        yield f"sqlite:///{file}", kept / "sqlite.json"
        return
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"upgrade_{uuid.uuid4().hex[:8]}"
    url = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            script = gzip.decompress((kept / "postgres.sql.gz").read_bytes())
            subprocess.run(
                ["psql", "-q", "-v", "ON_ERROR_STOP=1", url],
                input=script,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            yield url, kept / "postgres.json"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
