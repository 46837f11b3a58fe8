"""What actions and meetings have to say on the start page."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.models import Action, Meeting
from cooperation.permissions import own_actions, own_seats, run_bodies
from core.access_log import record
from core.start_page import Section
from people.permissions import Standing

SHOWN = 5
#: So long before its day an action stands on its owner's first page, and a meeting on its members'.
DUE_WITHIN = timedelta(days=30)


def my_cooperation(request: HttpRequest, standing: Standing) -> Section | None:
    """The own actions that are due, the next meetings, and what is late where one runs things.

    Three queries for any number.
    """
    if standing.person is None:
        return None
    day, now = standing.day, timezone.now()
    own = list(
        own_actions(standing)
        .open()
        .filter(due_on__lte=day + DUE_WITHIN)
        .select_related("body")
        .soonest_first()[:SHOWN]
    )
    meetings = list(
        Meeting.objects.to_come()
        .filter(
            body__in=own_seats(standing).values("body"),
            starts_at__gte=now,
            starts_at__lt=now + DUE_WITHIN,
        )
        .select_related("body", "place")
        .order_by("starts_at", "pk")[:SHOWN]
    )
    running = Action.objects.late(on=day).filter(body__in=run_bodies(standing).values("pk"))
    late = list(
        running.exclude(owner=standing.person)
        .select_related("owner", "body")
        .soonest_first()[:SHOWN]
    )
    if late:
        record(request.user, "list", late, at=now)
    if not own and not meetings and not late:
        return None
    return Section(
        _("Cooperation"),
        "cooperation/start.html",
        {
            "own": [(one, one.is_late(on=day)) for one in own],
            "meetings": meetings,
            "late": late,
        },
        order=9,
    )
