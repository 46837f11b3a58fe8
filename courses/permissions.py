"""Who sees whose learning: asked by every list, page, export and action about others.

A coordinator sees in the own scope, by name, what is assigned, due and done: operational facts.
Quiz answers, scores and notes are the person's alone. A leader sees totals. Nobody else sees
anything, not an administrator and not a superuser.
"""

from django.db.models import Q, QuerySet

from courses.models import Assignment, Certificate
from courses.models.path import AssignmentQuerySet
from people.models import Person, Role
from people.permissions import TRAINING_ROLES, Standing


def roles_within(standing: Standing, key: str) -> "QuerySet[Role]":
    """The training roles held today by others, as far as the role ``key`` of ``standing`` reaches.

    The role of a whole municipality belongs to whoever has that municipality or the country; a
    role for the country to whoever has the country.
    """
    held = Role.objects.valid_on(standing.day).filter(key__in=TRAINING_ROLES)
    reached = Q(pk__in=[])
    for own in standing.scopes(key):
        if own.scope == Role.Scope.COUNTRY:
            return held
        if own.scope == Role.Scope.MUNICIPALITY:
            reached |= Q(municipality=own.municipality_id)
            reached |= Q(place__municipality=own.municipality_id)
        else:
            reached |= Q(place=own.place_id)
    return held.filter(reached)


def overseen_people(standing: Standing) -> "QuerySet[Person]":
    """The people whose learning a coordinator may see by name."""
    if not standing.has(Role.Key.COORDINATOR):
        return Person.objects.none()
    return Person.objects.filter(
        pk__in=roles_within(standing, Role.Key.COORDINATOR).values("person")
    )


def overseen_assignments(standing: Standing) -> AssignmentQuerySet:
    """Active assignments of those people."""
    return Assignment.objects.active().filter(person__in=overseen_people(standing).values("pk"))


def counted_people(standing: Standing) -> "QuerySet[Person]":
    """The people in a leader's totals: never by name."""
    if not standing.has(Role.Key.LEADER):
        return Person.objects.none()
    return Person.objects.filter(pk__in=roles_within(standing, Role.Key.LEADER).values("person"))


def overseen_certificates(standing: Standing) -> "QuerySet[Certificate]":
    """Certificates that a coordinator sees and may revoke: of those people, never one's own."""
    return Certificate.objects.filter(person__in=overseen_people(standing).values("pk")).exclude(
        person=standing.person
    )


def may_revoke(standing: Standing, certificate: Certificate) -> bool:
    """Whether a certificate may be revoked and given back: by those, and on the server's line."""
    if standing.person is None:
        return standing.is_superuser
    return overseen_certificates(standing).filter(pk=certificate.pk).exists()


def holders(role_key: str, scope: str, place: object, municipality: object) -> Q:
    """For a query of roles: those that a rule of assignment speaks of."""
    wanted = Q(key=role_key)
    if scope == Role.Scope.TOWN:
        return wanted & Q(place=place)
    if scope == Role.Scope.MUNICIPALITY:
        return wanted & (Q(municipality=municipality) | Q(place__municipality=municipality))
    return wanted
