"""Who can take over, and who can own a follow-up."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from mentoring.actions.pairings import reaching
from mentoring.models import OWNERS, PairingMember
from mentoring.permissions import RECEIVERS
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


def _holding(keys: Iterable[str], place: Place, on: date) -> QuerySet[Person]:
    roles = Role.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), reaching(place), key__in=keys
    )
    people = Person.objects.filter(pk__in=roles.values("person"), erased_at__isnull=True)
    return people.order_by("name", "pk")
