"""What all pages share."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from pages.blocks import BodyBlock


class BasePage(Page):
    """A title, an introduction and a body of blocks, in one language."""

    introduction = models.TextField(
        _("introduction"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences: what the reader gets from this page."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("content"))

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug"), FieldPanel("search_description")]
    show_in_menus_default = False

    class Meta:
        abstract = True
