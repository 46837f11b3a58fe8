"""Pages to read: about the site, accessibility, help."""

from typing import Any, ClassVar

from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pages.models.base import BasePage
from rules.models import RuleVersion


class InformationPage(BasePage):
    """A page to read."""

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage", "pages.InformationPage"]
    subpage_types: ClassVar[list[str]] = ["pages.InformationPage"]

    class Meta:
        verbose_name = _("information page")
        verbose_name_plural = _("information pages")

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """What the register says now: a page may show its rules."""
        latest = RuleVersion.objects.aggregate(latest=Max("pk"))["latest"]
        return {"stamp": latest, "body_stamp": latest}
