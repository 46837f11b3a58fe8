"""What may be uploaded: judged by content, never by name or by what the browser says it is.

An image is decoded and written anew, so that nothing is left of it but the picture: no position,
no camera, no comment, no second file behind the first. A document is looked through and kept as
it is. Names are made by us.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_IMAGE_PIXELS = 40_000_000
MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_UNPACKED_RATIO = 200
MAX_ENTRIES = 5_000


def generated_name(extension: str) -> str:
    """A name that tells nothing and that nobody can guess."""
    return f"{uuid4().hex}.{extension}"


def _refusal(code: str, message: str) -> ValidationError:
    return ValidationError(message, code=code)


def _check_size(file: File[bytes], limit: int) -> None:
    if not file.size:
        raise _refusal("empty", _("The file is empty. Choose another one."))
    if file.size > limit:
        raise _refusal(
            "too_large",
            _("The file is %(size)s. It may be at most %(limit)s.")
            % {"size": filesizeformat(file.size), "limit": filesizeformat(limit)},
        )


# --- Images -------------------------------------------------------------------------------------

# How a file begins → the format Pillow may read it as, and the one it is kept in.
IMAGES: list[tuple[re.Pattern[bytes], str, str]] = [
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG", "png"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG", "jpg"),
    (re.compile(rb"GIF8[79]a"), "GIF", "png"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WEBP", "webp"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "AVIF", "avif"),
]
WRITING: dict[str, dict[str, Any]] = {
    "png": {"format": "PNG", "optimize": True},
    "jpg": {"format": "JPEG", "quality": 88, "progressive": True},
    "webp": {"format": "WEBP", "quality": 85},
    "avif": {"format": "AVIF", "quality": 70},
}


def validate_image(file: File[bytes]) -> str:
    """Check an uploaded image by decoding it; give the extension it is kept under.

    Raises:
        ValidationError: With code "empty", "too_large", "not_an_image", "too_many_pixels" or
            "broken".
    """
    _picture, extension = _decode(file)
    file.seek(0)
    return extension


def clean_image(file: File[bytes]) -> ContentFile[bytes]:
    """The picture of an uploaded image, upright, without anything that was hidden in its file.

    A moving picture is kept as its first one: nothing here moves by itself.

    Raises:
        ValidationError: As ``validate_image``.
    """
    picture, extension = _decode(file)
    picture = _in_srgb(ImageOps.exif_transpose(picture))
    if extension == "jpg" and picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    elif picture.mode not in ("RGB", "RGBA", "L", "LA", "P", "1"):
        picture = picture.convert("RGBA" if "A" in picture.mode else "RGB")
    picture.info = {key: picture.info[key] for key in ("transparency",) if key in picture.info}
    written = io.BytesIO()
    picture.save(written, **WRITING[extension])
    return ContentFile(written.getvalue(), name=generated_name(extension))


def _decode(file: File[bytes]) -> tuple[Image.Image, str]:
    _check_size(file, MAX_IMAGE_BYTES)
    file.seek(0)
    content = file.read()
    known = [(name, extension) for start, name, extension in IMAGES if start.match(content)]
    if not known:
        raise _refusal(
            "not_an_image",
            _("This is no image we can show. Choose a JPEG, PNG, WebP, AVIF or GIF."),
        )
    name, extension = known[0]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=[name])
            _check_pixels(picture)
            picture.seek(0)
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except ValidationError:
        raise
    except Exception:  # noqa: BLE001  decoders raise anything on a hostile file
        raise _refusal(
            "broken", _("The image is damaged. Open it, save it again, and choose the new file.")
        ) from None
    return picture, extension


def _check_pixels(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_IMAGE_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> ValidationError:
    return _refusal(
        "too_many_pixels",
        _("The image has too many pixels. Make it smaller, at most %(millions)d million.")
        % {"millions": MAX_IMAGE_PIXELS // 1_000_000},
    )


def _in_srgb(picture: Image.Image) -> Image.Image:
    """``picture`` in the colours of the web, so that it looks the same without its profile."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "L", "CMYK"):
        return picture
    try:
        return (
            ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGBA" if picture.mode == "RGBA" else "RGB",
            )
            or picture
        )
    except (ImageCms.PyCMSError, OSError):
        return picture  # a profile that says nothing


# --- Documents ----------------------------------------------------------------------------------

PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z])")
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
OFFICE_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
OPEN_DOCUMENTS = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
OFFICE_ACTIVE = re.compile(
    r"vbaProject|macrosheets/|activeX|embeddings/.*\.(?:bin|exe)$|^Basic/|^Scripts/|^Object ",
    re.IGNORECASE,
)
MACRO_TYPES = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
REMOTE_TEMPLATE = re.compile(rb"attachedTemplate|oleObject[^>]*TargetMode=.External", re.IGNORECASE)
MARKUP = re.compile(r"\s*<(?:[!?/]|[a-z])", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def validate_document(file: File[bytes]) -> str:
    """Look through an uploaded document; give the extension it is kept under.

    PDF, Word, Excel, PowerPoint, OpenDocument, plain text, CSV and WebVTT; no macros, scripts or
    embedded files. Whether plain text is CSV is told by its name, as nothing else can.

    Raises:
        ValidationError: With code "empty", "too_large", "unknown", "active", "broken", "bomb" or
            "encoding".
    """
    _check_size(file, MAX_DOCUMENT_BYTES)
    file.seek(0)
    content = file.read()
    file.seek(0)
    kinds: list[tuple[bytes, Callable[[bytes, str], str]]] = [
        (b"%PDF-", _check_pdf),
        (b"PK\x03\x04", _check_office),
        (b"", _check_text),
    ]
    check = next(check for start, check in kinds if content.startswith(start))
    return check(content, file.name or "")


def _unknown() -> ValidationError:
    return _refusal(
        "unknown",
        _(
            "This kind of file cannot be used. Choose a PDF, Word, Excel, PowerPoint, "
            "OpenDocument or text file."
        ),
    )


def _active() -> ValidationError:
    return _refusal(
        "active",
        _("The file holds macros, scripts or other files. Save it without them, and try again."),
    )


def _broken() -> ValidationError:
    return _refusal(
        "broken", _("The file is damaged. Open it, save it again, and choose the new file.")
    )


def _check_pdf(content: bytes, _name: str) -> str:
    if b"%%EOF" not in content[-2048:]:
        raise _broken()
    for part in _pdf_objects(content):
        names = PDF_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), part)
        if PDF_ACTIVE.search(names):
            raise _active()
    return "pdf"


def _pdf_objects(content: bytes) -> Iterator[bytes]:
    """What a PDF says outside its streams, and inside those that hold objects."""
    position = 0
    while (start := content.find(b"stream", position)) >= 0:
        end = content.find(b"endstream", start)
        if end < 0:
            break
        head = content[position:start]
        yield head
        if b"/ObjStm" in head[-1000:]:
            packed = content[start + len(b"stream") : end].lstrip(b"\r\n")
            try:
                yield zlib.decompressobj().decompress(packed, MAX_DOCUMENT_BYTES)
            except zlib.error:
                raise _broken() from None
        position = end + len(b"endstream")
    yield content[position:]


def _check_office(content: bytes, _name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _check_archive(archive, len(content))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, ValueError):
        raise _broken() from None
    except (EOFError, RuntimeError, UnicodeError, KeyError, zlib.error):
        raise _broken() from None


def _check_archive(archive: zipfile.ZipFile, packed_bytes: int) -> str:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    unpacked_bytes = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked_bytes > MAX_UNPACKED_BYTES
        or unpacked_bytes > packed_bytes * MAX_UNPACKED_RATIO
    ):
        raise _refusal("bomb", _("The file is far larger inside than outside. It cannot be used."))
    if (
        len(set(names)) != len(names)
        or any(entry.flag_bits & 1 for entry in entries)  # encrypted
        or any(name.startswith(("/", "\\")) or ".." in name.split("/") for name in names)
        or min(entry.header_offset for entry in entries) != 0  # something stands before it
    ):
        raise _broken()
    if any(OFFICE_ACTIVE.search(name) for name in names):
        raise _active()

    if names[0] == "mimetype":
        kind = archive.read("mimetype")
        if kind.removeprefix(OPEN_DOCUMENT) in OPEN_DOCUMENTS and "content.xml" in names:
            return OPEN_DOCUMENTS[kind.removeprefix(OPEN_DOCUMENT)]
        raise _unknown()
    for part, extension in OFFICE_PARTS.items():
        if part in names and "[Content_Types].xml" in names:
            if MACRO_TYPES.search(archive.read("[Content_Types].xml")):
                raise _active()
            links = [name for name in names if name.endswith(".rels")]
            if any(REMOTE_TEMPLATE.search(archive.read(name)) for name in links):
                raise _active()
            return extension
    raise _unknown()


def _check_text(content: bytes, name: str) -> str:
    if b"\0" in content:
        raise _unknown()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refusal(
            "encoding", _("The text is not UTF-8. Save it as UTF-8, and try again.")
        ) from None
    if CONTROL.search(text) or MARKUP.match(text):
        raise _unknown()
    if text.startswith("WEBVTT"):
        return "vtt"
    return "csv" if name.lower().endswith(".csv") else "txt"
