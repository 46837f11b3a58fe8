"""The promises of durability, read back from a live connection."""

import pytest
from django.db import connection

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="settings of SQLite")
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="settings of PostgreSQL"
)


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"), [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 20_000)]
)
def test_sqlite_keeps_its_promises(db, pragma, value):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (value,)


@on_sqlite
def test_sqlite_writers_wait_at_begin_for_their_turn(settings):
    options = settings.DATABASES["default"]["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


@on_postgresql
def test_postgresql_acknowledges_after_the_commit_is_on_disk(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
