"""When it is followed up after the last mentor has left, and by whom."""

from datetime import date, datetime, timedelta

from django.db.models import F, Max, Q

from core.periods import local_day, months_after
from mentoring.models import OWNERS, FollowUp, Handover, Need, Pairing, PairingMember
from mentoring.models.pairing import in_reach
from people.models import Person, Role

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

    A receiver who is there as a mentor alone moves on one day: then they are for the local owner
    of the need that the pairing was made for, if there is one who works in the town.

    A pairing that nobody ever mentored has none.
    """
    today = local_day(at)
    last = (
        Handover.objects.settled().in_pairing(pairing).order_by("-settled_at", "-begun_at").first()
    )
    was_there = Q(ends_on__gt=F("starts_on")) | Q(handover__settled_at__isnull=False)
    mentors = pairing.members.filter(was_there, side=PairingMember.Side.MENTOR)
    left_on = mentors.aggregate(on=Max("ends_on"))
    if last is None or left_on["on"] is None:
        return []
    owner = last.receiver
    if owner is None or not _works_in(pairing, owner, on=today):
        owner = _local_owner(pairing, on=today) or owner
    return FollowUp.objects.bulk_create(
        FollowUp(handover=last, months=months, due_on=day, owner=owner)
        for months, day in days_for(left_on["on"], today=today)
    )


def _works_in(pairing: Pairing, person: Person, *, on: date) -> bool:
    """Whether ``person`` owns follow-ups in the town by a role other than that of a mentor."""
    place = pairing.place
    roles = Role.objects.valid_on(on).filter(
        in_reach(place.pk, place.municipality_id), person=person, key__in=OWNERS
    )
    return roles.exclude(key=Role.Key.MENTOR).exists()


def _local_owner(pairing: Pairing, *, on: date) -> Person | None:
    need = Need.objects.filter(pairing=pairing, owner__isnull=False).select_related("owner").first()
    if need is None or need.owner is None or not _works_in(pairing, need.owner, on=on):
        return None
    return need.owner
