"""PostgreSQL: a dump of one moment beside writers, and a dump put back in one transaction.

PostgreSQL's own programs do the work. A snapshot is exported from a transaction of ours, so that
the rows we count are the rows that ``pg_dump`` writes.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django.db.backends.base.base import BaseDatabaseWrapper

from core.backups.manifest import Manifest
from core.backups.progress import Advance
from core.backups.refusal import BackupRefused
from core.backups.snapshots import LEFT_EMPTY, quoted

DEBIAN = Path("/usr/lib/postgresql")
#: What makes a dump fit for a server with other users.
PLAIN = ("--no-owner", "--no-privileges", "--no-comments")


def program(name: str, *, at_least: int) -> str:
    """The oldest ``name`` of PostgreSQL's programs that is new enough: its files fit most servers.

    Raises:
        BackupRefused: When there is none that is new enough for the server; says what to install.
    """
    found = {_major(place.parts[-3]): str(place) for place in DEBIAN.glob(f"*/bin/{name}")}
    if (elsewhere := shutil.which(name)) is not None:
        told = subprocess.run([elsewhere, "--version"], check=True, capture_output=True, text=True)  # noqa: S603  found by name
        found.setdefault(_major(told.stdout.partition(")")[2]), elsewhere)
    if fit := [version for version in found if version >= at_least]:
        return found[min(fit)]
    had = f"only that of version {max(found)}" if found else "none"
    raise BackupRefused(
        f"This takes {name} of PostgreSQL {at_least} or later; {had} was found. On Debian:"
        f" apt-get install postgresql-client-{at_least}. Elsewhere: install the client"
        f" programs of PostgreSQL {at_least}, so that {name} is found on PATH."
    )


def _major(version: str) -> int:
    found = re.search(r"\d+", version)
    return int(found[0]) if found else 0


class PostgresSnapshot:
    """What one transaction sees, also for ``pg_dump``."""

    def __init__(self, connection: BaseDatabaseWrapper, name: str) -> None:
        self._connection, self._name = connection, name
        [(self.server,)] = cast("list[tuple[str]]", self.query("SHOW server_version"))

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of that moment."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def tables(self) -> dict[str, list[str]]:
        """Every table and its columns."""
        found: dict[str, list[str]] = {}
        for table, column in self.query(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
            " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"
        ):
            found.setdefault(str(table), []).append(str(column))
        return found

    def size_bytes(self) -> int:
        """Not known before: a dump is packed as it is written."""
        return 0

    @contextmanager
    def reading(self) -> Iterator[BinaryIO]:
        """The dump, as ``pg_dump`` writes it."""
        options = [*PLAIN, "--format=custom", f"--snapshot={self._name}"]
        options += [f"--exclude-table-data={quoted(table)}" for table in LEFT_EMPTY]
        dump = program("pg_dump", at_least=_major(self.server))
        with _running(*_command(dump, options, self._connection)) as dumped:
            yield dumped


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[PostgresSnapshot]:
    """The database as it is now; nothing of it is locked against reading or writing.

    Raises:
        BackupRefused: When there is nothing in it.
    """
    connection.set_autocommit(False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            [(name,)] = cursor.fetchall()
        taken = PostgresSnapshot(connection, name)
        if "django_migrations" not in taken.tables():
            raise BackupRefused("There are no tables in the database.")
        yield taken
    finally:
        connection.rollback()
        connection.set_autocommit(True)


class PostgresTarget:
    """A database that is to be filled."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def refuse_unfit(self, manifest: Manifest) -> None:
        """Refuse to write over anything, or what this server cannot read.

        Raises:
            BackupRefused: When there is anything in the database but extensions, when the server
                is older than that of the backup, or when a program is missing.
        """
        with self._connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            [(server,)] = cursor.fetchall()
            cursor.execute(
                "SELECT n.nspname || '.' || c.relname FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS"
                " (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LIMIT 1"
            )
            there = cursor.fetchone()
        self._connection.close()
        if there is not None:
            raise BackupRefused(
                f"The database is not empty (there is {there[0]})."
                " A backup is restored into an empty place only."
            )
        if _major(server) < _major(manifest.server):
            raise BackupRefused(
                f"The backup is of PostgreSQL {manifest.server}, this server is {server}:"
                " it must be as new."
            )
        for name in ("pg_restore", "psql"):
            program(name, at_least=_major(server))

    def restore(
        self,
        manifest: Manifest,
        blocks: Iterable[bytes],
        advance: Advance,
        keep: Callable[[], None],
    ) -> None:
        """Put everything back in one transaction, which also counts the rows.

        Killed at any moment, it leaves nothing: the server ends what nobody has committed. ``keep``
        is called as soon as it has: whatever fails after that, the uploads stay.

        Raises:
            BackupRefused: When a program fails, or there are other rows than the backup says.
        """
        with tempfile.TemporaryDirectory(prefix="sidemand-restore-") as folder:
            dump, script = Path(folder) / "dump", Path(folder) / "script.sql"
            with dump.open("xb") as written:
                for block in blocks:
                    written.write(block)
                    advance(len(block))
            self._write_script(script, dump, manifest)
            self._connection.close()
            options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
            psql = program("psql", at_least=_major(manifest.server))
            command = _command(psql, [*options, f"--file={script}"], self._connection)
            with _running(*command) as told:
                shutil.copyfileobj(told, _Nowhere())
            keep()

    def _write_script(self, script: Path, dump: Path, manifest: Manifest) -> None:
        restore = program("pg_restore", at_least=_major(manifest.server))
        with (
            script.open("xb") as written,
            _running([restore, *PLAIN, "--file=-", str(dump)], {}) as reading,
        ):
            for line in reading:
                # Programs of version 17 set what servers before 17 do not know.
                if line == b"SET transaction_timeout = 0;\n":
                    break
                written.write(line)
            shutil.copyfileobj(reading, written)
            written.write(_counting(manifest.rows).encode())


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


def _counting(rows: dict[str, int]) -> str:
    """SQL that fails where a table has other rows."""
    checks = " ".join(
        f"IF (SELECT count(*) FROM public.{quoted(table)}) <> {count}"  # noqa: S608  quoted
        f" THEN RAISE EXCEPTION 'other rows in %', {_text(table)}; END IF;"
        for table, count in rows.items()
    )
    return f"\nDO $count$ BEGIN {checks} END $count$;\n"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _command(
    program: str, options: list[str], connection: BaseDatabaseWrapper
) -> tuple[list[str], dict[str, str]]:
    """The command line on this database, and what its environment says: a password, for one."""
    command, environment = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, options
    )
    return [program, *command[1:]], environment or {}


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[BinaryIO]:
    """What one of PostgreSQL's programs writes; it must end well.

    Raises:
        BackupRefused: With what it said, when it does not.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  programs of PostgreSQL, found by name
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            env={**os.environ, **environment},
        )
        written = cast("BinaryIO", process.stdout)
        try:
            yield written
        except BaseException:
            process.kill()
            raise
        finally:
            written.close()
            status = process.wait()
        said.seek(0)
        if status:
            told = said.read().decode(errors="replace").strip()[-2000:]
            raise BackupRefused(f"{Path(command[0]).name} failed: {told}")
