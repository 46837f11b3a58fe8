"""What both kinds of database are asked while a backup is made."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

#: Tables whose rows stay behind. The database's id: what is restored is another database. Who is
#: signed in: whoever finds a backup must not be able to go on as somebody. The cache.
LEFT_EMPTY = (
    "core_databaseidentity",
    "django_session",
    "usersessions_usersession",
    "core_cache",
)


class Snapshot(Protocol):
    """A database as it was at one moment, whatever is written meanwhile."""

    server: str

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of that moment."""
        ...

    def tables(self) -> dict[str, list[str]]:
        """Every table and its columns."""
        ...

    def size_bytes(self) -> int:
        """How much :meth:`reading` will read, or nothing where that is not known."""
        ...

    def reading(self) -> AbstractContextManager[BinaryIO]:
        """The database as one file."""
        ...


def quoted(name: str) -> str:
    """A name of a table or column, for SQL of both databases."""
    return '"' + name.replace('"', '""') + '"'


def rows(snapshot: Snapshot) -> dict[str, int]:
    """How many rows each table has in the backup."""
    counts: dict[str, int] = {}
    for table in snapshot.tables():
        counts[table] = 0
        if table not in LEFT_EMPTY:
            [(count,)] = snapshot.query(f"SELECT count(*) FROM {quoted(table)}")  # noqa: S608  quoted
            counts[table] = int(str(count))
    return counts


def migrations(snapshot: Snapshot) -> list[str]:
    """Which migrations it has, as ``app.name``."""
    found = snapshot.query("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{app}.{name}" for app, name in found]


def texts(snapshot: Snapshot, table: str, column: str) -> Iterator[str]:
    """Every text in a column that is not empty."""
    name = quoted(column)
    sql = f"SELECT DISTINCT {name} FROM {quoted(table)} WHERE {name} <> ''"  # noqa: S608  quoted
    found = snapshot.query(sql)
    return (str(text) for (text,) in found)
