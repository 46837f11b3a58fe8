"""What planned sessions have to say on the start page."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.start_page import Section
from mentoring.permissions import ROLES, planned_sessions
from mentoring.planning.listing import plans_to_log
from people.permissions import Standing

SHOWN = 3


def planned(_request: HttpRequest, standing: Standing) -> Section | None:
    """The next sessions, and those a mentor can log with one press; two queries."""
    if not standing.has(*(key for keys in ROLES.values() for key in keys)):
        return None
    now = timezone.now()
    coming = planned_sessions(standing).to_come(at=now).select_related("pairing__place")
    shown = list(coming.order_by("starts_at", "pk")[:SHOWN])
    to_log = plans_to_log(standing, at=now)
    if not shown and not to_log:
        return None
    return Section(
        _("Planned sessions"),
        "mentoring/start/planned.html",
        {"plans": shown, "to_log": to_log, "day": standing.day},
        order=9,
    )
