"""Make a backup while the site runs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from core.backups import lacking, manifest, postgres, snapshots, sqlite, uploads
from core.backups.archive import Target, Writer
from core.backups.manifest import Manifest
from core.backups.place import Place
from core.backups.progress import Progress
from core.backups.refusal import BackupRefused
from core.backups.sealing import SealingWriter
from core.backups.snapshots import Snapshot

STEPS = 3


def make(
    place: Place, file: Path, *, at: datetime, progress: Progress, passphrase: str = ""
) -> Manifest:
    """Write all that was acknowledged before now into ``file``, readable for its owner alone.

    The database first, then the uploads: a file that is uploaded meanwhile may be in it without
    its row, never a row of before without its file, unless somebody deletes the file meanwhile.

    Args:
        at: The moment it begins.
        passphrase: Encrypts it.

    Raises:
        BackupRefused: When there is a file already or it would lie among the uploads, there is
            nothing to keep, no room, an upload cannot be read, or a program is missing. No file
            is left.
    """
    if file.resolve().is_relative_to(place.uploads.resolve()):
        raise BackupRefused(f"{file} would lie among the uploads, and hold itself.")
    if file.exists():
        raise BackupRefused(f"{file} exists. A backup is never written over another.")
    with _new_file(file) as plain, ExitStack() as stack:
        with progress.step("The database of this moment"):
            snapshot = stack.enter_context(_snapshot(place.connection))
        sealing = SealingWriter(plain, passphrase) if passphrase else None
        told = _write(sealing or plain, place, snapshot, at, progress)
        if sealing is not None:
            sealing.finish()
    return told


def _write(
    target: Target, place: Place, snapshot: Snapshot, at: datetime, progress: Progress
) -> Manifest:
    kind = place.connection.vendor
    with Writer(target) as writer:
        with (
            progress.step("Database", snapshot.size_bytes()) as advance,
            snapshot.reading() as source,
        ):
            writer.add(manifest.DATABASES[kind], source, advance, pack=kind == "sqlite")
        found = uploads.look(place.uploads)
        with progress.step(f"{len(found.names):,} uploads", found.size_bytes) as advance:
            for name in found.names:
                try:
                    source = (found.folder / name).open("rb")
                except FileNotFoundError:
                    continue  # deleted since the list was made
                except OSError as error:
                    raise BackupRefused(
                        f"{found.folder / name} cannot be read: {error.strerror}."
                    ) from error
                with source:
                    writer.add(manifest.UPLOADS + name, source, advance)
        taken = [name.removeprefix(manifest.UPLOADS) for name in writer.parts]
        told = manifest.of_parts(
            writer.parts,
            version=settings.VERSION,
            made_at=at.isoformat(),
            kind=kind,
            server=snapshot.server,
            migrations=snapshots.migrations(snapshot),
            rows=snapshots.rows(snapshot),
            settings=lacking.open_settings(),
            lacking=lacking.in_words(snapshot, place.uploads, taken, found.left),
            key_check=lacking.key_check(),
        )
        writer.finish(told)
        return told


def _snapshot(connection: BaseDatabaseWrapper) -> AbstractContextManager[Snapshot]:
    return (sqlite if connection.vendor == "sqlite" else postgres).snapshot(connection)


@contextmanager
def _new_file(file: Path) -> Iterator[BinaryIO]:
    """A file that is there when it is whole and on the disk, and not before.

    Raises:
        BackupRefused: When it cannot be written, or another backup is writing it.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        opened = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise BackupRefused(f"{part} cannot be written: {error.strerror}.") from error
    with os.fdopen(opened, "wb") as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"Another backup is writing {file}.") from None
        try:
            target.truncate(0)  # what a killed one left
            part.chmod(0o600)
            yield target
            target.flush()
            os.fsync(target.fileno())
            part.rename(file)
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise BackupRefused(f"{file} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)
