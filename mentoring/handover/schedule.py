"""When it is followed up after the last mentor has left, and by whom."""

from datetime import date, datetime, timedelta

from django.db.models import Max

from core.periods import local_day, months_after
from mentoring.models import FollowUp, Handover, Pairing, PairingMember

#: So many months after the last mentor left.
MONTHS = (1, 3, 6)
#: The time that is left for one whose day was over when the pairing was closed.
CATCH_UP = timedelta(days=7)


def days_for(left_on: date, *, today: date) -> list[tuple[int, date]]:
    """The months and days of what is to come; of those that have gone by, the last within a week.

    A pairing may be closed from the log long after its mentor left.
    """
    planned = [(months, months_after(left_on, months)) for months in MONTHS]
    missed = [months for months, day in planned if day <= today]
    to_come = [(months, day) for months, day in planned if day > today]
    return [*((months, today + CATCH_UP) for months in missed[-1:]), *to_come]


def plan_follow_ups(pairing: Pairing, *, at: datetime) -> list[FollowUp]:
    """Plan them for a pairing that has been closed, for the receiver of its last handover.

    A pairing that nobody ever mentored has none.
    """
    today = local_day(at)
    last = (
        Handover.objects.settled().in_pairing(pairing).order_by("-settled_at", "-begun_at").first()
    )
    left_on = pairing.members.filter(side=PairingMember.Side.MENTOR).aggregate(on=Max("ends_on"))
    if last is None or left_on["on"] is None:
        return []
    return FollowUp.objects.bulk_create(
        FollowUp(handover=last, months=months, due_on=day, owner=last.receiver)
        for months, day in days_for(left_on["on"], today=today)
    )
