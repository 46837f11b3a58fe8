"""The pages that start without net are nobody's, and the worker is told exactly what they are."""

import gzip
import hashlib
import json
import re
from base64 import urlsafe_b64encode
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles import finders
from PIL import Image

from devices import shell
from tests.factories.people import make_person

pytestmark = pytest.mark.usefixtures("base")


def told(response):
    """What the worker's script is told of the shell."""
    return json.loads(re.match(r"self\.SHELL = (\{.*\});\n", response.content.decode())[1])


def hash_of(content):
    return urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


def built(name):
    return Path(finders.find(name)).read_bytes()


@pytest.fixture
def announced(client):
    return told(client.get("/sw.js"))


def test_every_page_is_announced_with_the_hash_of_its_bytes_in_both_languages(client, announced):
    served = {
        language: {address: hash_of(client.get(address).content) for address in addresses}
        for language, addresses in announced["pages"].items()
    }

    assert served == announced["pages"]
    assert set(served) == {"da", "kl"}
    assert [len(addresses) for addresses in served.values()] == [len(shell.pages())] * 2


def test_every_asset_is_announced_with_the_hash_of_its_bytes(announced):
    found = {f"/static/{name}": hash_of(built(name)) for name in shell.ASSETS}

    assert announced["assets"] == found


def test_a_form_without_its_script_sends_nothing(client, announced):
    """A PIN that a browser put into an address would lie in its history and in our logs."""
    ways = set()
    for address in announced["pages"]["da"]:
        html = client.get(address).content.decode()
        ways |= {
            (address, form.get("method")) for form in BeautifulSoup(html, "html.parser")("form")
        }

    of_the_device = {way for way in ways if "/enhed/" in way[0]}
    assert {"/da/enhed/klar/", "/da/enhed/laas-op/"} <= {address for address, _ in of_the_device}
    assert {method for _address, method in of_the_device} <= {"dialog", "post"}
    assert all(method for _address, method in ways)


def test_pages_load_nothing_that_is_not_announced(client, announced):
    loaded = set()
    for addresses in announced["pages"].values():
        for address in addresses:
            html = client.get(address).content.decode()
            loaded |= set(re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', html))

    assert loaded == set(announced["assets"])


def test_a_page_is_the_same_bytes_for_whoever_asks(client, announced):
    addresses = [address for pages in announced["pages"].values() for address in pages]
    before = {address: client.get(address).content for address in addresses}
    person = make_person(name="Navnlig Navnesen")
    client.force_login(person.user)

    after = {address: client.get(address).content for address in addresses}

    assert after == before
    assert not any(b"Navnlig" in content or b"csrf" in content for content in after.values())


def test_a_page_in_the_place_of_one_of_the_server_is_announced(announced):
    assert announced["instead"] == {
        language: {f"/{language}/sidemand/sessioner/ny/": f"/{language}/enhed/log/"}
        for language in ("da", "kl")
    }


def test_what_a_first_start_brings_is_some_seconds_of_the_slowest_link(client, announced):
    """On a link of 16 kB a second, and beside what the browser has of the page before."""
    brought = [f"/static/{shell.ASSETS[-1]}", *announced["pages"]["da"]]
    sizes = [
        len(brotli.compress(built(shell.ASSETS[-1]))),
        *(len(gzip.compress(client.get(address).content)) for address in brought[1:]),
    ]

    assert sum(sizes) <= 80_000
    assert max(sizes[1:]) <= 14_000


@pytest.mark.parametrize("address", ["/sw.js", "/manifest.webmanifest", "/da/enhed/offline/"])
def test_who_has_it_already_is_told_so(client, address):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    other = client.get(address, headers={"If-None-Match": '"another"'})

    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.content) == (200, first.content)


def test_a_changed_page_makes_a_new_worker(client, settings):
    before = client.get("/sw.js")
    settings.SIDEMAND_HELP_PHONE = "+299 00 11 22"
    shell.forget_drawn()
    try:
        after = client.get("/sw.js")
    finally:
        settings.SIDEMAND_HELP_PHONE = ""
        shell.forget_drawn()

    assert after["ETag"] != before["ETag"]
    assert told(after)["pages"]["da"] != told(before)["pages"]["da"]
    assert told(after)["assets"] == told(before)["assets"]


def test_the_worker_may_serve_the_whole_site(client):
    response = client.get("/sw.js")

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.content.endswith(built(shell.WORKER))


@pytest.mark.parametrize(
    ("query", "language"),
    [("", "da"), ("?sprog=kl", "kl"), ("?sprog=da", "da"), ("?sprog=xx", "da")],
)
def test_manifest_speaks_the_language_of_the_page(client, query, language):
    response = client.get(f"/manifest.webmanifest{query}")

    described = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (described["lang"], described["start_url"]) == (language, f"/{language}/start/")
    assert described["id"] == "/"  # one app, whichever language installed it


def test_icons_have_the_sizes_that_the_manifest_says(client):
    icons = client.get("/manifest.webmanifest").json()["icons"]

    assert [icon["purpose"] for icon in icons] == ["any", "any", "maskable"]
    for icon in icons:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as drawn:
            assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
            assert drawn.format == "PNG"


def test_nothing_of_the_shell_asks_the_database(client, django_assert_num_queries):
    client.get("/sw.js")

    with django_assert_num_queries(0):
        client.get("/sw.js")
        client.get("/manifest.webmanifest")
        client.get("/da/enhed/offline/")
