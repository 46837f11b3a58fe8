"""What the cooperation keeps for an organisation follows it when it changes."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from cooperation.models import Body, BodyMember, Initiative, Pact, Partner, Practice
from people.actions import Change
from people.signals import organisations_changed


def follow(sender: object, change: Change, at: datetime, **kwargs: Any) -> None:
    """Seats, keepers, owners and parties of what is under way go on with the heir.

    What is over stays as it was: old minutes say for whom somebody spoke, an agreement that has
    ended names who made it.
    """
    on = change.on
    under_way = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    for seat in BodyMember.objects.filter(under_way, organisation__in=change.old):
        _move_seat(seat, change)
    Body.objects.filter(under_way, keeper__in=change.old).update(keeper=change.main)
    Initiative.objects.filter(under_way, owner__in=change.old).update(owner=change.main)
    for initiative in Initiative.objects.filter(under_way, organisations__in=change.old).distinct():
        initiative.organisations.remove(*change.old)
        initiative.organisations.add(*change.new)
    for pact in (
        Pact.objects.filter(under_way)
        .filter(Q(keeper__in=change.old) | Q(parties__in=change.old))
        .distinct()
    ):
        if change.is_old(pact.keeper_id):
            pact.keeper = change.main
            pact.save(update_fields=["keeper"])
        if pact.parties.filter(pk__in=[one.pk for one in change.old]).exists():
            pact.parties.remove(*change.old)
            pact.parties.add(*change.new)
    for partner in Partner.objects.filter(keeper__in=change.old):
        partner.keeper = change.heir(partner.place_id)
        partner.save(update_fields=["keeper"])
    for practice in Practice.objects.filter(organisation__in=change.old, live__isnull=True):
        practice.organisation = change.heir(practice.place_id)
        practice.save(update_fields=["organisation"])


def _move_seat(seat: BodyMember, change: Change) -> None:
    ends_on = seat.ends_on
    if seat.starts_on >= change.on:  # it had not begun
        seat.organisation = change.main
        seat.save(update_fields=["organisation"])
        return
    seat.ends_on = change.on
    seat.save(update_fields=["ends_on"])
    BodyMember.objects.create(
        body_id=seat.body_id,
        person_id=seat.person_id,
        organisation=change.main,
        role=seat.role,
        title=seat.title,
        starts_on=change.on,
        ends_on=ends_on,
    )


def connect() -> None:
    """Listen; called once, from ``AppConfig.ready``."""
    organisations_changed.connect(follow)
