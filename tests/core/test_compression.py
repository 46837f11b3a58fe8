"""Answers are compressed in what the browser reads, and their length tells nothing."""

import gzip
from random import Random

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from core.compression import CompressionMiddleware, compress

PAGE = ("<p>Uret starter, når underretningen kommer. " * 80).encode()


def answer(response, accepted):
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return CompressionMiddleware(lambda _request: response)(request)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.5", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("gzip, br;q=0.0, deflate", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_page_is_compressed_in_what_the_browser_reads(accepted, encoding):
    response = answer(HttpResponse(PAGE), accepted)

    read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert response.get("Content-Encoding") == encoding
    assert read(response.content) == PAGE
    assert int(response.get("Content-Length", len(PAGE))) == len(response.content)
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("hidden", [0, 1, 2, 7, 99, 255, 256])
@pytest.mark.parametrize("content", [b"", b"x", PAGE, PAGE * 40], ids=len)
def test_hidden_bytes_are_skipped_by_every_reader(content, hidden):
    compressed = compress(content, hidden=hidden)

    assert brotli.decompress(compressed) == content
    assert len(compressed) - len(compress(content)) == (hidden + 2 if hidden else 0)


def test_length_of_the_same_page_differs_from_time_to_time():
    lengths = {len(answer(HttpResponse(PAGE), "br").content) for _ in range(200)}

    assert len(lengths) > 60
    assert max(lengths) - min(lengths) <= 101


def test_small_answers_and_those_that_are_compressed_already_stay_as_they_are():
    short = answer(HttpResponse(b"x" * 199), "br")
    done = answer(HttpResponse(PAGE, headers={"Content-Encoding": "identity"}), "br")

    assert (short.content, short.get("Content-Encoding")) == (b"x" * 199, None)
    assert (done.content, done["Content-Encoding"]) == (PAGE, "identity")


def test_what_does_not_get_shorter_stays_as_it_is():
    noise = Random(1).randbytes(300)

    response = answer(HttpResponse(noise), "br")

    assert (response.content, response.get("Content-Encoding")) == (noise, None)


def test_what_is_streamed_goes_as_gzip():
    response = answer(StreamingHttpResponse([PAGE, PAGE]), "gzip, br")

    assert gzip.decompress(b"".join(response)) == PAGE * 2


def test_tag_of_a_compressed_page_is_weak():
    strong = answer(HttpResponse(PAGE, headers={"ETag": '"one"'}), "br")
    weak = answer(HttpResponse(PAGE, headers={"ETag": 'W/"one"'}), "br")

    assert (strong["ETag"], weak["ETag"]) == ('W/"one"', 'W/"one"')
