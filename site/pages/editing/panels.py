"""What the editor shows beside the fields: how the page is."""

from typing import TYPE_CHECKING, Any

from wagtail.admin.panels import Panel

from pages.editing.faults import Fault, Kind, faults_of
from pages.editing.weighing import weigh

if TYPE_CHECKING:
    from pages.models import BasePage


class CheckPanel(Panel):
    """Weight, links and pictures of the page as it was saved last."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/check_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Adds ``weight`` and ``faults``; neither on the page of one never saved."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            page: BasePage = self.instance
            if page is None or page.pk is None:
                return context | {"weight": None, "faults": []}
            return context | {"weight": weigh(page), "faults": all_faults(page)}


def all_faults(page: "BasePage") -> list[Fault]:
    """What can be seen at once, and the addresses outside that do not answer any more."""
    dead = page.outside_links.filter(is_dead=True).order_by("words", "pk")
    return [*faults_of(page), *(Fault(Kind.DEAD_OUTSIDE, link.words) for link in dead)]
