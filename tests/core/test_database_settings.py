"""The promises of durability, read back from a live connection."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="settings of SQLite")
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="settings of PostgreSQL"
)


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 20_000)],
)
def test_sqlite_keeps_its_promises(db, pragma, value):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (value,)


@on_sqlite
def test_sqlite_writers_wait_at_begin_for_their_turn(db):
    """The test's own transaction has written nothing, and yet holds the turn since its BEGIN."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0)) as other:
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM django_migrations").fetchone() > (0,)


@on_postgresql
def test_postgresql_acknowledges_after_the_commit_is_on_disk(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


@on_postgresql
def test_postgresql_compiles_no_query(db):
    """It pays for reports that run for minutes; a page waits for the compiler instead."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


@on_postgresql
def test_postgresql_plans_a_prepared_query_once(db):
    """Planning the query of a course takes it five times as long as running it."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)


@on_postgresql
def test_postgresql_connections_come_from_a_pool_with_a_ceiling(db):
    assert connection.settings_dict["CONN_MAX_AGE"] == 0
    assert connection.pool.max_size == 8
    assert connection.pool.timeout == 10
