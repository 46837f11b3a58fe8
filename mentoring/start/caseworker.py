"""What a caseworker sees first: what waits for a confirmation."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.start_page import Section
from mentoring.permissions import confirmable_sessions
from mentoring.progress import cards
from people.models import Role
from people.permissions import Standing

SHOWN = 5


def to_confirm(_request: HttpRequest, standing: Standing) -> Section | None:
    """What waits for a caseworker's confirmation."""
    if not standing.has(Role.Key.CASEWORKER, Role.Key.TRAVELLING):
        return None
    waiting = confirmable_sessions(standing).select_related("place").order_by("held_on", "pk")
    shown = list(waiting[: SHOWN + 1])
    if not shown:
        return None
    return Section(
        _("To confirm"),
        "mentoring/start/to_confirm.html",
        {"waiting": cards(shown[:SHOWN]), "has_more": len(shown) > SHOWN},
        order=5,
    )
