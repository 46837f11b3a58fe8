"""Encryption of a stream with a passphrase, in chunks, so that any size fits into little memory.

The key is scrypt of the passphrase and a salt of the file's own. Each chunk of 1 MiB is
AES-256-GCM; its nonce is its number and whether it is the last (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015). So the reader notices when a chunk is changed, left out,
moved, or taken from another file, and when the end is cut off. It can begin at any place.
"""

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.backups.refusal import BackupRefused

MAGIC = b"Sidemand backup, sealed 1\n"
SALT_BYTES = 16
CHUNK_BYTES = 1024 * 1024
TAG_BYTES = 16
SHORTEST_PASSPHRASE = 12
#: 128 MiB and some tenths of a second for each guess.
SCRYPT = {"length": 32, "n": 2**17, "r": 8, "p": 1}


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, **SCRYPT).derive(passphrase.encode()))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


class SealingWriter:
    """Encrypts what is written to it. Without :meth:`finish` the file cannot be opened."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        """Begin the file.

        Raises:
            BackupRefused: When the passphrase is short enough to be guessed.
        """
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise BackupRefused(f"The passphrase needs {SHORTEST_PASSPHRASE} or more characters.")
        salt = os.urandom(SALT_BYTES)
        self._target, self._cipher = target, _cipher(passphrase, salt)
        self._header = MAGIC + salt
        self._waiting, self._number = bytearray(), 0
        target.write(self._header)

    def write(self, data: bytes) -> int:
        """Take some more; whole chunks go on at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:  # the last chunk is known only at the end
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def flush(self) -> None:
        """Nothing waits for this: a chunk goes when it is whole."""

    def finish(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, chunk, self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """The plain bytes of a sealed file, from any place on."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        """Open it, and read its last chunk: a file without its end is refused at once.

        Raises:
            BackupRefused: When the passphrase is another, or the file is damaged.
        """
        self._source = source
        source.seek(0)
        self._header = source.read(len(MAGIC) + SALT_BYTES)
        self._cipher = _cipher(passphrase, self._header[len(MAGIC) :])
        whole = CHUNK_BYTES + TAG_BYTES
        sealed = source.seek(0, os.SEEK_END) - len(self._header)
        self._count = -(-sealed // whole)
        self._size = sealed - self._count * TAG_BYTES
        self._at, self._chunk, self._held = 0, b"", -1
        self._open(0, "The passphrase is another, or the file is damaged.")
        self._open(self._count - 1, "The file is damaged, or its end is missing.")

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The place that the next byte comes from."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # typeshed says Buffer, which 3.11 cannot name
        """Fill as much of the buffer as one chunk can.

        Raises:
            BackupRefused: When the chunk is damaged.
        """
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, CHUNK_BYTES)
        self._open(number, "The file is damaged.")
        piece = self._chunk[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _open(self, number: int, problem: str) -> None:
        if number == self._held:
            return
        whole = CHUNK_BYTES + TAG_BYTES
        self._source.seek(len(self._header) + max(0, number) * whole)
        nonce = _nonce(max(0, number), last=number == self._count - 1)
        try:
            self._chunk = self._cipher.decrypt(nonce, self._source.read(whole), self._header)
        except InvalidTag:
            raise BackupRefused(problem) from None
        self._held = number
