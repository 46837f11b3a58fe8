"""What a page weighs on the way to its reader, who may pay for it by the megabyte."""

from typing import TYPE_CHECKING

from files.models import Image
from files.pictures import known_bytes

if TYPE_CHECKING:
    from pages.models import BasePage


def pictures_of(page: "BasePage") -> list[Image]:
    """The pictures in the body of ``page``."""
    chosen = (child.value["image"] for child in page.body if child.block_type == "image")
    return [picture for picture in chosen if picture is not None]


def bytes_on_the_way(page: "BasePage") -> int | None:
    """Compressed text and pictures, without the frame that all pages share.

    None until every picture has its sizes (``pages.tasks.prepare_pictures``).
    """
    pictures = [known_bytes(picture) for picture in pictures_of(page)]
    known = [weight for weight in pictures if weight is not None]
    if len(known) < len(pictures):
        return None
    return page.draw().size_bytes + sum(known)
