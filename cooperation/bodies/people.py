"""Who can sit in a body, and for whom."""

from datetime import date

from django.db.models import Q, QuerySet

from cooperation.models import Body
from people.models import Organisation, Person
from people.permissions import Standing


def seatable_people(standing: Standing) -> QuerySet[Person]:
    """The people of the own scope whose account is not closed; a seat needs no role."""
    found = standing.people().filter(Q(user=None) | Q(user__is_active=True), erased_at__isnull=True)
    return found.order_by("name", "pk")


def members_of(body: Body, *, on: date) -> QuerySet[Person]:
    """The people who sit in a body on that day."""
    seats = body.members.valid_on(on).values("person")
    return Person.objects.filter(pk__in=seats, erased_at__isnull=True).order_by("name", "pk")


def organisations_on(day: date) -> QuerySet[Organisation]:
    """The organisations there are on that day, by name."""
    return Organisation.objects.valid_on(day).order_by("name", "pk")
