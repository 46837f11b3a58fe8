"""The front page of one language."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from pages.models.base import BasePage


class HomePage(BasePage):
    """The front page of one language: every other page of it lies below."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "pages.CataloguePage",
        "pages.InformationPage",
        "pages.PrivacyPage",
    ]
    max_count_per_parent = 2  # Danish and Kalaallisut

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")
