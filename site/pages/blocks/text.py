"""Text, boxes, lists and sources: what is written on the page itself."""

from typing import Any

from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.richtext import CleanTextBlock

TEXT_FEATURES = ["bold", "italic", "h3", "ol", "ul", "link", "document-link"]
BOX_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
only_web_addresses = URLValidator(schemes=["http", "https"])


class WebAddressBlock(blocks.URLBlock):
    """An address that begins with http or https, in the form and in whatever is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"validators": [only_web_addresses], **kwargs})

    def to_python(self, value: str) -> str:
        """The address; nothing where the stored one is of another kind."""
        return value if value and value.lower().startswith(("http://", "https://")) else ""


class TextBlock(CleanTextBlock):
    """Running text with a few kinds of emphasis."""

    def __init__(self, *, features: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(features=features or TEXT_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Running text: short paragraphs, lists, links.")
        template = "pages/blocks/text.html"


class BoxBlock(blocks.StructBlock):
    """A heading and some text in a box."""

    title = blocks.CharBlock(
        label=_("Heading"), max_length=120, help_text=_("For example: What is acute?")
    )
    text = TextBlock(label=_("Text"), features=BOX_FEATURES)


class FactBox(BoxBlock):
    """Something worth knowing that would break the flow of the text."""

    class Meta:
        icon = "info-circle"
        label = _("Fact box")
        description = _("Something worth knowing that would break the flow of the text.")
        template = "pages/blocks/fact_box.html"


class PracticeBlock(BoxBlock):
    """A task to try, alone or side by side."""

    class Meta:
        icon = "edit"
        label = _("Practice")
        description = _("A task with an invented example, to try alone or side by side.")
        template = "pages/blocks/practice.html"


class PressBox(BoxBlock):
    """What controllers and the press have found. Background, never a rule."""

    source = blocks.CharBlock(
        label=_("Source"), max_length=160, help_text=_("Who reported it and when.")
    )
    source_url = WebAddressBlock(label=_("Address of the source"), required=False)

    class Meta:
        icon = "clipboard-list"
        label = _("Found by controllers and the press")
        description = _("Background from the Ombudsman or the press. Never a rule.")
        template = "pages/blocks/press_box.html"


class ChecklistBlock(blocks.StructBlock):
    """Points to tick off on paper or in the head; nothing is stored."""

    title = blocks.CharBlock(
        label=_("Heading"), max_length=120, help_text=_("For example: When the phone rings")
    )
    items = blocks.ListBlock(
        blocks.CharBlock(
            label=_("Point"),
            max_length=300,
            help_text=_("Begin with a verb: Write down the time."),
        ),
        label=_("Points"),
        min_num=1,
    )

    class Meta:
        icon = "list-ul"
        label = _("Checklist")
        description = _("Points to go through; nothing is stored.")
        template = "pages/blocks/checklist.html"


class SourceBlock(blocks.StructBlock):
    """One place to read more."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    url = WebAddressBlock(label=_("Address"), required=False)


class SourcesBlock(blocks.StructBlock):
    """Where the text of the page comes from."""

    items = blocks.ListBlock(SourceBlock(), label=_("Sources"), min_num=1)

    class Meta:
        icon = "link"
        label = _("Sources")
        description = _("Where to read more.")
        template = "pages/blocks/sources.html"


class HelplineBlock(blocks.StaticBlock):
    """The national helpline: for every page that touches distress."""

    class Meta:
        icon = "help"
        label = _("Helpline")
        description = _("For every page that touches something hard.")
        admin_text = _("Tusaannga: phone 80 11 80, text message 1899, day and night.")
        template = "pages/blocks/helpline.html"
