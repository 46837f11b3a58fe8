"""Keeping the card of a partner."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cooperation.changing import by_id, seen_of
from cooperation.models import Body, Partner
from cooperation.refusals import changed
from people.models import Organisation

WORDS = (
    *("place", "sector", "name_da", "name_kl", "works_on_da", "works_on_kl"),
    *("phone", "email", "hours_da", "hours_kl", "checked_on"),
)
SEEN = tuple("place_id" if name == "place" else name for name in WORDS)
LINKED = by_id("groups")


def partner_seen(partner: Partner | None) -> str:
    """Names what somebody saw of a card, and of the groups its office sits in."""
    return seen_of(partner, *SEEN, linked=LINKED)


@transaction.atomic
def save_partner(
    key: UUID,
    *,
    keeper: Organisation,
    seen: str | None,
    groups: Iterable[Body],
    at: datetime,
    **facts: Any,
) -> Partner:
    """Enter a partner, or change the card of the one with that key; sent twice, it is one.

    Raises:
        CooperationRefused: With code "changed" if somebody else was first.
        ValidationError: With the messages of each field.
    """
    partner = Partner.objects.select_for_update(no_key=True).filter(pk=key).first()
    if partner is None:
        partner = Partner(pk=key)
    elif seen and partner_seen(partner) != seen:
        raise changed()
    partner.keeper = keeper
    for name, value in facts.items():
        setattr(partner, name, value)
    partner.full_clean()
    partner.save()
    partner.groups.set(groups)
    return partner


@transaction.atomic
def remove_partner(partner: Partner, *, at: datetime, back: bool = False) -> Partner:
    """Take an office off the list, or put it back."""
    partner = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    partner.removed_at = None if back else partner.removed_at or at
    partner.save(update_fields=["removed_at"])
    return partner
