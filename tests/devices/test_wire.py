"""What goes over the wire is compressed, and what never changes is never asked for again."""

import json
import re

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from config.settings import base as production
from devices import shell

EVERYTHING = "gzip, deflate, br"


@pytest.fixture
def get(base, settings, tmp_path):
    """Ask as a browser does, where our static files are collected as in production."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    finders.get_finder.cache_clear()
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = production.STORAGES
    call_command("collectstatic", interactive=False, verbosity=0)
    shell.forget_drawn()
    browser = Client()

    def ask(path, accepted):
        """The answer and its bytes: WhiteNoise streams its files."""
        response = browser.get(path, headers={"Accept-Encoding": accepted})
        body = b"".join(response) if response.streaming else response.content
        response.close()
        return response, body

    yield ask
    finders.get_finder.cache_clear()
    shell.forget_drawn()


def test_page_and_all_that_it_loads_come_as_brotli(get):
    page, body = get("/da/enhed/offline/", EVERYTHING)
    html = brotli.decompress(body).decode()
    loaded = re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', html)
    answers = {path: get(path, EVERYTHING)[0] for path in [*loaded, "/sw.js"]}

    assert len(loaded) == 3
    assert page["Content-Encoding"] == "br"
    assert {answer["Content-Encoding"] for answer in answers.values()} == {"br"}
    for path in loaded:
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", path)
        assert answers[path]["Cache-Control"] == "max-age=315360000, public, immutable"


def test_worker_is_told_the_names_and_bytes_that_are_served(get):
    told = get("/sw.js", "")[1].decode()
    announced = dict(re.findall(r'"(/static/[^"]+)": "([^"]+)"', told))

    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", path.rsplit("/", 1)[1]) for path in announced} == {
        "sidemand.css",
        "sidemand.js",
        "device.js",
        "travel.js",
    }
    for path, digest in announced.items():
        assert shell._with_hash(get(path, "")[1]).hash == digest


def test_gzip_is_there_for_who_reads_no_brotli(get):
    html = get("/da/enhed/offline/", "")[1].decode()
    script = re.search(r'src="([^"]+)"', html)[1]

    for path in ("/da/enhed/offline/", script):
        assert get(path, "gzip")[0]["Content-Encoding"] == "gzip"
        assert get(path, "")[0].get("Content-Encoding") is None


def test_icons_never_change(get):
    icons = [icon["src"] for icon in json.loads(get("/manifest.webmanifest", "")[1])["icons"]]

    assert len(icons) == 3
    for path in icons:
        assert "immutable" in get(path, "")[0]["Cache-Control"]
