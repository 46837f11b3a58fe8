"""Pages to read: about the site, accessibility, help."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from pages.models.base import BasePage


class InformationPage(BasePage):
    """A page to read."""

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage", "pages.InformationPage"]
    subpage_types: ClassVar[list[str]] = ["pages.InformationPage"]

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")
