"""Entering, changing and following up a co-operation agreement, and telling before it ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from cooperation.changing import by_id, seen_of
from cooperation.models import FIRST_WARNING, LAST_WARNING, Pact
from cooperation.refusals import CooperationRefused, changed
from core import telling
from core.periods import is_working_hour, local_day
from people.models import Organisation, Person, Place, Role

WORDS = ("title_da", "title_kl", "scope_da", "scope_kl", "other_parties")
SEEN = (*WORDS, "keeper_id", "starts_on", "ends_on", "followed_by_id")
LINKED = by_id("parties", "places")


def pact_seen(pact: Pact | None) -> str:
    """Names what somebody saw of an agreement, of its parties and towns."""
    return seen_of(pact, *SEEN, linked=LINKED)


@transaction.atomic
def save_pact(
    key: UUID,
    *,
    seen: str | None,
    parties: Iterable[Organisation],
    places: Iterable[Place],
    by: Person | None,
    at: datetime,
    follows: Pact | None = None,
    **facts: Any,
) -> Pact:
    """Enter an agreement, or change the one with that key; sent twice, it is entered once.

    Args:
        follows: The one that it comes after, so that nobody is told any more that it ends.

    Raises:
        CooperationRefused: With code "empty" with fewer than two parties, "changed" if somebody
            else was first, "taken" if something else follows already, "period" if it would begin
            before what it follows.
    """
    parties = list(parties)
    if len(parties) + bool(facts.get("other_parties")) < 2:
        raise CooperationRefused(_("An agreement has two parties at least."), "empty", "parties")
    pact = Pact.objects.select_for_update(no_key=True).filter(pk=key).first()
    if pact is None:
        pact = Pact(pk=key, created_by=by, created_at=at)
    elif seen and pact_seen(pact) != seen:
        raise changed()
    for name, value in facts.items():
        setattr(pact, name, value)
    pact.full_clean()
    pact.save()
    pact.parties.set(parties)
    pact.places.set(places)
    if follows is not None:
        _let_follow(follows, pact)
    return pact


def _let_follow(before: Pact, after: Pact) -> None:
    before = Pact.objects.select_for_update(no_key=True).get(pk=before.pk)
    if before.followed_by_id == after.pk:
        return
    if before.followed_by_id is not None:
        raise CooperationRefused(_("Another agreement follows it already."), "taken")
    if after.starts_on < before.starts_on:
        raise CooperationRefused(
            _("It would begin before the one it follows."), "period", "starts_on"
        )
    before.followed_by = after
    before.save(update_fields=["followed_by"])


@transaction.atomic
def remind(at: datetime) -> int:
    """Tell who looks after an agreement that it ends, 90 and 30 days before. Runs again.

    Its keeper's coordinators are told; where nobody coordinates it, those of the country. Another
    last day is told of anew; one that something follows is not told of.

    Returns:
        How many agreements somebody was told of.
    """
    if not is_working_hour(at):
        return 0
    today = local_day(at)
    first = Q(ends_on__lte=today + FIRST_WARNING) & (
        Q(told_first=None) | ~Q(told_first=F("ends_on"))
    )
    last = Q(ends_on__lte=today + LAST_WARNING) & (Q(told_last=None) | ~Q(told_last=F("ends_on")))
    found = list(
        Pact.objects.ending(on=today)
        .filter(first | last)
        .select_for_update(of=("self",), no_key=True)
        .select_related("keeper")
        .order_by("ends_on", "pk")
    )
    for pact in found:
        ends_on = pact.known_end
        pact.told_first = ends_on
        if ends_on <= today + LAST_WARNING:
            pact.told_last = ends_on
        last_on = ends_on - timedelta(days=1)
        for person in _coordinators(pact, on=today):
            telling.tell(
                person,
                "cooperation.pact_ends",
                {"organisation": pact.keeper.name, "last_on": last_on.isoformat()},
                url="cooperation:pact",
                url_args=[str(pact.pk)],
            )
    Pact.objects.bulk_update(found, ["told_first", "told_last"])
    return len(found)


def _coordinators(pact: Pact, *, on: Any) -> list[Person]:
    roles = Role.objects.valid_on(on).filter(key=Role.Key.COORDINATOR).select_related("person")
    own = roles.filter(scope=Role.Scope.MUNICIPALITY, municipality=pact.keeper_id)
    found = own if own.exists() else roles.filter(scope=Role.Scope.COUNTRY)
    return list({role.person_id: role.person for role in found.order_by("pk")}.values())
