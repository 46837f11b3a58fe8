"""What a leader sees first: totals for the own place."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.start_page import Section
from mentoring.models import Mode, PairingMember, SessionParticipant
from mentoring.permissions import counted_sessions
from people.models import Role
from people.permissions import Standing

Side = PairingMember.Side
FEWEST_TO_SHOW = 5  # the rule of five


def town_totals(_request: HttpRequest, standing: Standing) -> Section | None:
    """A leader's totals for the own place; the split by mode only for five people or more."""
    if not standing.has(Role.Key.LEADER):
        return None
    since = standing.day - timedelta(days=183)
    sessions = counted_sessions(standing).filter(held_on__gte=since)
    totals = sessions.aggregate(
        count=Count("pk"),
        minutes=Sum("minutes"),
        confirmed=Count("pk", filter=Q(locked_at__isnull=False)),
    )
    people = (
        SessionParticipant.objects.filter(session__in=sessions, side=Side.CASEWORKER)
        .values("person")
        .distinct()
        .count()
    )
    modes: list[tuple[Any, int]] = []
    if people >= FEWEST_TO_SHOW:
        counts = dict(sessions.values_list("mode").annotate(count=Count("pk")))
        modes = [(mode.label, counts.get(mode.value, 0)) for mode in Mode]
    return Section(
        _("Training in your place"),
        "mentoring/start/town_totals.html",
        {
            "totals": totals,
            "hours": round((totals["minutes"] or 0) / 60),
            "people": people,
            "modes": modes,
            "since": since,
        },
        order=40,
    )
