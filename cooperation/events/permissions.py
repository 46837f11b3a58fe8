"""Who sees and does what with events: one function per kind of object.

An announced event, with its programme and the rule of its seats, is for whoever takes part in the
cooperation. Who is on a delegation's list is for whoever answers for it, and for those who hold
the event. Needs are for these and the participant alone.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from cooperation.models import (
    Event,
    EventQuerySet,
    EventSeries,
    Invitation,
    InvitationQuerySet,
    Participant,
    ParticipantQuerySet,
)
from cooperation.permissions import (
    coordinates_country,
    kept_names,
    kept_organisations,
    takes_part,
)
from people.models import Organisation, Person, Role
from people.permissions import Standing


def kept_events(standing: Standing) -> EventQuerySet:
    """The events that a coordinator plans: those whose host lies in the own scope."""
    if coordinates_country(standing):
        return Event.objects.all()
    return Event.objects.filter(host__in=kept_organisations(standing).values("pk"))


def hosted_events(standing: Standing) -> EventQuerySet:
    """The events whose lists one reads as host: those one plans, and those of a name of before."""
    if coordinates_country(standing):
        return Event.objects.all()
    return Event.objects.filter(host__in=kept_names(standing))


def kept_series(standing: Standing) -> QuerySet[EventSeries]:
    """The series that a coordinator looks after."""
    if coordinates_country(standing):
        return EventSeries.objects.all()
    return EventSeries.objects.filter(keeper__in=kept_organisations(standing).values("pk"))


def readable_series(standing: Standing) -> QuerySet[EventSeries]:
    """Every series, for whoever takes part."""
    return EventSeries.objects.all() if opens_events(standing) else EventSeries.objects.none()


def readable_events(standing: Standing) -> EventQuerySet:
    """Announced events, and the drafts of those one holds."""
    if not opens_events(standing):
        return Event.objects.none()
    kept = Q(pk__in=hosted_events(standing).values("pk")) if plans_events(standing) else Q()
    announced = Event.objects.announced()
    return (Event.objects.filter(kept) | announced) if kept else announced


def opens_events(standing: Standing) -> bool:
    """Whether events are open: to whoever takes part, is on a list or answers for one."""
    if standing.person is None:
        return False
    return (
        takes_part(standing)
        or Participant.objects.signed_up().filter(person=standing.person).exists()
        or Invitation.objects.sent().filter(contact=standing.person).exists()
    )


def plans_events(standing: Standing) -> bool:
    """Whether events are planned at all: by whoever coordinates a municipality or the country."""
    scopes = {role.scope for role in standing.scopes(Role.Key.COORDINATOR)}
    return bool(scopes & {Role.Scope.COUNTRY, Role.Scope.MUNICIPALITY})


def answered_invitations(standing: Standing) -> InvitationQuerySet:
    """The invitations one answers: as who is named, for the own municipality, or as the host."""
    if standing.person is None:
        return Invitation.objects.none()
    own = Q(contact=standing.person)
    if plans_events(standing):
        own |= Q(organisation__in=kept_organisations(standing).values("pk"))
        own |= Q(event__in=kept_events(standing).values("pk"))
    sent = Invitation.objects.standing().filter(own)
    kept = kept_events(standing).values("pk")
    return sent.filter(Q(sent_at__isnull=False) | Q(event__in=kept))


def readable_invitations(standing: Standing) -> InvitationQuerySet:
    """The delegations one reads: those one answers for, and those of a name of before."""
    answered = answered_invitations(standing)
    if not plans_events(standing):
        return answered
    before = Q(organisation__in=kept_names(standing))
    before |= Q(event__in=hosted_events(standing).values("pk"))
    return Invitation.objects.filter(
        Q(pk__in=answered.values("pk")) | Q(pk__in=Invitation.objects.sent().filter(before))
    )


def readable_participants(standing: Standing) -> ParticipantQuerySet:
    """The participants whose names one reads: of the delegations one reads, and oneself."""
    if standing.person is None:
        return Participant.objects.none()
    return Participant.objects.signed_up().filter(
        Q(invitation__in=readable_invitations(standing).values("pk")) | Q(person=standing.person)
    )


def own_participations(standing: Standing) -> ParticipantQuerySet:
    """Where the person is signed up."""
    if standing.person is None:
        return Participant.objects.none()
    return Participant.objects.signed_up().filter(person=standing.person)


def evaluable_events(standing: Standing) -> EventQuerySet:
    """The events one may say something about: those one had a seat in."""
    seated = own_participations(standing).filter(
        seated_at__isnull=False, invitation__event=OuterRef("pk")
    )
    return Event.objects.standing().filter(Exists(seated))


def answerers(invitation: Invitation, *, on: date) -> QuerySet[Person]:
    """Who is told about an invitation: the contact, or the municipality's coordinators.

    For a municipality that has none those of the country are told, who answer for it. Of any other
    organisation without a contact it is nobody.
    """
    if invitation.contact_id is not None:
        return Person.objects.filter(pk=invitation.contact_id)
    coordinators = Role.objects.valid_on(on).filter(key=Role.Key.COORDINATOR)
    roles = coordinators.filter(
        scope=Role.Scope.MUNICIPALITY, municipality=invitation.organisation_id
    )
    is_municipality = invitation.organisation.kind == Organisation.Kind.MUNICIPALITY
    if is_municipality and not roles.exists():
        roles = coordinators.filter(scope=Role.Scope.COUNTRY)
    return Person.objects.filter(pk__in=roles.values("person"))
