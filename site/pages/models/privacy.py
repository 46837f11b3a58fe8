"""What is kept about people, said by the code that keeps it."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from pages.models.base import BasePage


class PrivacyPage(BasePage):
    """An introduction by editors, then every data declaration of the product."""

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("privacy page")
        verbose_name_plural = _("privacy pages")
