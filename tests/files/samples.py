"""Files that people send: what must be taken, and what must not.

Each entry is a name and the bytes; the hostile ones are made here, so that no scanner trips over
the repository.
"""

import io
import struct
import zipfile
import zlib

from PIL import Image as Drawing

from tests.factories.files import VIDEO, drawn

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"


def archive(**parts: bytes) -> bytes:
    """A zip file; ``__`` in a name stands for ``/`` and a last ``_`` for the dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def office(**more: bytes) -> bytes:
    """A word file with ``more`` in it."""
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": b"<Relationships/>",
        "word/document.xml": b"<w:document/>" * 50,
    }
    return archive(**parts, **more)


def open_document() -> bytes:
    """An OpenDocument text."""
    return archive(
        **{
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": b"<office:document-content/>",
        }
    )


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG file."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def pixel_bomb(side: int = 30_000) -> bytes:
    """A PNG of some kilobytes that unpacks to ``side`` × ``side`` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((side // 8 + 1) * 200), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [png_chunk(b"IHDR", header), png_chunk(b"IDAT", rows), png_chunk(b"IEND", b"")]
    )


def photo_with_position() -> bytes:
    """A JPEG that says where it was taken."""
    picture = Drawing.new("RGB", (60, 40), "navy")
    exif = Drawing.Exif()
    exif[0x010E] = "hemmelig beskrivelse"
    exif.get_ifd(0x8825)[2] = (70.0, 40.0, 0.0)
    file = io.BytesIO()
    picture.save(file, "jpeg", exif=exif)
    return file.getvalue()


LEGAL_IMAGES = {
    "billede.png": drawn("png", (60, 40)),
    "billede.jpg": drawn("jpeg", (60, 40)),
    "billede.jpeg": drawn("jpeg", (60, 40)),
    "billede.webp": drawn("webp", (60, 40)),
    "billede.gif": drawn("gif", (60, 40)),
    "billede.avif": drawn("avif", (60, 40)),
    "foto.jpg": photo_with_position(),
    "med hale.png": drawn("png", (60, 40)) + SCRIPT,
}
HOSTILE_IMAGES = {
    "tegning.svg": SVG,
    "tegning.png": SVG,
    "side.jpg": HTML,
    "side.html": HTML,
    "program.png": b"MZ" + b"\0" * 200,
    "skal.php": drawn("png", (60, 40)),
    "billede.png.html": drawn("png", (60, 40)),
    "bombe.png": pixel_bomb(),
    "afbrudt.png": drawn("png", (60, 40))[:400],
    "tom.png": b"",
    "kun-start.gif": b"GIF89a" + HTML,
}
LEGAL_DOCUMENTS = {
    "vejledning.pdf": b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer << >>\n%%EOF\n",
    "skabelon.docx": office(),
    "skabelon.odt": open_document(),
    "noter.txt": "Æblet og øen".encode(),
    "tal.csv": b"by;antal\nUpernavik;3\n",
    "tekster.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n",
}
HOSTILE_DOCUMENTS = {
    "side.html": HTML,
    "side.txt": HTML,
    "tegning.svg": SVG,
    "tegning.pdf": SVG,
    "aktiv.pdf": b"%PDF-1.7\n<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\n%%EOF",
    "makro.docx": office(**{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
    "bombe.docx": office(**{"word/media/a.bin": b"\0" * 40_000_000}),
    "pakke.zip": archive(**{"a.exe": b"MZ"}),
    "program.exe": b"MZ" + b"\0" * 200,
    "program.pdf": b"MZ" + b"\0" * 200,
    "opad.docx": office(**{"../../manage.py": b"x"}),
    "tom.pdf": b"",
}
LEGAL_MEDIA = {
    "film.mp4": VIDEO,
    "film.webm": b"\x1aE\xdf\xa3" + b"\0" * 100,
}
HOSTILE_MEDIA = {
    "film.mp4": HTML,
    "film.html": VIDEO,
    "tegning.webm": SVG,
    "program.mp4": b"MZ" + b"\0" * 200,
    "tom.mp4": b"",
}
