"""Reading the tables of LevelDB, in which a browser keeps IndexedDB and web storage.

Their blocks are compressed with Snappy: a text in them is not found by a search over the file.
"""

import struct
from collections.abc import Iterator

FOOTER = 48
MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
SNAPPY = 1


def blocks(table: bytes) -> Iterator[bytes]:
    """The blocks of a table, unpacked; none where it is no table, or is not finished."""
    if len(table) < FOOTER or not table.endswith(MAGIC):
        return
    footer = table[-FOOTER:]
    meta_at, at = _handle(footer, 0)
    index_at, _ = _handle(footer, at)
    yield _block(table, *meta_at)
    index = _block(table, *index_at)
    yield index
    for value in _values(index):
        yield _block(table, *_handle(value, 0)[0])


def _block(table: bytes, at: int, size: int) -> bytes:
    content, kind = table[at : at + size], table[at + size]
    return unpacked(content) if kind == SNAPPY else content


def _values(block: bytes) -> Iterator[bytes]:
    """The values of a block; its keys share what begins alike."""
    restarts = struct.unpack("<I", block[-4:])[0]
    end, at = len(block) - 4 * (restarts + 1), 0
    while at < end:
        _shared, at = _varint(block, at)
        own, at = _varint(block, at)
        length, at = _varint(block, at)
        at += own
        yield block[at : at + length]
        at += length


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _varint(data, at)
    size, at = _varint(data, at)
    return (offset, size), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def unpacked(data: bytes) -> bytes:
    """What Snappy packed (its raw format)."""
    size, at = _varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag, at = data[at], at + 1
        kind = tag & 3
        if kind == 0:
            length = tag >> 2
            if length >= 60:
                extra = length - 59
                length = int.from_bytes(data[at : at + extra], "little")
                at += extra
            out += data[at : at + length + 1]
            at += length + 1
            continue
        if kind == 1:
            length, back = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at]
            at += 1
        else:
            width = 2 if kind == 2 else 4
            length, back = (tag >> 2) + 1, int.from_bytes(data[at : at + width], "little")
            at += width
        for _ in range(length):
            out.append(out[-back])
    assert len(out) == size
    return bytes(out)
