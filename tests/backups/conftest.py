"""A site to save, and empty places to restore into."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from core.backups import making
from core.backups.manifest import Manifest
from core.backups.place import Place
from core.backups.progress import silent

Contents = dict[str, list[str]]


@pytest.fixture
def base(transactional_db: None, base: None) -> None:
    """As everywhere, but committed: a backup sees what other processes see."""


@pytest.fixture
def new_place(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[], Place]]:
    """Makes empty places, of the kind of database that the tests run on."""
    with ExitStack() as made:

        def make() -> Place:
            name = f"place_{uuid.uuid4().hex[:8]}"
            folder = tmp_path / name
            folder.mkdir()
            if connection.vendor == "postgresql":
                made.enter_context(_on_server(name))
            file = str(folder / "db.sqlite3")
            other = made.enter_context(opened(file if connection.vendor == "sqlite" else name))
            return Place(other, folder / "uploads")

        yield make


@pytest.fixture
def empty(new_place: Callable[[], Place]) -> Place:
    return new_place()


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Makes a backup of this site, or of another place."""

    def make(place: Place | None = None, name: str = "backup", **options: Any) -> Path:
        file = tmp_path / name
        save_to(file, place, **options)
        return file

    return make


def save_to(file: Path, place: Place | None = None, **options: Any) -> Manifest:
    return making.make(place or Place.here(), file, at=timezone.now(), progress=silent(), **options)


@contextmanager
def opened(name: str) -> Iterator[BaseDatabaseWrapper]:
    """Another database beside the one of the tests."""
    options = dict(settings.DATABASES["default"]["OPTIONS"])
    options.pop("pool", None)
    told = {**connection.settings_dict, "NAME": name, "OPTIONS": options}
    # Under the name that tests are allowed to use, and that signals look up.
    other = type(connections["default"])(told, alias="default")
    try:
        yield other
    finally:
        other.close()


@contextmanager
def _on_server(name: str) -> Iterator[None]:
    """An empty database of PostgreSQL."""
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def contents(database: BaseDatabaseWrapper) -> Contents:
    """Every row of every table, as text."""
    found = {}
    with database.cursor() as cursor:
        tables = database.introspection.table_names(cursor)
        for table in tables:
            if "_fts" not in table:  # an index over rows that are compared
                cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
                found[table] = sorted(map(repr, cursor.fetchall()))
    if database is not connections["default"]:
        database.close()
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def untouched(place: Place) -> bool:
    """Whether a place is as empty as it was made."""
    if files(place.uploads):
        return False
    if place.connection.vendor == "sqlite":
        return not files(Path(str(place.connection.settings_dict["NAME"])).parent)
    return contents(place.connection) == {}
