"""SQLite: a copy at one moment beside writers, and a file put in its place whole or not at all."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from core.backups.manifest import Manifest
from core.backups.progress import Advance
from core.backups.refusal import BackupRefused
from core.backups.snapshots import LEFT_EMPTY, quoted


class SqliteSnapshot:
    """A copy of the file, without what was deleted from it and without who is signed in."""

    server = sqlite3.sqlite_version

    def __init__(self, file: Path, copy: sqlite3.Connection) -> None:
        self._file, self._copy = file, copy
        self._copy.execute("PRAGMA secure_delete = ON")  # deleted rows are written over
        there = self.tables()
        for table in set(LEFT_EMPTY) & set(there):
            self._copy.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608  a name of ours

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of that moment."""
        return self._copy.execute(sql).fetchall()

    def tables(self) -> dict[str, list[str]]:
        """Every table and its columns."""
        return _tables(self._copy)

    def size_bytes(self) -> int:
        """The size of the copy."""
        return self._file.stat().st_size

    @contextmanager
    def reading(self) -> Iterator[BinaryIO]:
        """The copy."""
        with self._file.open("rb") as source:
            yield source


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[SqliteSnapshot]:
    """The database as it is now. Writers go on writing: a reader does not stop them.

    The copy lies beside the database for as long as this takes, readable for its owner alone.

    Raises:
        BackupRefused: When there is no database, no room for the copy, or a backup under way.
    """
    database = Path(str(connection.settings_dict["NAME"]))
    if not database.exists() or not _has_tables(database):
        raise BackupRefused(f"There is no database in {database}.")
    with _folder_of_one(database.with_name(f"{database.name}-backup")) as folder:
        log = database.with_name(f"{database.name}-wal")
        needed = sum(part.stat().st_size for part in (database, log) if part.exists())
        if shutil.disk_usage(folder).free < needed:
            raise BackupRefused(f"{database.parent} has no room for a copy of the database.")
        copy = folder / "copy"
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
        except DatabaseError as error:
            raise BackupRefused(f"{database} cannot be copied: {error}.") from error
        with _opened(connection, copy) as opened:
            yield SqliteSnapshot(copy, opened)


@contextmanager
def _folder_of_one(folder: Path) -> Iterator[Path]:
    """A folder for this backup alone; what a killed one left in it goes first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        raise BackupRefused("Another backup of this database is being made.") from None
    try:
        for left in folder.iterdir():
            left.unlink()
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(held)


@contextmanager
def _opened(connection: BaseDatabaseWrapper, file: Path | str) -> Iterator[sqlite3.Connection]:
    """Another file, opened with the functions and collations that ours is opened with."""
    options = {"transaction_mode": None, "timeout": 20}  # without the write-ahead log
    settings = {**connection.settings_dict, "NAME": str(file), "OPTIONS": options}
    other = type(connection)(settings, alias="backup")
    try:
        other.ensure_connection()
        yield other.connection
    finally:
        other.close()


class SqliteTarget:
    """The place of a database file."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._file = Path(str(connection.settings_dict["NAME"]))
        self._staged = self._file.with_name(f"{self._file.name}-restoring")

    def refuse_unfit(self, manifest: Manifest) -> None:
        """Refuse to write over anything.

        Raises:
            BackupRefused: When there is a database with tables, or a log of one.
        """
        if self._file.exists() and _has_tables(self._file):
            raise BackupRefused(
                f"{self._file} holds a database. A backup is restored into an empty place only."
            )
        log = self._beside("-wal")
        if not self._file.exists() and log.exists() and log.stat().st_size:
            raise BackupRefused(f"{log} belongs to a database that is not there: move it away.")

    def restore(
        self,
        manifest: Manifest,
        blocks: Iterable[bytes],
        advance: Advance,
        keep: Callable[[], None],
    ) -> None:
        """Write the file aside, look whether it is whole, and put it in its place at once.

        ``keep`` is called as soon as it is there: whatever fails after that, the uploads stay.

        Raises:
            BackupRefused: When it is not; then nothing is left of it.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._staged.unlink(missing_ok=True)
            with self._staged.open("xb") as staged:
                self._staged.chmod(0o600)
                for block in blocks:
                    staged.write(block)
                    advance(len(block))
                staged.flush()
                os.fsync(staged.fileno())
            self._look_through(manifest)
            self._connection.close()
            for ending in ("-wal", "-shm"):  # of an empty database, which this one replaces
                self._beside(ending).unlink(missing_ok=True)
            self._staged.replace(self._file)
            keep()
            _sync_folder(self._file.parent)
        finally:
            self._staged.unlink(missing_ok=True)

    def _look_through(self, manifest: Manifest) -> None:
        try:
            with _opened(self._connection, f"file:{self._staged}?mode=ro&immutable=1") as staged:
                faults = staged.execute("PRAGMA integrity_check(1)").fetchone()
                strays = staged.execute("PRAGMA foreign_key_check").fetchone()
                rows = {table: _count(staged, table) for table in _tables(staged)}
        except (DatabaseError, sqlite3.DatabaseError) as error:
            raise BackupRefused("The database in the backup cannot be read.") from error
        if faults != ("ok",) or strays is not None or rows != manifest.rows:
            raise BackupRefused("The database in the backup is not what the backup says it is.")

    def _beside(self, ending: str) -> Path:
        return self._file.with_name(self._file.name + ending)


def _count(database: sqlite3.Connection, table: str) -> int:
    counted = database.execute(f"SELECT count(*) FROM {quoted(table)}")  # noqa: S608  its own name
    return int(counted.fetchone()[0])


def _has_tables(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(database)) as opened:
            return bool(opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())
    except sqlite3.DatabaseError:
        return True  # something else: not ours to write over


def _tables(database: sqlite3.Connection) -> dict[str, list[str]]:
    # A full text index is one table to whoever asks, and several below it that only it can read.
    names = database.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return {
        name: [row[1] for row in database.execute(f"PRAGMA table_info({quoted(name)})")]
        for (name,) in names.fetchall()
    }


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
