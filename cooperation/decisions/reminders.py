"""Who is reminded of an action, and when."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from cooperation.decisions.actions import tell_of
from cooperation.models import Action, BodyMember
from core.periods import is_working_hour, local_day
from mentoring.actions.due import TOLD, to_be_told_of
from people.models import Person


@transaction.atomic
def remind(at: datetime) -> int:
    """Tell owners what is due within a week, and what is late; chairs of the latter. Runs again.

    Each is told of once before and once after each due day.

    Returns:
        How many actions somebody was told of.
    """
    if not is_working_hour(at):
        return 0
    today = local_day(at)
    found = list(
        Action.objects.open()
        .select_for_update(of=("self",), no_key=True)
        .filter(to_be_told_of(today))
        .select_related("owner", "body")
        .soonest_first()
    )
    if not found:
        return 0
    running = _running({one.body_id for one in found}, on=today)
    for one in found:
        if one.due_on < today:
            one.told_late_of = one.due_on
            tell_of([one.owner], "late", one)
            tell_of(
                [person for person in running[one.body_id] if person != one.owner],
                "late_there",
                one,
            )
        else:
            one.told_of = one.due_on
            tell_of([one.owner], "soon", one)
    Action.objects.bulk_update(found, TOLD)
    return len(found)


def _running(bodies: Iterable[UUID], *, on: date) -> dict[UUID, list[Person]]:
    """Chairs and secretaries of each body, each once."""
    seats = BodyMember.objects.valid_on(on).running().filter(body__in=bodies)
    found: dict[UUID, dict[UUID, Person]] = defaultdict(dict)
    for seat in seats.select_related("person").order_by("person__name", "pk"):
        found[seat.body_id][seat.person_id] = seat.person
    return defaultdict(list, {body: list(people.values()) for body, people in found.items()})
