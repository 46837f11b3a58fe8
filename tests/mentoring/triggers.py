"""A pytest plugin: lets a test that begins with nothing pass the triggers that guard records.

Triggers refuse DELETE (SQLite) and TRUNCATE (PostgreSQL), which is how Django's ``flush`` empties
the tables. Here, and nowhere else, they are set aside for that moment.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection


@pytest.fixture(autouse=True, scope="session")
def _flush_passes_triggers() -> Iterator[None]:
    operations = type(connection.ops)  # Playwright's event loop brings a connection of its own
    plain = operations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        before, after = _set_aside(set(tables))
        return [*before, *plain(self, style, tables, **options), *after]

    operations.sql_flush = sql_flush
    yield
    operations.sql_flush = plain


def _set_aside(tables: set[str]) -> tuple[list[str], list[str]]:
    """The statements that take the triggers of ``tables`` away, and those that bring them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
            return [f'DROP TRIGGER "{name}"' for name, _ in guards], [sql for _, sql in guards]
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        guarded = sorted(tables & {table for (table,) in cursor.fetchall()})
    return (
        [f'ALTER TABLE "{table}" DISABLE TRIGGER USER' for table in guarded],
        [f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in guarded],
    )
