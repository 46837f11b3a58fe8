"""What actions and meetings have to say on the start page."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.models import Action, ActionQuerySet, Meeting, MeetingQuerySet
from cooperation.permissions import own_actions, own_seats, run_bodies
from core.access_log import record
from core.start_page import Section
from people.permissions import Standing

SHOWN = 5
#: So long before its day an action stands on its owner's first page, and a meeting on its members'.
DUE_WITHIN = timedelta(days=30)


def own_due(standing: Standing) -> ActionQuerySet:
    """The own actions that are due soon, or were."""
    return own_actions(standing).open().filter(due_on__lte=standing.day + DUE_WITHIN)


def next_meetings(standing: Standing) -> MeetingQuerySet:
    """The next meetings of the bodies in which one sits."""
    now = timezone.now()
    coming = Meeting.objects.to_come().filter(starts_at__gte=now, starts_at__lt=now + DUE_WITHIN)
    return coming.filter(body__in=own_seats(standing).values("body"))


def late_of_others(standing: Standing) -> ActionQuerySet:
    """What others have not done in the bodies one runs."""
    running = Action.objects.filter(body__in=run_bodies(standing).values("pk"))
    return running.late(on=standing.day).exclude(owner=standing.person)


def my_cooperation(request: HttpRequest, standing: Standing) -> Section | None:
    """The own actions that are due, the next meetings, and what is late where one runs things.

    Three queries for any number.
    """
    if standing.person is None:
        return None
    own = list(own_due(standing).select_related("body").soonest_first()[:SHOWN])
    coming = next_meetings(standing).select_related("body", "place")
    meetings = list(coming.order_by("starts_at", "pk")[:SHOWN])
    late = list(late_of_others(standing).select_related("owner", "body").soonest_first()[:SHOWN])
    if late:
        record(request.user, "list", late, at=timezone.now())
    if not own and not meetings and not late:
        return None
    return Section(
        _("Cooperation"),
        "cooperation/start.html",
        {
            "own": [(one, one.is_late(on=standing.day)) for one in own],
            "meetings": meetings,
            "late": late,
        },
        order=9,
    )
