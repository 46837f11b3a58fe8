"""What is kept about people, said by the code that keeps it."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.declarations import all_declarations
from pages.models.base import BasePage


class PrivacyPage(BasePage):
    """An introduction by editors, then every data declaration of the product."""

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("privacy page")
        verbose_name_plural = _("privacy pages")

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """Every data declaration; they change with a release only."""
        return {"declarations": all_declarations(), "stamp": ()}
