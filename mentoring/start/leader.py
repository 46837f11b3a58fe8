"""What a leader sees first: whether the own place is ready, and totals."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.small_groups import FEWEST_TO_SHOW
from core.start_page import Section
from mentoring.models import Mode, Need, PairingMember, Round, SessionParticipant
from mentoring.permissions import counted_sessions
from people.models import Role
from people.permissions import Standing

Side = PairingMember.Side
SHOWN = 5


def places_ready(_request: HttpRequest, standing: Standing) -> Section | None:
    """How far the own places are before mentors arrive, the next arrival first; one query."""
    if not standing.has(Role.Key.LEADER):
        return None
    done = Q(items__done_at__isnull=False)
    needs = (
        Need.objects.standing()
        .filter(
            standing.places(Role.Key.LEADER, "place__"),
            round__state__in=[Round.State.PLANNED, Round.State.GOING],
            starts_on__gt=standing.day,
        )
        .select_related("place")
        .annotate(
            items_all=Count("items"),
            items_done=Count("items", filter=done),
            items_late=Count("items", filter=~done & Q(items__due_on__lt=standing.day)),
        )
        .order_by("starts_on", "place__name", "pk")
    )
    shown = list(needs[:SHOWN])
    if not shown:
        return None
    return Section(
        _("Mentors are coming"), "mentoring/start/places_ready.html", {"needs": shown}, order=7
    )


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
