"""How an erasure takes a person out of the cooperation. Named by ``cooperation.declarations``."""

from datetime import datetime

from django.db.models import Q

from cooperation.models import BodyMember
from core.periods import local_day
from people.models import Person


def end_seats(person: Person, *, by: Person | None, at: datetime) -> None:
    """End the seats that run today and forget as what; that there was a seat stays."""
    day = local_day(at)
    seats = BodyMember.objects.filter(person=person)
    seats.update(title="")
    for seat in seats.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day)):
        seat.ends_on = max(day, seat.starts_on)
        seat.save(update_fields=["ends_on"])
