"""Answers leave compressed: brotli where the browser reads it, gzip elsewhere.

Brotli makes a page some 5 % smaller than gzip, in about the same time.

Whoever can make somebody's browser ask for addresses of their choosing, and sees how long the
answers are, could find out what else a page holds (BREACH). Django's forms carry the CSRF token
under another mask each time, and its gzip hides the length in a file name of random length. Brotli
has no file name, but it lets metadata stand in the stream, which every reader skips: there the same
is hidden.
"""

import re
import secrets

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

#: Pages are written anew for each reader: higher levels take longer than they save on the way.
QUALITY = 5
#: As in Django's gzip: below it an answer fits into one packet anyway.
SHORTEST = 200
ACCEPTS_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


class CompressionMiddleware(GZipMiddleware):
    """Django's own, which also speaks brotli; what is streamed goes as gzip."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress what is long enough and not compressed yet."""
        if (
            not isinstance(response, HttpResponse)  # what is streamed
            or response.has_header("Content-Encoding")
            or len(response.content) < SHORTEST
            or not ACCEPTS_BROTLI.search(request.headers.get("Accept-Encoding", ""))
        ):
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        patch_vary_headers(response, ("Accept-Encoding",))
        compressed = compress(response.content, hidden=secrets.randbelow(self.max_random_bytes))
        if len(compressed) >= len(response.content):
            return response
        response.content = compressed
        response.headers["Content-Length"] = str(len(compressed))
        response.headers["Content-Encoding"] = "br"
        etag = response.get("ETag", "")
        if etag.startswith('"'):  # the same page in other bytes
            response.headers["ETag"] = f"W/{etag}"
        return response


def compress(content: bytes, *, hidden: int = 0) -> bytes:
    """``content`` as a brotli stream that is ``hidden`` bytes longer than it has to be, or two."""
    writer = brotli.Compressor(quality=QUALITY)
    # After a flush the stream stands at the edge of a byte, between two of its blocks.
    begun = writer.process(content) + writer.flush()
    return begun + (_skipped(hidden) if hidden else b"") + writer.finish()


def _skipped(length: int) -> bytes:
    """A block of metadata (RFC 7932, 9.2) of ``length`` bytes, at most 256.

    From the lowest bit: not the last block (0), of no content (11), reserved (0), the length less
    one in one byte (01, then the byte).
    """
    return (0b010110 | (length - 1) << 6).to_bytes(2, "little") + secrets.token_bytes(length)
