"""How a stored file leaves the house: whole, in parts, or not again.

``docs/files.md`` tells who may read what. Nothing under ``media/`` is served in any other way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from mimetypes import guess_type
from typing import IO, Self
from urllib.parse import quote

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, parse_etags, quote_etag

CHUNK = 64 * 1024
A_YEAR = 365 * 24 * 3600
RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The half-open part [start, stop) of a file."""

    start: int
    stop: int

    @classmethod
    def parse(cls, header: str, size: int) -> "Self | None":
        """The one range that ``header`` asks for; none where the whole file is the answer.

        A header that is malformed or asks for several parts at once is answered whole, which
        RFC 9110 allows.

        Raises:
            ValueError: When the range lies outside the file.
        """
        asked = RANGE.fullmatch(header.strip())
        if asked is None or asked.groups() == ("", ""):
            return None
        first, last = asked.groups()
        if first == "":
            start, stop = max(size - int(last), 0), size
        else:
            start, stop = int(first), min(int(last) + 1, size) if last else size
            if last and int(last) < start:
                return None
        if start >= stop:
            raise ValueError("The range lies outside the file.")
        return cls(start, stop)


def deliver(
    request: HttpRequest,
    file: FieldFile,
    *,
    is_public: bool,
    download_name: str = "",
) -> HttpResponseBase:
    """Answer with ``file``, whose reader has been judged already.

    Names are never used twice, so a public file may be kept for a year and the name is the ETag.

    Args:
        is_public: Whether shared caches may keep it.
        download_name: Offer it as a download under this name instead of showing it.

    Raises:
        Http404: When the file is gone from the storage.
    """
    etag = quote_etag(file.name or "")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
    elif prefix := settings.SIDEMAND_ACCEL_PREFIX:
        response = HttpResponse(headers={"X-Accel-Redirect": prefix + quote(file.name or "")})
    else:
        response = _read(request, file, etag)
    response["ETag"] = etag
    response["Cache-Control"] = (
        f"public, max-age={A_YEAR}, immutable" if is_public else "private, no-cache"
    )
    if response.status_code in {200, 206}:
        response["Content-Type"] = guess_type(file.name or "")[0] or "application/octet-stream"
        response["Content-Disposition"] = (
            content_disposition_header(as_attachment=True, filename=download_name) or "attachment"
            if download_name
            else "inline"
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        # Files are compressed already, and half of a compressed answer is no part of the file.
        response["Content-Encoding"] = "identity"
    return response


def _read(request: HttpRequest, file: FieldFile, etag: str) -> HttpResponseBase:
    try:
        stream = file.storage.open(file.name or "", "rb")
    except FileNotFoundError:
        raise Http404 from None
    size = stream.size
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        wanted = ""
    try:
        part = ByteRange.parse(wanted, size)
    except ValueError:
        stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        response: HttpResponseBase = FileResponse(stream)
        response["Content-Length"] = str(size)
    else:
        response = StreamingHttpResponse(_part(stream, part), status=206)
        # Also where nobody reads it: Django closes what it finds in this list.
        response._resource_closers.append(stream.close)  # type: ignore[attr-defined]  # its own
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
        response["Content-Length"] = str(part.stop - part.start)
    response["Accept-Ranges"] = "bytes"
    return response


def _part(stream: IO[bytes], part: ByteRange) -> Iterator[bytes]:
    stream.seek(part.start)
    left = part.stop - part.start
    while left > 0 and (chunk := stream.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
