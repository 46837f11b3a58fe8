"""What a coordinator sees first: who waits, who is stuck, what is soon too late."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access_log import record
from core.start_page import Section
from mentoring.models import Pairing, Session, SessionParticipant
from mentoring.permissions import overseen_pairings, overseen_sessions
from people.models import Person, Role
from people.permissions import Standing

SHOWN = 5
STUCK_AFTER = timedelta(days=14)
UNCONFIRMED_AFTER = timedelta(days=7)
READY_BEFORE = timedelta(days=14)
HANDOVER_BEFORE = timedelta(days=7)


def coordination(request: HttpRequest, standing: Standing) -> Section | None:
    """Who waits for the coordinator, who is stuck, what is soon too late. No chart before that."""
    if not standing.has(Role.Key.COORDINATOR):
        return None
    day = standing.day
    pairings = overseen_pairings(standing).select_related("place")
    active = Q(state=Pairing.State.ACTIVE)
    last = Session.objects.filter(pairing=OuterRef("pk"), held_on__gt=day - STUCK_AFTER)
    return Section(
        _("Coordination"),
        "mentoring/start/coordination.html",
        {
            "to_close": _few(pairings.filter(state=Pairing.State.HANDOVER, ends_on__lte=day)),
            "to_begin": _few(
                pairings.filter(
                    state__in=[Pairing.State.PLANNED, Pairing.State.READY], starts_on__lte=day
                )
            ),
            "silent": _few(
                pairings.filter(active, ~Exists(last), starts_on__lte=day - STUCK_AFTER)
            ),
            "unconfirmed": _unconfirmed(request, standing),
            "not_ready": _few(
                pairings.filter(
                    state=Pairing.State.PLANNED,
                    starts_on__gt=day,
                    starts_on__lte=day + READY_BEFORE,
                )
            ),
            "not_handed_over": _few(pairings.filter(active, ends_on__lte=day + HANDOVER_BEFORE)),
            "day": day,
        },
        order=3,
    )


def _few(pairings: Any) -> list[Pairing]:
    return list(pairings.order_by("starts_on", "pk")[:SHOWN])


def _unconfirmed(request: HttpRequest, standing: Standing) -> list[Any]:
    """Caseworkers with sessions that have waited a week, the longest first; noted in the log."""
    late = overseen_sessions(standing).filter(held_on__lte=standing.day - UNCONFIRMED_AFTER)
    found = list(
        SessionParticipant.objects.unconfirmed()
        .filter(session__in=late)
        .values("person_id", name=F("person__name"))
        .annotate(count=Count("pk"), last=Max("session__held_on"))
        .order_by("last", "name")[:SHOWN]
    )
    if found:
        people = [Person(pk=row["person_id"]) for row in found]
        record(request.user, "list", people, at=timezone.now())
    return found
