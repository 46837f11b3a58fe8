"""The front page of one language."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pages.models.base import BasePage
from pages.models.information import InformationPage
from pages.models.learning import CataloguePage


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

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """The ways on: the catalogue, and the pages of information that everybody may read."""
        catalogue = self._open(CataloguePage).first()
        below = list(self._open(InformationPage))
        ways = [catalogue, *below] if catalogue else below
        return {
            "catalogue": catalogue,
            "below": below,
            "stamp": [(way.pk, way.title, way.url_path, way.alias_of_id) for way in ways],
        }

    def _open(self, kind: type[BasePage]) -> Any:
        """The live pages of a kind right below, without those that are restricted."""
        return kind.objects.child_of(self).live().public().defer_streamfields().order_by("path")
