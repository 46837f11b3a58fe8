"""Files as people upload them."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Drawing
from wagtail.models import Collection, CollectionViewRestriction

from files.models import Document, Image, Media

#: Begins as an MP4 does.
VIDEO = b"\0\0\0\x18ftypmp42" + bytes(range(247)) * 4


def drawn(kind: str = "png", size: tuple[int, int] = (800, 600), **options: Any) -> bytes:
    """A picture with some detail in it, as the bytes of a file."""
    drawing = Drawing.effect_mandelbrot(size, (-2.2, -1.2, 1.0, 1.2), 40).convert("RGB")
    file = BytesIO()
    drawing.save(file, kind, **options)
    return file.getvalue()


def make_collection(name: str = "Fælles") -> Collection:
    """A public collection below the root."""
    root = Collection.get_first_root_node()
    return root.add_child(name=name)


def close(collection: Collection, kind: str = CollectionViewRestriction.LOGIN) -> Collection:
    """Let only those who signed in, or know the word, read what is in ``collection``."""
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=kind, password="ord"
    )
    return collection


def make_image(collection: Collection | None = None, **fields: Any) -> Image:
    """An image with its alternative text."""
    content = fields.pop("content", None) or drawn()
    return Image.objects.create(
        **{
            "title": "To kolleger",
            "description": "To kolleger ved et skrivebord",
            "collection": collection or make_collection(),
            "file": ContentFile(content, name="Min ferie på Disko.PNG"),
        }
        | fields
    )


def make_document(collection: Collection | None = None, **fields: Any) -> Document:
    """A document."""
    content = fields.pop("content", b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer << >>\n%%EOF\n")
    return Document.objects.create(
        **{
            "title": "Kvittering, skabelon",
            "collection": collection or make_collection(),
            "file": ContentFile(content, name="Skabelon æøå.pdf"),
        }
        | fields
    )


def make_media(collection: Collection | None = None, **fields: Any) -> Media:
    """A video of 1,000 bytes that nobody will play."""
    content = fields.pop("content", VIDEO)
    return Media.objects.create(
        **{
            "title": "Sådan tager du imod",
            "type": "video",
            "collection": collection or make_collection(),
            "file": ContentFile(content, name="film.mp4"),
        }
        | fields
    )
