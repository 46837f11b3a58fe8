"""Pages of our own in Wagtail's admin, in Wagtail's frame."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import Promise
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin


class AdminPage(WagtailAdminTemplateMixin, TemplateView):
    """A page with its title and the way to it. Who may open it each view says itself."""

    _show_breadcrumbs = True
    #: The pages between the front of the admin and this one: what they are called, and the name
    #: of their address.
    way_here: "ClassVar[list[tuple[str | Promise, str]]]" = []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way from the front of the admin."""
        own = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        middle = [{"url": reverse(name), "label": label} for label, name in self.way_here]
        return [*self.breadcrumbs_items, *middle, own]
