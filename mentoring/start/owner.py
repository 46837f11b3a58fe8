"""What must be ready before mentors arrive, for whoever looks after it."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access_log import record
from core.start_page import Section
from mentoring.models import ReadinessItem, ReadinessStop
from mentoring.permissions import overseen_needs
from people.models import Role
from people.permissions import Standing

SHOWN = 5
READY_BEFORE = timedelta(days=14)


def must_be_ready(request: HttpRequest, standing: Standing) -> Section | None:
    """What I look after and is due soon; and what is late in the places I look after."""
    if standing.person is None:
        return None
    day = standing.day
    items = ReadinessItem.objects.awaited().select_related("need__place").order_by("due_on", "pk")
    own = list(items.filter(owner=standing.person, due_on__lte=day + READY_BEFORE)[:SHOWN])
    late: list[ReadinessItem] = []
    if standing.has(Role.Key.COORDINATOR, Role.Key.LEADER):
        overseen = items.filter(need__in=overseen_needs(standing).values("pk"), due_on__lt=day)
        late = list(
            overseen.exclude(owner=standing.person).select_related("owner", "need__place")[:SHOWN]
        )
        if late:
            record(request.user, "list", late, at=timezone.now())
    if not own and not late:
        return None
    return Section(
        _("Ready for arrival"),
        "mentoring/start/readiness.html",
        {"own": own, "late": late, "day": day},
        order=6,
    )


def readiness_reminders(_request: HttpRequest, standing: Standing) -> Section | None:
    """On one's own page: whether messages come about what must be ready; one query."""
    if standing.person is None:
        return None
    stopped = ReadinessStop.objects.filter(person=standing.person).exists()
    return Section(
        _("Reminders before mentors arrive"),
        "mentoring/rounds/reminders.html",
        {"is_stopped": stopped},
        order=55,
    )
