"""Every row of the database as a picture: painted once per process, put back in no time.

A test that commits leaves rows behind. Emptying every table and writing anew what each app keeps
there, or loading the demo, costs seconds; putting a picture back costs a few hundredths of one.
"""

import atexit
import itertools
import sqlite3
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

Restore = Callable[[], None]
Picture = tuple[Any, ...]
#: What PostgreSQL's binary copy of a table without rows takes: what stands at its begin and end.
NO_ROWS_BYTES = 21
#: Every so often the tables are truncated: a row that is deleted still takes its room.
TRUNCATED_EVERY = 20


def take() -> Picture:
    """Every row of the test database; can be pickled for another process of the suite."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        rows = connection.connection.serialize()
        # Bytes 18 and 19 say "with a write-ahead log", which a database in memory cannot have.
        return (rows[:18] + b"\x01\x01" + rows[20:],)
    return _of_postgresql()


def restore_from(picture: Picture) -> Restore:
    """What puts every row of the picture back, whatever was done since."""
    return _into_sqlite(*picture) if connection.vendor == "sqlite" else _into_postgresql(*picture)


def _into_sqlite(rows: bytes) -> Restore:
    picture = sqlite3.connect(":memory:", check_same_thread=False)
    atexit.register(picture.close)
    picture.deserialize(rows)

    def restore() -> None:
        connection.ensure_connection()
        picture.backup(connection.connection)

    return restore


def _of_postgresql() -> Picture:
    quoted = connection.ops.quote_name
    tables = [quoted(name) for name in connection.introspection.table_names()]
    rows: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy:
                rows[table] = b"".join(bytes(chunk) for chunk in copy)
        cursor.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        sequences: list[tuple[Any, ...]] = cursor.fetchall()
    return rows, sequences


def _into_postgresql(rows: dict[str, bytes], sequences: list[tuple[Any, ...]]) -> Restore:
    full = {table: content for table, content in rows.items() if len(content) > NO_ROWS_BYTES}
    # TRUNCATE makes new files for each of a thousand tables and indexes, most of them empty.
    delete = "; ".join(f"DELETE FROM {table}" for table in rows)
    truncate = f"TRUNCATE {', '.join(rows)}"
    count = itertools.count(1)

    def restore() -> None:
        # As a replica would: triggers and foreign keys were obeyed when the picture was taken.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(delete if next(count) % TRUNCATED_EVERY else truncate)
            for table, content in full.items():
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                    copy.write(content)
            for name, last in sequences:
                cursor.execute("SELECT setval(%s, %s)", [name, last])

    return restore
