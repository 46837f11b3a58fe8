"""An editor's first page in the admin: what waits for me, what is late, what to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import LockedPagesPanel

from pages.editing.lists import Asking, Listing, Row, listings

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Short:
    """The first of a list, and how many there are."""

    listing: Listing
    count: int
    rows: list[Row]

    @property
    def has_more(self) -> bool:
        """Whether there is more than is shown."""
        return self.count > len(self.rows)


class EditorsPanel(Component):
    """Every list that the reader may see, cut short."""

    name = "editors"
    template_name = "pages/admin/dashboard.html"
    order = 100

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Adds ``lists``."""
        asking = Asking(parent_context["request"].user, timezone.now())
        return {"lists": [_short(one, asking) for one in listings() if one.sees(asking)]}


def _short(listing: Listing, asking: Asking) -> Short:
    found = listing.found(asking)
    count = len(found) if isinstance(found, list) else found.count()
    rows = list(listing.rows(found[:SHOWN], asking)) if count else []
    return Short(listing, count, rows)


@hooks.register("construct_homepage_panels")
def our_first_page(_request: HttpRequest, panels: list[Component]) -> None:
    """Ours in the place of Wagtail's lists, which say the same at more length; locks stay."""
    panels[:] = [EditorsPanel(), *(one for one in panels if isinstance(one, LockedPagesPanel))]
