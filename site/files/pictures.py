"""The sizes a picture is shown in, and how light each must be.

A phone gets 320 pixels, a wide screen 640, each in the smallest format that its browser reads.
The sizes are made when a page is published, so that no reader waits for them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wagtail.images.models import Filter

if TYPE_CHECKING:
    from files.models import Image

#: As written in ``pages/blocks/picture.html``.
SPECS = Filter.expand_spec("format-{avif,webp,jpeg}|width-{320,640}")
#: What a picture is counted as: what a wide screen loads in the lightest format.
COUNTED_AS = "format-avif|width-640"
#: No picture weighs more: at 128 kbit/s that is two seconds.
MOST_BYTES = 30_000
#: Tried from the best, until the picture is light enough.
QUALITIES = (60, 45, 30, 18)
NARROWER = (480, 320, 240, 160)


def lighter_and_lighter(spec: str) -> Iterator[str]:
    """Ways to draw ``spec``, from the best looking to the lightest."""
    parts = dict(part.split("-", 1) for part in spec.split("|"))
    kind, width = parts["format"], int(parts["width"])
    for quality in QUALITIES:
        yield f"format-{kind}|{kind}quality-{quality}|width-{width}"
    for narrower in NARROWER:
        if narrower < width:
            yield f"format-{kind}|{kind}quality-{QUALITIES[-1]}|width-{narrower}"


def make_sizes(image: "Image") -> None:
    """Make every size of ``image`` that does not exist yet."""
    for spec in SPECS:
        image.get_rendition(spec)


def known_bytes(image: "Image") -> int | None:
    """What ``image`` weighs on a page; none while its sizes are not made, or lost."""
    drawn = image.renditions.filter(filter_spec=COUNTED_AS).first()
    try:
        return drawn.file.size if drawn else None
    except FileNotFoundError:
        return None
