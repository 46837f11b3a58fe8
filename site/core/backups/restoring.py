"""Bring a backup back, into an empty place, after looking at every byte of it."""

import os
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from core import database_identity
from core.backups import manifest, uploads
from core.backups.archive import Reader, opened
from core.backups.manifest import Manifest
from core.backups.place import Place
from core.backups.postgres import PostgresTarget
from core.backups.progress import Progress
from core.backups.refusal import BackupRefused
from core.backups.sqlite import SqliteTarget

STEPS = 3
CHECK_STEPS = 1


def check(file: Path, *, progress: Progress, passphrase: str = "") -> Manifest:
    """Read every byte of a backup, and change nothing.

    Raises:
        BackupRefused: When it is damaged, cut off, or no backup.
    """
    with opened(file, passphrase) as backup:
        _check(backup, progress)
        return backup.manifest


def restore(place: Place, file: Path, *, progress: Progress, passphrase: str = "") -> Manifest:
    """Put database and uploads back, whole or not at all.

    The database comes last and at once: while it is not there, nothing is. It has another id than
    the one that was saved (:mod:`core.database_identity`), and may be of an older schema:
    ``prepare`` takes it to this release's.

    Raises:
        BackupRefused: When the backup is damaged, cut off, none, or of a later release; when it
            is of the other kind of database; when this place is not empty. Nothing is changed.
    """
    folder = place.uploads
    with opened(file, passphrase) as backup:
        told = backup.manifest
        target = _target(place.connection, told)
        _refuse_later(told)
        target.refuse_unfit(told)
        uploads.refuse_unless_empty(folder)
        _check(backup, progress)
        with uploads.being_filled(folder) as keep:
            total = sum(told.parts[name].size for name in told.uploads)
            with progress.step(f"{len(told.uploads):,} uploads", total) as advance:
                for name in told.uploads:
                    uploads.put(folder, name.removeprefix(manifest.UPLOADS), backup.blocks(name))
                    advance(told.parts[name].size)
                os.sync()
            with progress.step("Database", told.parts[told.database].size) as advance:
                target.restore(told, backup.blocks(told.database), advance, keep)
    database_identity.forget()
    return told


def _check(backup: Reader, progress: Progress) -> None:
    total = backup.size + sum(part.size for part in backup.manifest.parts.values())
    with progress.step("Every byte of the backup", total) as advance:
        backup.check(advance)


def _target(connection: BaseDatabaseWrapper, told: Manifest) -> SqliteTarget | PostgresTarget:
    if connection.vendor != told.kind:
        raise BackupRefused(
            f"This backup is of {told.kind}, and DATABASE_URL names {connection.vendor}."
        )
    return (SqliteTarget if told.kind == "sqlite" else PostgresTarget)(connection)


def _refuse_later(told: Manifest) -> None:
    """Refuse what only a later release could read.

    Raises:
        BackupRefused: When the backup has a migration that this release has never heard of.
    """
    if manifest.newer(told.version, settings.VERSION):
        raise BackupRefused(
            f"This backup is of release {told.version}, this is {settings.VERSION}:"
            " install that release, or a later one, first."
        )
    known = {f"{app}.{name}" for app, name in _known_migrations()}
    ours = {name.partition(".")[0] for name in known}
    if strange := [
        name for name in told.migrations if name not in known and name.partition(".")[0] in ours
    ]:
        raise BackupRefused(
            f"This backup has a migration that this release does not know ({strange[-1]}):"
            " install the release that made it, or a later one, first."
        )


def _known_migrations() -> set[tuple[str, str]]:
    """Every migration there is a file of, and those that one of them stands for."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known |= set(migration.replaces)
    return known
