"""A sealed file gives back what went in, or nothing."""

import io
import random

import pytest

from core.backups import sealing
from core.backups.refusal import BackupRefused
from core.backups.sealing import CHUNK_BYTES, MAGIC, SALT_BYTES, TAG_BYTES, SealedReader

PHRASE = "kajak under nordlys"
HEADER = len(MAGIC) + SALT_BYTES
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES


@pytest.fixture(autouse=True)
def _quick_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sealing.SCRYPT, "n", 2**10)


def sealed(content: bytes, piece: int = 70_000) -> bytes:
    target = io.BytesIO()
    writer = sealing.SealingWriter(target, PHRASE)
    for start in range(0, len(content), piece):
        writer.write(content[start : start + piece])
    writer.finish()
    return target.getvalue()


def opened(file: bytes, phrase: str = PHRASE) -> bytes:
    return SealedReader(io.BytesIO(file), phrase).read()


@pytest.fixture(scope="module")
def content() -> bytes:
    return random.Random(5).randbytes(2 * CHUNK_BYTES + 12_345)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_what_goes_in_comes_out(content: bytes, size: int) -> None:
    assert opened(sealed(content[:size])) == content[:size]


def test_it_is_read_from_any_place_on(content: bytes) -> None:
    reader = SealedReader(io.BytesIO(sealed(content)), PHRASE)

    for start in (2 * CHUNK_BYTES - 5, 3, CHUNK_BYTES, len(content) - 1, len(content)):
        reader.seek(start)
        buffered = io.BufferedReader(reader, 4096)
        assert buffered.read(100) == content[start : start + 100]
        buffered.detach()


def test_nothing_of_the_content_is_readable(content: bytes) -> None:
    file = sealed(b"Hemmeligt notat" * 1000)

    assert b"Hemmeligt" not in file
    assert sealed(b"the same") != sealed(b"the same")


def test_another_passphrase_opens_nothing(content: bytes) -> None:
    with pytest.raises(BackupRefused, match="passphrase is another"):
        opened(sealed(content), "kajak under nordlyS")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(BackupRefused, match="12 or more"):
        sealing.SealingWriter(io.BytesIO(), "kajak")


@pytest.mark.parametrize(
    "at",
    [3, len(MAGIC), HEADER, HEADER + SEALED_CHUNK - 1, HEADER + SEALED_CHUNK, -TAG_BYTES, -1],
)
def test_a_changed_byte_is_noticed_wherever_it_stands(content: bytes, at: int) -> None:
    file = bytearray(sealed(content))
    file[at] ^= 1

    with pytest.raises(BackupRefused):
        opened(bytes(file))


@pytest.mark.parametrize("length", [HEADER, HEADER + 5, HEADER + SEALED_CHUNK, -SEALED_CHUNK, -1])
def test_a_missing_end_is_noticed_before_anything_is_read(content: bytes, length: int) -> None:
    with pytest.raises(BackupRefused):
        SealedReader(io.BytesIO(sealed(content)[:length]), PHRASE)


def test_chunks_cannot_change_places_or_be_left_out(content: bytes) -> None:
    file = sealed(content)
    first = file[HEADER : HEADER + SEALED_CHUNK]
    second = file[HEADER + SEALED_CHUNK : HEADER + 2 * SEALED_CHUNK]
    rest = file[HEADER + 2 * SEALED_CHUNK :]

    for chunks in (second + first + rest, second + rest, first + first + rest):
        with pytest.raises(BackupRefused):
            opened(file[:HEADER] + chunks)


def test_a_chunk_of_another_file_does_not_fit(content: bytes) -> None:
    one, other = sealed(content), sealed(content)

    with pytest.raises(BackupRefused):
        opened(one[:-SEALED_CHUNK] + other[-SEALED_CHUNK:])
