"""The built files match their sources and stay small."""

import json
import re
import shutil

import brotli
import pytest

from scripts import assets


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("sidemand.css", 12_000),
        ("sidemand.js", 4_400),
        ("device.js", 24_000),
        ("travel.js", 25_000),
        ("waiting.js", 600),
        ("sw.js", 5_000),
    ],
)
def test_built_file_stays_within_its_budget(name, most):
    assert len(brotli.compress((assets.DIST / name).read_bytes())) <= most


def test_built_files_match_their_sources():
    assert assets.differences() == []


def test_a_fresh_build_gives_the_same_bytes_where_node_is():
    assert assets.rebuilt_differences() == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("scss/_base.scss", "source scss/_base.scss has changed since the last build"),
        ("js/keep.js", "source js/keep.js has changed since the last build"),
        ("js/device/room.js", "source js/device/room.js has changed since the last build"),
        ("package-lock.json", "source package-lock.json has changed since the last build"),
    ],
)
def test_a_changed_source_is_told(tmp_path, monkeypatch, changed, told):
    copy = tmp_path / "assets"
    shutil.copytree(assets.ASSETS, copy, ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setattr(assets, "ASSETS", copy)
    with (copy / changed).open("a", encoding="utf-8") as source:
        source.write("\n")

    assert assets.differences() == [told]


def test_a_changed_built_file_is_told(tmp_path, monkeypatch, capsys):
    copy = tmp_path / "dist"
    shutil.copytree(assets.DIST, copy)
    monkeypatch.setattr(assets, "DIST", copy)
    monkeypatch.setattr(assets, "MANIFEST", copy / "manifest.json")
    with (copy / "sidemand.css").open("a", encoding="utf-8") as built:
        built.write("a{color:red}")

    assert assets.main(["check"]) == 1
    assert "output sidemand.css has changed since the last build" in capsys.readouterr().err


def test_a_missing_built_file_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "manifest.json")

    assert assets.differences() == [f"{tmp_path / 'manifest.json'} is missing"]


def test_lock_file_names_no_registry():
    lock = json.loads((assets.ASSETS / "package-lock.json").read_text(encoding="utf-8"))

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_style_sheet_fetches_nothing():
    style = (assets.DIST / "sidemand.css").read_text(encoding="utf-8")

    assert re.findall(r"url\(|@import|@font-face", style) == []


def test_pages_hold_no_inline_style_or_script():
    templates = [
        *assets.ROOT.glob("site/templates/**/*.html"),
        *assets.ROOT.glob("*/templates/**/*.html"),
    ]
    pages = [path for path in templates if "mail" not in path.parts]  # mail has no style sheet
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:\ssrc=|\"application/json\"))"
    )

    assert len(pages) > 50
    assert [str(path) for path in pages if inline.search(path.read_text("utf-8"))] == []
