"""Who can take over, and who can own a follow-up."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mentoring.actions.pairings import reaching
from mentoring.models import OWNERS, RECEIVERS, PairingMember
from people.models import Person, Place, Role


def receivers(member: PairingMember, *, on: date) -> QuerySet[Person]:
    """Whoever holds, or will hold, a role to take over what ``member`` leaves behind.

    They need not be in the pairing, nor in any; one whose role begins later reads it then.
    """
    return _holding(RECEIVERS, member.pairing.place, on).exclude(pk=member.person_id)


def may_receive(person: Person, member: PairingMember, *, on: date) -> bool:
    """Whether ``person`` is one of :func:`receivers`."""
    return receivers(member, on=on).filter(pk=person.pk).exists()


def owners(place: Place, *, on: date) -> QuerySet[Person]:
    """Whoever can own a follow-up in ``place``."""
    return _holding(OWNERS, place, on)


def in_charge(
    places: Iterable[Place], keys: Iterable[str], *, on: date
) -> dict[UUID, list[Person]]:
    """Who bears one of those roles in each place, each once; one query."""
    roles = list(
        Role.objects.valid_on(on)
        .filter(key__in=list(keys))
        .select_related("person")
        .order_by("person__name", "pk")
    )
    found: dict[UUID, dict[UUID, Person]] = defaultdict(dict)
    for place in places:
        for role in roles:
            if (
                role.scope == Role.Scope.COUNTRY
                or role.municipality_id == place.municipality_id
                or role.place_id == place.pk
            ):
                found[place.pk][role.person_id] = role.person
    return {place.pk: list(found[place.pk].values()) for place in places}


def _holding(keys: Iterable[str], place: Place, on: date) -> QuerySet[Person]:
    roles = Role.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), reaching(place), key__in=keys
    )
    people = Person.objects.filter(pk__in=roles.values("person"), erased_at__isnull=True)
    return people.order_by("name", "pk")
