"""Reminding of handovers that were sent and that nobody confirms."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core import telling
from core.periods import is_working_hour, local_day
from mentoring.handover.people import in_charge
from mentoring.models import Handover
from notices.models import Notice
from people.models import Person, Role


@transaction.atomic
def remind_receivers(at: datetime) -> int:
    """Tell receivers what has waited a week, and coordinators what nobody can confirm any more.

    Once in each week after it was sent. Runs again: what a person was told says which week it was.

    Returns:
        Of how many handovers somebody was told.
    """
    if not is_working_hour(at):
        return 0
    today = local_day(at)
    found: list[Any] = list(
        Handover.objects.stuck(on=today)
        .select_for_update(of=("self",), no_key=True)
        .select_related("receiver", "member__pairing__place")
        .order_by("pk")
    )
    coordinators = in_charge(
        {one.member.pairing.place for one in found}, [Role.Key.COORDINATOR], on=today
    )
    count = 0
    for one in found:
        if one.is_read:
            told = _tell("waits", one, [one.receiver], ("mentoring:handover", one.pk), on=today)
        else:
            pairing = one.member.pairing
            readers = coordinators[pairing.place_id]
            told = _tell("unread", one, readers, ("mentoring:pairing", pairing.pk), on=today)
        count += told
    return count


def _tell(
    what: str, handover: Handover, readers: list[Person], where: tuple[str, UUID], *, on: date
) -> bool:
    """Tell those who have not been told in this week; whether there was one."""
    if handover.sent_at is None:
        return False
    sent_on = local_day(handover.sent_at)
    url, key = where
    kind = f"mentoring.handover_{what}"
    facts = {
        "town": handover.member.pairing.place.name,
        "sent_on": sent_on.isoformat(),
        "weeks": (on - sent_on).days // 7,
    }
    told = Notice.objects.filter(kind=kind, url_args=[str(key)], facts=facts)
    known = set(told.values_list("person", flat=True))
    new = [reader for reader in readers if reader.pk not in known]
    for reader in new:
        telling.tell(reader, kind, facts, url=url, url_args=[str(key)])
    return bool(new)
