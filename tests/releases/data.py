"""The data sets of the releases, as databases of their own."""

import gzip
import os
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
