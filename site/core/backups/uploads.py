"""The folder of uploads: read beside writers, and filled whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.backups.refusal import BackupRefused

#: Lies in the folder while a restore fills it. Who finds it there, unheld, may empty the folder.
MARKER = ".restoring"
#: No uploads: what the health check leaves if it is killed, and what keeps the folder in git.
NO_UPLOADS = {MARKER, ".gitkeep", "readiness"}


@dataclass
class Uploads:
    """What lies in the folder: names within it, and what cannot be taken along."""

    folder: Path
    names: list[str] = field(default_factory=list)
    size_bytes: int = 0
    left: list[str] = field(default_factory=list)


def look(folder: Path) -> Uploads:
    """Every file below ``folder``."""
    found = Uploads(folder)
    for place, folders, files in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name not in NO_UPLOADS]
            files = [name for name in files if name not in NO_UPLOADS]  # noqa: PLW2901  the walk goes by folders
        for name in [*files, *folders]:
            path = Path(place) / name
            within = str(path.relative_to(folder))
            if path.is_symlink():
                found.left.append(f"{within} is a link, which was not followed")
            elif name in files and not _is_text(within):
                found.left.append(f"{within!a} has a name that is no text")
            elif name in files:
                with suppress(FileNotFoundError):  # deleted since the folder was listed
                    found.size_bytes += path.stat().st_size
                    found.names.append(within)
    found.names.sort()
    return found


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def refuse_unless_empty(folder: Path) -> None:
    """Refuse to write among other files.

    Raises:
        BackupRefused: When there is one, and no restore that was killed has left it.
    """
    there = None if (folder / MARKER).exists() else _any_file(folder)
    if there is not None:
        raise BackupRefused(
            f"{folder} is not empty (there is {there})."
            " A backup is restored into an empty place only."
        )


@contextmanager
def being_filled(folder: Path) -> Iterator[Callable[[], None]]:
    """Hold the folder. If what is done within fails before it calls what it is given, "keep", the
    folder is empty again.

    If the process is killed within, the next restore empties it.

    Raises:
        BackupRefused: When another restore holds it, or it is not empty.
    """
    refuse_unless_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / MARKER
    with marker.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused("Another restore is under way here.") from None
        kept = False

        def keep() -> None:
            nonlocal kept
            kept = True

        try:
            _empty(folder)
            yield keep
        finally:
            if not kept:
                _empty(folder)
            marker.unlink()


def put(folder: Path, name: str, blocks: Iterable[bytes]) -> None:
    """Write one file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as written:
        for block in blocks:
            written.write(block)


def _any_file(folder: Path) -> str | None:
    for place, _folders, files in os.walk(folder):
        for name in files:
            within = (Path(place) / name).relative_to(folder)
            if within.parts[0] not in NO_UPLOADS:
                return str(within)
    return None


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name in NO_UPLOADS:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
