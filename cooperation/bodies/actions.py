"""Entering and changing bodies, and who sits in them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cooperation.changing import by_id, seen_of
from cooperation.models import Body, BodyMember, Initiative
from cooperation.refusals import CooperationRefused, changed
from people.models import Organisation, Person, Place

#: What a form to change a body was drawn from.
SEEN = (
    *("kind", "name_da", "name_kl", "purpose_da", "purpose_kl"),
    *("keeper_id", "sectors", "starts_on", "ends_on"),
)
LINKED = by_id("places", "initiatives")


def body_seen(body: Body | None) -> str:
    """Names what somebody saw of a body, of its towns and initiatives."""
    return seen_of(body, *SEEN, linked=LINKED)


@transaction.atomic
def save_body(
    key: UUID,
    *,
    seen: str | None,
    places: Iterable[Place],
    initiatives: Iterable[Initiative],
    by: Person | None,
    at: datetime,
    **facts: Any,
) -> Body:
    """Enter a body, or change the one with that key; sent twice, it is entered once.

    Args:
        seen: What ``by`` saw of it (:func:`body_seen`); None or empty for a new one.
        facts: kind, names, purposes, keeper, sectors and period.

    Raises:
        CooperationRefused: With code "changed" if somebody else was first, "period" if a seat
            would begin after its end.
    """
    body = Body.objects.select_for_update(no_key=True).filter(pk=key).first()
    if body is None:
        body = Body(pk=key, created_by=by, created_at=at)
    elif seen and body_seen(body) != seen:
        raise changed()
    for name, value in facts.items():
        setattr(body, name, value)
    body.full_clean()
    if body.ends_on is not None and body.members.filter(starts_on__gte=body.ends_on).exists():
        raise CooperationRefused(
            _("Somebody has a seat that begins later. End it first."), "period", "last_day"
        )
    body.save()
    body.places.set(places)
    body.initiatives.set(initiatives)
    if body.ends_on is not None:  # nobody sits in what has ended
        body.members.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=body.ends_on)).update(
            ends_on=body.ends_on
        )
    return body


@transaction.atomic
def add_member(
    body: Body,
    *,
    key: UUID,
    person: Person,
    organisation: Organisation,
    role: str,
    title: str,
    starts_on: date,
    ends_on: date | None,
    by: Person | None,
    at: datetime,
) -> BodyMember:
    """Give somebody a seat for an organisation; sent twice, it is one seat.

    Raises:
        CooperationRefused: With code "period" outside the body's own period, "taken" if the
            person has a seat on one of these days.
    """
    body = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    there = BodyMember.objects.filter(pk=key, body=body).first()
    if there is not None:
        return there
    if starts_on < body.starts_on or (body.ends_on is not None and starts_on >= body.ends_on):
        raise CooperationRefused(
            _("The group does not meet then. Choose a day in its period."), "period", "starts_on"
        )
    overlap = body.members.filter(person=person).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
    )
    if ends_on is not None:
        overlap = overlap.filter(starts_on__lt=ends_on)
    if overlap.exists():
        raise CooperationRefused(
            _("This person has a seat then. End it first, if they move."), "taken", "person"
        )
    member = BodyMember(
        pk=key,
        body=body,
        person=person,
        organisation=organisation,
        role=role,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on if ends_on is not None else body.ends_on,
    )
    member.full_clean()
    member.save()
    return member


@transaction.atomic
def end_seat(member: BodyMember, *, ends_on: date) -> BodyMember:
    """End a seat; on ``ends_on`` it holds no more. What was said in it stays.

    Raises:
        CooperationRefused: With code "period" if it would end before it began.
    """
    member = BodyMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    if ends_on < member.starts_on:
        raise CooperationRefused(
            _("The seat had not begun then. Choose a later day."), "period", "last_day"
        )
    member.ends_on = ends_on
    member.save(update_fields=["ends_on"])
    return member
