"""Hostile files, made here at run time, are refused; images lose what hid in their files."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, PngImagePlugin, features

from core import uploads
from core.uploads import clean_image, generated_name, validate_document, validate_image


def upload(content: bytes, name: str = "fil.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(
    kind: str = "PNG", size: tuple[int, int] = (8, 4), mode: str = "RGB", **options
) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, kind, **options)
    return stream.getvalue()


def archive(entries: dict[str, bytes], **options) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content, **options)
    return stream.getvalue()


def office(part: str = "word/document.xml", **more: bytes) -> dict[str, bytes]:
    return {"[Content_Types].xml": b"<Types/>", part: b"<x/>"} | more


def open_document(kind: str = "text") -> dict[str, bytes]:
    return {"mimetype": uploads.OPEN_DOCUMENT + kind.encode(), "content.xml": b"<x/>"}


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog " + inside + b">> endobj\ntrailer <<>>\n%%EOF\n"


# --- Images -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "extension"),
    [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "png"), ("WEBP", "webp"), ("AVIF", "avif")],
)
def test_every_common_image_is_taken_and_written_anew(kind, extension):
    assert features.check("avif")
    given = upload(picture(kind), "ferie i Ilulissat.exe")

    kept = clean_image(given)

    assert validate_image(given) == extension
    assert kept.name != given.name
    assert kept.name.endswith(f".{extension}")
    assert Image.open(kept).size == (8, 4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_taken(mode):
    assert Image.open(clean_image(upload(picture("PNG", mode=mode)))).size == (8, 4)


def test_a_printing_jpeg_is_taken():
    assert Image.open(clean_image(upload(picture("JPEG", mode="CMYK")))).mode == "RGB"


def test_position_camera_and_comments_are_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Kamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (64.0, 10.0, 30.0)
    content = picture("JPEG", exif=exif, comment=b"hemmelig") + b"PK\x03\x04bag billedet"

    kept = clean_image(upload(content))
    written = kept.read()

    assert Image.open(kept).size == (4, 8)
    assert dict(Image.open(kept).getexif()) == {}
    assert not any(
        secret in written for secret in (b"Kamera", b"hemmelig", b"bag billedet", b"Exif")
    )


def test_text_in_a_png_is_gone():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "hemmelig")
    info.add_itxt("XML:com.adobe.xmp", "hemmelig")

    kept = clean_image(upload(picture("PNG", pnginfo=info)))

    assert b"hemmelig" not in kept.read()


def test_transparency_stays():
    content = picture("PNG", mode="RGBA")

    assert Image.open(clean_image(upload(content))).mode == "RGBA"


def test_a_moving_picture_is_kept_as_its_first():
    stream = io.BytesIO()
    frames = [Image.new("RGB", (8, 4), colour) for colour in ("red", "blue")]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])

    kept = Image.open(clean_image(upload(stream.getvalue())))

    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((0, 0))[0] > 200


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * min(height * (width // 8 + 1), 10**6))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (SVG, "not_an_image"),
        (b"<?xml version='1.0'?>" + SVG, "not_an_image"),
        (b"<html><script>alert(1)</script>", "not_an_image"),
        (b"GIF", "not_an_image"),
        (b"%PDF-1.7", "not_an_image"),
        (b"MZ\x90\0" + b"\0" * 100, "not_an_image"),
        (b"BM" + b"\0" * 100, "not_an_image"),
        (b"II*\0" + b"\0" * 100, "not_an_image"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "not_an_image"),
        (b" " + picture(), "not_an_image"),
        (b"\xff\xd8\xff not a jpeg", "broken"),
        (b"GIF89a<script>alert(1)</script>", "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"RIFF\0\0\0\0WEBP", "broken"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 50, "broken"),
        (picture("JPEG")[:200], "broken"),
        (picture("PNG", (64, 64))[:-30], "broken"),
        (png_claiming(30_000, 30_000), "too_many_pixels"),
        (png_claiming(10_000, 4_001), "too_many_pixels"),
        (png_claiming(2**31 - 1, 2**31 - 1), "too_many_pixels"),
    ],
)
@pytest.mark.parametrize("judge", [validate_image, clean_image])
def test_what_is_no_image_of_ours_is_refused(judge, content, code):
    with pytest.raises(ValidationError) as refusal:
        judge(upload(content, "billede.jpg"))

    assert refusal.value.code == code


def test_the_edge_of_the_pixel_limit():
    assert validate_image(upload(picture("PNG", (10_000, 4_000), mode="1"))) == "png"


def test_the_edge_of_the_size_limit(monkeypatch):
    content = picture()
    monkeypatch.setattr(uploads, "MAX_IMAGE_BYTES", len(content))

    assert validate_image(upload(content)) == "png"
    with pytest.raises(ValidationError) as refusal:
        validate_image(upload(content + b"x"))
    assert refusal.value.code == "too_large"


# --- Documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (pdf(), "x", "pdf"),
        (pdf(b"/OpenAction [3 0 R /Fit]"), "x", "pdf"),
        (pdf(b">> stream\n\x01/JS\x02 /Launch\nendstream <<"), "x", "pdf"),
        (archive(office()), "x", "docx"),
        (archive(office("xl/workbook.xml")), "x", "xlsx"),
        (archive(office("ppt/presentation.xml")), "x", "pptx"),
        (archive(office() | {"word/embeddings/tal.xlsx": b"x"}), "x", "docx"),
        (archive(open_document()), "x", "odt"),
        (archive(open_document("spreadsheet")), "x", "ods"),
        (b"Kvittering\r\n\tinden for en uge", "x.exe", "txt"),
        ("Blåbær ĸ".encode("utf-8-sig"), "x", "txt"),
        (b"navn;by\nA;Nuuk\n", "liste.CSV", "csv"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nHej\n", "x", "vtt"),
    ],
)  # fmt: skip
def test_every_common_document_is_taken(content, name, extension):
    file = upload(content, name)

    assert validate_document(file) == extension
    assert file.read() == content


def objects_in_a_stream(inside: bytes) -> bytes:
    return pdf(b"/Type /ObjStm >> stream\r\n" + zlib.compress(inside) + b"\nendstream <<")


def with_flag(content: bytes, flag: int) -> bytes:
    """``content`` with a flag set on its first entry, in both places."""
    changed = bytearray(content)
    changed[6] |= flag
    changed[content.index(b"PK\x01\x02") + 8] |= flag
    return bytes(changed)


def twice(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for entry in office():
            packed.writestr(entry, b"x")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr(name, b"x")
    return stream.getvalue()


DOCX = archive(office())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\0\0\0", "unknown"),
        (b"\x7fELF\x02\x01\x01\0", "unknown"),
        (picture(), "unknown"),
        (SVG, "unknown"),
        (b"  <html><script>alert(1)</script>", "unknown"),
        (b"<!DOCTYPE html>", "unknown"),
        ("\ufeff<?xml version='1.0'?>".encode(), "unknown"),
        (b"{\\rtf1" + b"\x01", "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16, "unknown"),
        ("blåbær".encode("latin-1"), "encoding"),
        ("blåbær".encode("utf-16"), "unknown"),
        (b"text\x1b[2J", "unknown"),
        (b"%PDF-1.7 cut", "broken"),
        (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "active"),
        (pdf(b"/AA << /JS (x) >>"), "active"),
        (pdf(b"/J#61vaScript 3 0 R"), "active"),
        (pdf(b"/S /Launch /F (cmd.exe)"), "active"),
        (pdf(b"/Names << /EmbeddedFiles 3 0 R >>"), "active"),
        (pdf(b"/AcroForm << /XFA 3 0 R >>"), "active"),
        (objects_in_a_stream(b"<< /S /JavaScript >>"), "active"),
        (pdf(b"/Type /ObjStm >> stream\nno zlib\nendstream <<"), "broken"),
        (archive({"x.txt": b"x"}), "unknown"),
        (archive({"index.html": SVG}), "unknown"),
        (archive({"word/document.xml": b"x"}), "unknown"),
        (archive(open_document("chart")), "unknown"),
        (archive({"mimetype": b"text/html", "content.xml": b"x"}), "unknown"),
        (archive({}), "unknown"),
        (archive(office() | {"word/vbaProject.bin": b"x"}), "active"),
        (archive(office() | {"xl/macrosheets/sheet1.xml": b"x"}), "active"),
        (archive(office() | {"word/activeX/activeX1.xml": b"x"}), "active"),
        (archive(office() | {"word/embeddings/oleObject1.bin": b"x"}), "active"),
        (archive(office() | {"[Content_Types].xml": b"<x type='macroEnabled'/>"}), "active"),
        (archive(office() | {"word/_rels/x.rels": b"<x Type='attachedTemplate'/>"}), "active"),
        (archive(open_document() | {"Basic/Standard/x.xml": b"x"}), "active"),
        (archive(open_document() | {"Scripts/python/x.py": b"x"}), "active"),
        (archive(office() | {"../../etc/passwd": b"x"}), "broken"),
        (archive(office() | {"/etc/passwd": b"x"}), "broken"),
        (twice("word/document.xml"), "broken"),
        (with_flag(DOCX, 1), "broken"),
        (DOCX[:-10], "broken"),
        (b"PK\x03\x04" + b"\0" * 50, "broken"),
        (b"PK\x03\x04<script>alert(1)</script>" + DOCX, "broken"),
        (archive(office() | {"word/media/x.bin": b"\0" * 10**7}), "bomb"),
        (archive(office() | {f"word/{at}": b"" for at in range(uploads.MAX_ENTRIES)}), "bomb"),
    ],
)  # fmt: skip
def test_what_is_no_document_of_ours_is_refused(content, code):
    with pytest.raises(ValidationError) as refusal:
        validate_document(upload(content, "referat.pdf"))

    assert refusal.value.code == code


def test_a_document_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_DOCUMENT_BYTES", 10)

    with pytest.raises(ValidationError) as refusal:
        validate_document(upload(b"x" * 11))

    assert refusal.value.code == "too_large"


def test_names_tell_nothing_and_never_repeat():
    names = {generated_name("pdf") for _ in range(100)}

    assert len(names) == 100
    assert all(len(name) == 36 and name.endswith(".pdf") for name in names)
