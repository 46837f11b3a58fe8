"""Who sees and does what in mentoring: one function per kind of object.

List, detail, search, export and API all begin with one of these; an object that is not in the
answer is a 404. Text of sessions is for the members of the pairing. A coordinator sees in the
own scope that a session was held, by name, never what it says; a leader sees totals. Nobody
else sees anything, not even a superuser.
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from mentoring.models import (
    Pairing,
    PairingMember,
    PairingMemberQuerySet,
    PairingQuerySet,
    PlannedSession,
    PlannedSessionQuerySet,
    Session,
    SessionQuerySet,
)
from people.models import Person, Role
from people.permissions import Standing

Side = PairingMember.Side
#: The roles that let somebody stand on each side, and read what stands there.
ROLES = {
    Side.MENTOR: (Role.Key.MENTOR, Role.Key.TRAVELLING),
    Side.CASEWORKER: (Role.Key.CASEWORKER, Role.Key.TRAVELLING),
}


def own_memberships(standing: Standing) -> PairingMemberQuerySet:
    """The memberships that hold today, on sides the person still has a role for."""
    sides = [side for side, keys in ROLES.items() if standing.has(*keys)]
    if standing.person is None or not sides:
        return PairingMember.objects.none()
    return PairingMember.objects.of(standing.person, on=standing.day).filter(side__in=sides)


def own_pairings(standing: Standing, *sides: str) -> PairingQuerySet:
    """The pairings the person is a member of today, on one of ``sides`` or on any."""
    memberships = own_memberships(standing)
    if sides:
        memberships = memberships.filter(side__in=sides)
    return Pairing.objects.filter(pk__in=memberships.values("pairing"))


def mentored_people(standing: Standing) -> QuerySet[Person]:
    """Those on the caseworkers' side of the pairings in which the person is a mentor today."""
    colleagues = PairingMember.objects.valid_on(standing.day).filter(
        pairing__in=own_pairings(standing, Side.MENTOR).values("pk"), side=Side.CASEWORKER
    )
    return Person.objects.filter(pk__in=colleagues.values("person"))


def pairing_to_log_in(standing: Standing, pairing_id: UUID | None) -> Pairing | None:
    """That pairing, with its town, if the person is one of its mentors today; one query.

    One of ``own_pairings(standing, Side.MENTOR)``.
    """
    if standing.person is None or pairing_id is None or not standing.has(*ROLES[Side.MENTOR]):
        return None
    return Pairing.joined(pairing_id, standing.person, Side.MENTOR, on=standing.day)


def pairings_to_plan(standing: Standing) -> PairingQuerySet:
    """The own pairings in which a session can still be planned, from either side."""
    return own_pairings(standing).exclude(state=Pairing.State.CLOSED)


def planned_sessions(standing: Standing) -> PlannedSessionQuerySet:
    """The planned sessions of the own pairings: every member sees, moves and cancels them."""
    return PlannedSession.objects.filter(pairing__in=own_memberships(standing).values("pairing"))


def overseen_pairings(standing: Standing) -> PairingQuerySet:
    """The pairings a coordinator looks after."""
    return Pairing.objects.filter(standing.places(Role.Key.COORDINATOR, "place__"))


def readable_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions whose text the person may read: those of the own pairings."""
    return Session.objects.filter(pairing__in=own_memberships(standing).values("pairing"))


def overseen_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions a coordinator sees by name, without their text."""
    return Session.objects.filter(standing.places(Role.Key.COORDINATOR, "pairing__place__"))


def counted_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions in a leader's totals."""
    return Session.objects.filter(standing.places(Role.Key.LEADER, "pairing__place__"))


def editable_sessions(standing: Standing) -> SessionQuerySet:
    """The open sessions the person took part in as a mentor."""
    if standing.person is None:
        return Session.objects.none()
    return readable_sessions(standing).open().with_person(standing.person, Side.MENTOR)


def confirmable_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions that wait for the person's confirmation."""
    if standing.person is None:
        return Session.objects.none()
    return readable_sessions(standing).awaiting(standing.person)


def erasable_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions whose text the person may blank: the own ones, and a coordinator's."""
    if standing.person is None:
        return Session.objects.none()
    own = Q(pairing__in=own_memberships(standing).values("pairing"), author=standing.person)
    overseen = Q(pairing__in=overseen_pairings(standing).values("pk"))
    return Session.objects.filter(own | overseen, erased_at__isnull=True)
