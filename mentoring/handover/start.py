"""What handovers and follow-ups have to say on the start page."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access_log import record
from core.start_page import Section
from mentoring.handover.listing import leaving
from mentoring.models import RECEIVERS, Handover
from mentoring.permissions import (
    IN_CHARGE,
    overseen_follow_ups,
    owned_follow_ups,
    received_handovers,
)
from people.permissions import Standing

SHOWN = 5
#: So long before the last day a mentor is asked to prepare the handover.
PREPARE_BEFORE = timedelta(days=42)
#: So long before its day a follow-up stands on its owner's first page.
DUE_WITHIN = timedelta(days=30)


def handing_over(_request: HttpRequest, standing: Standing) -> Section | None:
    """What a mentor hands over soon and what waits for a receiver; two queries."""
    if standing.person is None or not standing.has(*RECEIVERS):
        return None
    waiting = list(
        received_handovers(standing)
        .waiting()
        .select_related("member__person", "member__pairing__place")
        .order_by("sent_at", "pk")[:SHOWN]
    )
    own = [
        one
        for one in leaving(standing)
        if one.unanswered
        or (
            (one.handover is None or one.handover.state == Handover.State.PREPARING)
            and one.days is not None
            and one.days <= PREPARE_BEFORE.days
        )
    ][:SHOWN]
    if not waiting and not own:
        return None
    return Section(
        _("Handover"), "mentoring/start/handover.html", {"waiting": waiting, "own": own}, order=7
    )


def follow_ups(request: HttpRequest, standing: Standing) -> Section | None:
    """The own follow-ups that are due, and those of the own places that are late or nobody's.

    One query; one more for whoever looks after a place.
    """
    if standing.person is None:
        return None
    day = standing.day
    with_place = ("owner", "handover__member__pairing__place")
    own = list(
        owned_follow_ups(standing)
        .open()
        .filter(due_on__lte=day + DUE_WITHIN)
        .select_related(*with_place)
        .soonest_first()[:SHOWN]
    )
    there = []
    if standing.has(*IN_CHARGE):
        overseen = overseen_follow_ups(standing).open().exclude(owner=standing.person)
        there = list(
            overseen.need_somebody(on=day).select_related(*with_place).soonest_first()[:SHOWN]
        )
        if there:
            record(request.user, "list", there, at=timezone.now())
    if not own and not there:
        return None
    return Section(
        _("Follow-ups"),
        "mentoring/start/follow_ups.html",
        {"own": [(one, one.is_late(on=day)) for one in own], "there": there, "day": day},
        order=8,
    )
