"""A pytest plugin: migrate once, and give each process of the suite a copy.

Running every migration costs two minutes of processor time, and each process of the suite would
pay it again, on each database. The migrated database is kept under a name made of everything that
could change it, so a new migration or a new package makes a new one. Where migrations were only
added, on SQLite, the one before is taken further. What a test has committed is gone after it.

A copy has the front pages, the empty catalogue and the groups of the admin as well, which nearly
every test of a page stands on: making them takes longer than most tests.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import snapshot

ROOT = Path(__file__).resolve().parent.parent
FIRST_PAGES = """
import django
django.setup()
from pages import setup
from tests.factories.pages import make_catalogue
make_catalogue()
setup.grant_permissions()
"""


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The copy made below is the test database, and goes with what made it.

    Django would begin with an empty one, and end in an error where the server still counts a
    connection that a thread of a test has just let go.
    """
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Let this process begin with a copy of the migrated database.

    SQLite lies in a file, as in production: every thread of a server has a connection. In memory
    all of them would share one, its transactions included, and lock each other out.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "core.sqlite":
        copy = tmp_path_factory.mktemp("database") / "test.sqlite3"
        shutil.copyfile(migrated_sqlite(), copy)
        database["TEST"]["NAME"] = str(copy)
        yield
        return
    database["TEST"]["TEMPLATE"] = migrated_postgres()
    name = database["TEST"].get("NAME") or f"test_{database['NAME']}"
    _drop_on_postgres(name)  # of a run that was killed
    yield
    _drop_on_postgres(name)


def main() -> None:
    """Make the migrated database of the settings, so that no test waits for it."""
    if settings.DATABASES["default"]["ENGINE"] == "core.sqlite":
        migrated_sqlite()
    else:
        migrated_postgres()


def migrated_sqlite() -> Path:
    """The file of a migrated database."""
    with _one_at_a_time("sqlite") as folder:
        migrated = folder / f"{_fingerprint()}.sqlite3"
        if not migrated.exists():
            unfinished = migrated.with_suffix(".sqlite3-unfinished")
            earlier = _earlier(folder)
            if earlier is None:
                unfinished.unlink(missing_ok=True)
            else:
                shutil.copyfile(earlier, unfinished)
            for outdated in folder.glob("*.sqlite3*"):
                if outdated != unfinished:
                    outdated.unlink()
            _prepare(f"sqlite:///{unfinished}")
            migrated.with_suffix(".json").write_text(json.dumps(_made_of()))
            unfinished.rename(migrated)
    return migrated


def _earlier(folder: Path) -> Path | None:
    """A database that only lacks migrations: what was applied to it still stands unchanged."""
    made_of = _made_of().items()
    earlier = None
    for described in folder.glob("*.json"):
        database = described.with_suffix(".sqlite3")
        if database.exists() and json.loads(described.read_text()).items() <= made_of:
            earlier = database
        described.unlink()
    return earlier


def migrated_postgres() -> str:
    """The name of a migrated database on the server of the settings."""
    name = f"migrated_{_fingerprint()}"
    with _one_at_a_time("postgres"), _postgres() as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}_unfinished"')
            connection.execute(f'CREATE DATABASE "{name}_unfinished"')
            _prepare(f"{_server()}{name}_unfinished")
            connection.execute(f'ALTER DATABASE "{name}_unfinished" RENAME TO "{name}"')
    return name


def _drop_on_postgres(name: str) -> None:
    with _postgres() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _server() -> str:
    database = settings.DATABASES["default"]
    user, host, port = database["USER"], database["HOST"], database["PORT"]
    return f"postgres://{user}:{database['PASSWORD']}@{host}:{port}/"


def _postgres() -> Any:
    """A connection to the server of the settings that is in none of its transactions."""
    import psycopg

    return psycopg.connect(f"{_server()}postgres", autocommit=True)


def _prepare(url: str) -> None:
    """Migrate, and put the first pages there."""
    environment: dict[str, Any] = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
    }
    for command in (["manage.py", "migrate", "--verbosity", "0"], ["-c", FIRST_PAGES]):
        subprocess.run([sys.executable, *command], check=True, cwd=ROOT, env=environment)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[snapshot.Restore]:
    """After a test that commits, the database is again as the migrations left it.

    Django empties every table, and each app writes its permissions and content types anew: most of
    the price of such a test. Here the rows of the migrations are put back, past the triggers that
    guard records. Whoever asks for this fixture may do the same.
    """
    from django.contrib.contenttypes.models import ContentType
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        restore = snapshot.restore_from(snapshot.take())

    def put_back(_case: TransactionTestCase) -> None:
        restore()
        ContentType.objects.clear_cache()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        yield restore


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[Path]:
    folder = ROOT / "var" / "test-database"
    folder.mkdir(parents=True, exist_ok=True)
    with in_turn(folder / f"{kind}.lock"):
        yield folder


@contextmanager
def in_turn(lock: Path) -> Iterator[None]:
    """One process of the suite at a time is within; the others wait."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A folder of all processes of this run; none where there is only one."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    return tmp_path_factory.getbasetemp().parent


def _fingerprint() -> str:
    """Names everything a migrated database depends on."""
    return hashlib.sha256(json.dumps(_made_of()).encode()).hexdigest()[:16]


@cache
def _made_of() -> dict[str, str]:
    """What makes it, each file by the hash of its text, and each package by its version."""
    files = sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("site/*/migrations/*.py")])
    files += [ROOT / "site" / "pages" / "setup.py", ROOT / "site" / "people" / "groups.py"]
    files += [ROOT / "tests" / "factories" / "pages.py", Path(__file__)]
    migrations = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    return migrations | dict(sorted((one.name, one.version) for one in distributions()))


if __name__ == "__main__":
    main()
