"""What initiatives have to say on the first page of the cooperation."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cooperation.permissions import readable_initiatives
from core.start_page import Section
from people.permissions import Standing

SHOWN = 20


def initiatives(_request: HttpRequest, standing: Standing) -> Section | None:
    """Those under way, with what was last said of each; one query."""
    found = readable_initiatives(standing).valid_on(standing.day).with_status().in_order()
    return Section(
        _("Initiatives"),
        "cooperation/initiatives/section.html",
        {"initiatives": list(found[:SHOWN])},
        order=40,
    )
