"""Pictures, documents and films from the library of files."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtailmedia.blocks import VideoChooserBlock

from files.pictures import known_bytes
from pages.blocks.text import BOX_FEATURES, TextBlock


class PictureBlock(blocks.StructBlock):
    """A picture with its alternative text and perhaps a caption."""

    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(
        label=pgettext_lazy("of a picture", "Caption"), required=False, max_length=200
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Beside the value its weight, for whoever saves data."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        if context.get("saves_data") and value["image"]:
            context["size"] = known_bytes(value["image"])
        return context

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A picture with a text for whoever cannot see it.")
        template = "pages/blocks/picture.html"


class DocumentBlock(blocks.StructBlock):
    """A file to download, with its kind and size said beforehand."""

    document = DocumentChooserBlock(label=_("Document"))
    text = blocks.CharBlock(
        label=_("Link text"),
        required=False,
        max_length=160,
        help_text=_("What the reader gets. Without it, the document's title is shown."),
    )

    class Meta:
        icon = "doc-full-inverse"
        label = _("Document")
        description = _("A file to download; kind and size are shown.")
        template = "pages/blocks/document.html"


class VideoBlock(blocks.StructBlock):
    """A video that starts only when asked to, with its text version."""

    video = VideoChooserBlock(label=_("Video"))
    text_version = TextBlock(
        label=_("Text version"),
        features=BOX_FEATURES,
        help_text=_("Everything said and shown, for whoever cannot load or hear the video."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A film that starts when asked to, with all of it as text.")
        template = "pages/blocks/video.html"
