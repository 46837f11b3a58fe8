"""A picture is light, has its size and its words, and is made before anybody asks."""

import os

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from PIL import Image as Drawing

from files.pictures import MOST_BYTES, SPECS, known_bytes, make_sizes
from tests.factories.files import drawn, make_image


def test_there_are_three_formats_in_two_sizes():
    assert len(SPECS) == 6


def test_every_size_of_a_detailed_picture_stays_light():
    image = make_image(content=drawn(size=(1600, 1200)))

    make_sizes(image)

    weights = {size.filter_spec: size.file.size for size in image.renditions.all()}
    assert set(weights) == set(SPECS)
    assert max(weights.values()) <= MOST_BYTES


def test_even_noise_stays_light():
    from io import BytesIO

    noise = Drawing.frombytes("RGB", (640, 640), os.urandom(640 * 640 * 3))
    file = BytesIO()
    noise.save(file, "png")
    image = make_image(content=file.getvalue())

    sizes = [image.get_rendition(spec) for spec in SPECS]

    assert max(size.file.size for size in sizes) <= MOST_BYTES


def test_a_weight_is_known_once_the_sizes_are_made():
    image = make_image()
    assert known_bytes(image) is None

    make_sizes(image)

    assert 0 < known_bytes(image) <= MOST_BYTES


def test_other_sizes_are_drawn_as_wagtail_does():
    assert make_image().get_rendition("width-100").width == 100


def test_a_page_offers_the_lightest_first_and_waits_with_loading():
    html = render_to_string(
        "pages/blocks/picture.html", {"value": {"image": make_image(), "caption": "Ved bordet"}}
    )

    soup = BeautifulSoup(html, "html.parser")
    picture = soup.img
    assert picture is not None
    assert [source["type"] for source in soup.find_all("source")] == ["image/avif", "image/webp"]
    assert (picture["loading"], picture["alt"]) == ("lazy", "To kolleger ved et skrivebord")
    assert int(picture["width"]) == 320
    assert int(picture["height"]) == 240
    assert "320w" in picture["srcset"]


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "avif"])
def test_every_kind_that_people_upload_can_be_drawn(kind: str):
    image = make_image(content=drawn(kind))

    assert image.get_rendition(SPECS[0]).file.size > 0
