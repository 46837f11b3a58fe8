"""Write a small data set of both databases as this release leaves it.

    .venv/bin/python scripts/release_data.py

It goes to tests/releases/VERSION/: the demo in SQLite and in PostgreSQL, and for each the count
and hash of every table. The upgrade test of every later version starts from these files.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from postgres import Postgres, binaries

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "site"))


def manage(url: str, folder: Path, *command: str) -> bytes:
    """Run Python with the demo's settings on the database at ``url``; what it printed."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "SIDEMAND_VAR": str(folder),
            "SIDEMAND_MEDIA": str(folder / "media"),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        },
    ).stdout


def fill(url: str, folder: Path) -> bytes:
    """Load the demo into the empty database at ``url``; its digest."""
    manage(url, folder, "manage.py", "prepare")
    manage(url, folder, "manage.py", "load_demo")
    return manage(url, folder, "-m", "tests.releases.digest")


def main() -> None:
    """Write the four files of this version."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    from django.conf import settings

    target = ROOT / "tests" / "releases" / settings.VERSION
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "db.sqlite3"
        (target / "sqlite.json").write_bytes(fill(f"sqlite:///{file}", folder))
        manage(f"sqlite:///{file}", folder, "manage.py", "shell", "-v0", "-c",
               "from django.db import connection as c; c.cursor().execute('VACUUM')")  # fmt: skip
        (target / "sqlite.db.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
        with Postgres() as server:
            (target / "postgres.json").write_bytes(fill(server.url(), folder))
            found = binaries()
            dump = str(found / "pg_dump") if found else shutil.which("pg_dump") or "pg_dump"
            script = subprocess.run(
                [dump, "--no-owner", "--no-privileges", server.url()],
                check=True,
                stdout=subprocess.PIPE,
            ).stdout
        # \restrict lines carry a random key; without them the file is the same every time.
        kept = [line for line in script.splitlines(keepends=True) if b"restrict " not in line[:12]]
        (target / "postgres.sql.gz").write_bytes(gzip.compress(b"".join(kept), mtime=0))
    for path in sorted(target.iterdir()):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
