"""Who sees and does what in the cooperation: one function per kind of object.

List, detail, search, export and feed all begin with one of these; an object that is not in the
answer is a 404. Initiatives are read by whoever takes part in the programme; what a body says to
itself (agenda, papers, minutes, decisions) by its members and by those who look after it.
"""

from django.db.models import Q, QuerySet

from cooperation.models import (
    Action,
    ActionQuerySet,
    Body,
    BodyMember,
    BodyMemberQuerySet,
    Decision,
    DecisionQuerySet,
    Initiative,
    InitiativeQuerySet,
)
from people.models import Organisation, Role
from people.permissions import Standing

#: The roles that work across places: they find the cooperation in the navigation.
IN_COOPERATION = (Role.Key.COORDINATOR, Role.Key.LEADER)


def own_seats(standing: Standing) -> BodyMemberQuerySet:
    """The seats the person has today."""
    if standing.person is None:
        return BodyMember.objects.none()
    return BodyMember.objects.of(standing.person, on=standing.day)


def takes_part(standing: Standing) -> bool:
    """Whether the cooperation is open: with any role today, or a seat. One query without a role."""
    return bool(standing.roles) or own_seats(standing).exists()


def coordinates_country(standing: Standing) -> bool:
    """Whether the whole country is coordinated."""
    return standing.coordinates(Role.Scope.COUNTRY)


def kept_organisations(standing: Standing) -> QuerySet[Organisation]:
    """The organisations for which a coordinator writes: all, or the own municipalities."""
    if coordinates_country(standing):
        return Organisation.objects.all()
    own = [
        role.municipality_id
        for role in standing.scopes(Role.Key.COORDINATOR)
        if role.scope == Role.Scope.MUNICIPALITY
    ]
    return Organisation.objects.filter(pk__in=own)


# --- Initiatives ----------------------------------------------------------------------------------


def readable_initiatives(standing: Standing) -> InitiativeQuerySet:
    """Every initiative, for whoever takes part."""
    return Initiative.objects.all() if takes_part(standing) else Initiative.objects.none()


def kept_initiatives(standing: Standing) -> InitiativeQuerySet:
    """The initiatives that a coordinator changes and reports on: those the own scope owns."""
    if coordinates_country(standing):
        return Initiative.objects.all()
    return Initiative.objects.filter(owner__in=kept_organisations(standing).values("pk"))


# --- Bodies ---------------------------------------------------------------------------------------


def kept_bodies(standing: Standing) -> QuerySet[Body]:
    """The bodies whose members a coordinator writes: those the own scope looks after."""
    if coordinates_country(standing):
        return Body.objects.all()
    return Body.objects.filter(keeper__in=kept_organisations(standing).values("pk"))


def run_bodies(standing: Standing) -> QuerySet[Body]:
    """The bodies whose agendas and minutes one writes: as keeper, as chair or as secretary."""
    running = own_seats(standing).running().values("body")
    return Body.objects.filter(Q(pk__in=kept_bodies(standing).values("pk")) | Q(pk__in=running))


def readable_bodies(standing: Standing) -> QuerySet[Body]:
    """The bodies whose papers one reads: those in which one sits, and those one looks after."""
    seats = own_seats(standing).values("body")
    return Body.objects.filter(Q(pk__in=kept_bodies(standing).values("pk")) | Q(pk__in=seats))


# --- Decisions and actions ------------------------------------------------------------------------


def readable_decisions(standing: Standing) -> DecisionQuerySet:
    """The decisions of the bodies one reads."""
    return Decision.objects.filter(body__in=readable_bodies(standing).values("pk"))


def readable_actions(standing: Standing) -> ActionQuerySet:
    """The own actions, and those of the bodies one reads."""
    of_bodies = Q(body__in=readable_bodies(standing).values("pk"))
    return Action.objects.filter(of_bodies | Q(owner=standing.person))


def own_actions(standing: Standing) -> ActionQuerySet:
    """The actions that the person does."""
    return Action.objects.none() if standing.person is None else Action.objects.of(standing.person)


def kept_actions(standing: Standing) -> ActionQuerySet:
    """The actions one gives, moves and gives up: those of the bodies one runs."""
    return Action.objects.filter(body__in=run_bodies(standing).values("pk"))
