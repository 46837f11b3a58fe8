"""The file of a backup: a ZIP that any program opens, ending in the hash of all of it.

The hash stands in the comment at the end of the ZIP. So a byte changed anywhere, in what is packed
or in what only ZIP itself reads, is found, and a file that ends too early has no hash at all.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self, cast

from core.backups import manifest as manifests
from core.backups.manifest import Manifest, Part
from core.backups.progress import Advance
from core.backups.refusal import BackupRefused
from core.backups.sealing import MAGIC, SealedReader

BLOCK_BYTES = 1024 * 1024
HASH_BYTES = 64
COMMENT = b"Sidemand backup 1; SHA-256 of all that stands before it: "
DAMAGED = "The backup is damaged: it is not as it was written."
FOREIGN = "This is no backup of Sidemand, or its end is missing."


class Target(Protocol):
    """What a backup is written to, once through from beginning to end."""

    def write(self, data: bytes, /) -> int:
        """Take some more."""
        ...

    def flush(self) -> None:
        """Let nothing wait."""
        ...


class _Ending:
    """Passes on what is written; in place of the last 64 bytes it puts the hash of all others."""

    def __init__(self, target: Target) -> None:
        self._target, self._hash, self._held = target, hashlib.sha256(), b""
        self.given_up = False

    def write(self, data: bytes) -> int:
        if self.given_up:
            return len(data)
        waiting = self._held + bytes(data)
        sure, self._held = waiting[:-HASH_BYTES], waiting[-HASH_BYTES:]
        self._hash.update(sure)
        self._target.write(sure)
        return len(data)

    def flush(self) -> None:
        self._target.flush()

    def finish(self) -> None:
        self._target.write(self._hash.hexdigest().encode())


class Writer:
    """Adds parts one after the other; :meth:`finish` ends the file. Use it in a ``with`` block."""

    def __init__(self, target: Target) -> None:
        self._ending = _Ending(target)
        self._zip = zipfile.ZipFile(cast("BinaryIO", self._ending), "w", zipfile.ZIP_STORED)
        self.parts: dict[str, Part] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.given_up = True  # ZIP would write its end, also of what has failed
        self._zip.close()

    def add(self, name: str, source: BinaryIO, advance: Advance, *, pack: bool = False) -> None:
        """Add what ``source`` holds from here on, and note its size and hash."""
        entry = zipfile.ZipInfo(name)  # without a moment: two backups of the same are the same
        entry.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
        entry.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as packed:
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
                size += len(block)
                packed.write(block)
                advance(len(block))
        self.parts[name] = Part(size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the end."""
        self._zip.writestr(manifests.NAME, manifest.to_json(), zipfile.ZIP_DEFLATED)
        self._zip.comment = COMMENT + b"0" * HASH_BYTES
        self._zip.close()
        self._ending.finish()


class Reader:
    """A backup as it is read. What it hands out has the hash that it should have."""

    def __init__(self, source: BinaryIO) -> None:
        """Read how it ends and what it says of itself.

        Raises:
            BackupRefused: When it is no backup, or cut off, or says nothing sensible.
        """
        self._source = source
        self.size = source.seek(0, io.SEEK_END)
        source.seek(max(0, self.size - HASH_BYTES - len(COMMENT)))
        ending = source.read()
        if not ending.startswith(COMMENT) or len(ending) != len(COMMENT) + HASH_BYTES:
            raise BackupRefused(FOREIGN)
        self._hash = ending[len(COMMENT) :]
        try:
            self._zip = zipfile.ZipFile(source)
            told = self._zip.read(manifests.NAME)
        except Exception as error:  # damaged bytes make zipfile fail in many ways
            raise BackupRefused(DAMAGED) from error
        self.manifest = Manifest.from_json(told)

    def check(self, advance: Advance) -> None:
        """Read all of it twice: as a whole, then part by part. ``advance`` hears of the bytes.

        Raises:
            BackupRefused: When one hash is not what it should be, or a part is missing or too
                much.
        """
        digest, left = hashlib.sha256(), self.size - HASH_BYTES
        self._source.seek(0)
        while left and (block := self._source.read(min(BLOCK_BYTES, left))):
            digest.update(block)
            left -= len(block)
            advance(len(block))
        if digest.hexdigest().encode() != self._hash:
            raise BackupRefused(DAMAGED)
        if sorted(self._zip.namelist()) != sorted([*self.manifest.parts, manifests.NAME]):
            raise BackupRefused("The backup holds other parts than it says.")
        for name in self.manifest.parts:
            for block in self.blocks(name):
                advance(len(block))

    def blocks(self, name: str) -> Iterator[bytes]:
        """The part, piece by piece; the end is reached only if all of it was right.

        Raises:
            BackupRefused: When it is not.
        """
        part, digest, size = self.manifest.parts[name], hashlib.sha256(), 0
        try:
            with self._zip.open(name) as packed:
                while block := packed.read(BLOCK_BYTES):
                    digest.update(block)
                    size += len(block)
                    yield block
        except Exception as error:  # as above
            raise BackupRefused(DAMAGED) from error
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise BackupRefused(f"The part {name} is not what the backup says it is.")


@contextmanager
def opened(file: Path, passphrase: str = "") -> Iterator[Reader]:
    """The backup in ``file``.

    Raises:
        BackupRefused: When there is none that can be read.
    """
    try:
        plain = file.open("rb")
    except OSError as error:
        raise BackupRefused(f"{file} cannot be read: {error.strerror}.") from error
    with plain:
        if not is_sealed(file):
            yield Reader(plain)
        elif not passphrase:
            raise BackupRefused("The backup is encrypted: the passphrase is needed.")
        else:
            yield Reader(io.BufferedReader(SealedReader(plain, passphrase), BLOCK_BYTES))


def is_sealed(file: Path) -> bool:
    """Whether a passphrase is needed to open it."""
    with file.open("rb") as plain:
        return plain.read(len(MAGIC)) == MAGIC
