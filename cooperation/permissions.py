"""Who sees and does what in the cooperation: one function per kind of object.

List, detail, search, export and feed all begin with one of these; an object that is not in the
answer is a 404. Initiatives are read by whoever takes part in the programme; what a body says to
itself (agenda, papers, minutes, decisions) by its members and by those who look after it.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from cooperation.models import (
    Action,
    ActionQuerySet,
    Body,
    BodyMember,
    BodyMemberQuerySet,
    DecidedQuerySet,
    Decision,
    Initiative,
    InitiativeQuerySet,
    Meeting,
    MeetingQuerySet,
    Pact,
    PactQuerySet,
    Paper,
    PaperQuerySet,
    Partner,
    PartnerQuerySet,
    Practice,
    PracticeQuerySet,
)
from cooperation.reports.columns import names_before
from cooperation.reports.halves import EARLIEST
from core.periods import PeriodQuerySet
from people.models import Organisation, Role
from people.permissions import Standing

#: The roles that work across places: they find the cooperation in the navigation.
IN_COOPERATION = (Role.Key.COORDINATOR, Role.Key.LEADER)
#: Nothing the cooperation keeps is older.
FIRST_DAY = date(EARLIEST, 1, 1)


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


def kept_organisations(standing: Standing) -> PeriodQuerySet[Organisation]:
    """The organisations for which a coordinator writes: all, or the own municipalities."""
    if coordinates_country(standing):
        return Organisation.objects.all()
    own = [
        role.municipality_id
        for role in standing.scopes(Role.Key.COORDINATOR)
        if role.municipality_id is not None
    ]
    return Organisation.objects.filter(pk__in=own)


def kept_names(standing: Standing) -> set[UUID]:
    """The municipalities a coordinator keeps, and what each of them was before.

    What was over when one got its new name, was divided or joined stays with the old record: it is
    read on under these names, and written by none of them.
    """
    return _names_of(standing.scopes(Role.Key.COORDINATOR))


def _names_of(roles: Iterable[Role]) -> set[UUID]:
    """Every name of the municipalities of ``roles``; asks nothing where none had another."""
    own = [role.municipality for role in roles if role.municipality is not None]
    keys = {one.pk for one in own}
    if all(one.starts_on <= FIRST_DAY for one in own):
        return keys
    return names_before(keys, joined=True)


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


def kept_bodies(standing: Standing) -> PeriodQuerySet[Body]:
    """The bodies whose members a coordinator writes: those the own scope looks after."""
    if coordinates_country(standing):
        return Body.objects.all()
    return Body.objects.filter(keeper__in=kept_organisations(standing).values("pk"))


def run_bodies(standing: Standing) -> PeriodQuerySet[Body]:
    """The bodies whose agendas and minutes one writes: as keeper, as chair or as secretary."""
    running = own_seats(standing).running().values("body")
    return Body.objects.filter(Q(pk__in=kept_bodies(standing).values("pk")) | Q(pk__in=running))


def readable_bodies(standing: Standing) -> PeriodQuerySet[Body]:
    """The bodies whose papers one reads: those in which one sits, and those one looks after.

    Those that had ended when the own municipality got another name, too.
    """
    if coordinates_country(standing):
        return Body.objects.all()
    seats = own_seats(standing).values("body")
    return Body.objects.filter(Q(keeper__in=kept_names(standing)) | Q(pk__in=seats))


# --- Meetings -------------------------------------------------------------------------------------


def readable_meetings(standing: Standing) -> MeetingQuerySet:
    """The meetings of the bodies one reads. What their minutes say: :func:`reads_minutes`."""
    return Meeting.objects.filter(body__in=readable_bodies(standing).values("pk"))


def run_meetings(standing: Standing) -> MeetingQuerySet:
    """The meetings whose agenda and minutes one writes."""
    return Meeting.objects.filter(body__in=run_bodies(standing).values("pk"))


def reads_minutes(meeting: Meeting, *, runs: bool) -> bool:
    """Whether minutes are shown: to those who write them always, to others once they are sent."""
    return runs or meeting.state in {Meeting.State.SENT, Meeting.State.APPROVED}


def readable_papers(standing: Standing) -> PaperQuerySet:
    """The papers of what one reads."""
    initiatives = readable_initiatives(standing).values("pk")
    meetings = readable_meetings(standing).values("pk")
    pacts = readable_pacts(standing).values("pk")
    return Paper.objects.standing().filter(
        Q(initiative__in=initiatives) | Q(meeting__in=meetings) | Q(pact__in=pacts)
    )


def kept_papers(standing: Standing) -> PaperQuerySet:
    """The papers one takes away and puts back: those of what one writes."""
    initiatives = kept_initiatives(standing).values("pk")
    meetings = run_meetings(standing).values("pk")
    pacts = kept_pacts(standing).values("pk")
    return Paper.objects.filter(
        Q(initiative__in=initiatives) | Q(meeting__in=meetings) | Q(pact__in=pacts)
    )


# --- Decisions and actions ------------------------------------------------------------------------


def readable_decisions(standing: Standing) -> DecidedQuerySet:
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


# --- Good practice --------------------------------------------------------------------------------

#: The roles that look an example through before everybody reads it; nobody their own.
REVIEWERS = (Role.Key.REVIEWER,)


def readable_practices(standing: Standing) -> PracticeQuerySet:
    """The examples that were approved, for whoever takes part."""
    return Practice.objects.live() if takes_part(standing) else Practice.objects.none()


def written_practices(standing: Standing) -> PracticeQuerySet:
    """The examples one writes on: the own ones, and those of the organisations one keeps."""
    kept = Q(organisation__in=kept_organisations(standing).values("pk"))
    own = Q(author=standing.person) if standing.person is not None else Q(pk__in=[])
    return Practice.objects.filter(kept | own)


def reviews_practices(standing: Standing) -> bool:
    """Whether one looks examples of others through."""
    return standing.has(*REVIEWERS) or coordinates_country(standing)


def waiting_practices(standing: Standing) -> PracticeQuerySet:
    """The examples by others that wait for review, also those on which one has written."""
    if not reviews_practices(standing):
        return Practice.objects.none()
    waiting = Practice.objects.filter(state=Practice.State.REVIEW)
    return waiting.exclude(author=standing.person)


def reviewable_practices(standing: Standing) -> PracticeQuerySet:
    """The examples that one looks through: whoever wrote or sent a text leaves it to others."""
    waiting = waiting_practices(standing)
    if standing.person is None or not reviews_practices(standing):
        return waiting
    return waiting.exclude(pk__in=waiting.written_by(standing.person))


def translatable_practices(standing: Standing) -> PracticeQuerySet:
    """The examples whose Kalaallisut text one writes: the approved ones, for translators."""
    if not standing.has(Role.Key.TRANSLATOR):
        return Practice.objects.none()
    return Practice.objects.live()


# --- Partners and agreements ----------------------------------------------------------------------


def readable_partners(standing: Standing) -> PartnerQuerySet:
    """The offices others work with, for whoever takes part."""
    return Partner.objects.standing() if takes_part(standing) else Partner.objects.none()


def kept_partners(standing: Standing) -> PartnerQuerySet:
    """The offices whose card one keeps: those of the own municipality, also those taken off."""
    return Partner.objects.filter(keeper__in=kept_organisations(standing).values("pk"))


def kept_pacts(standing: Standing) -> PactQuerySet:
    """The agreements one writes: those the own scope looks after."""
    return Pact.objects.filter(keeper__in=kept_organisations(standing).values("pk"))


def readable_pacts(standing: Standing) -> PactQuerySet:
    """The agreements one reads: those one keeps, and those of one's municipality.

    Coordinators and leaders read what their municipality has agreed, a leader of a town too, and
    what had ended when it got another name.
    """
    roles = [role for key in IN_COOPERATION for role in standing.scopes(key)]
    of_towns = {role.place.municipality_id for role in roles if role.place is not None}
    if any(role.scope == Role.Scope.COUNTRY for role in standing.scopes(Role.Key.LEADER)):
        return Pact.objects.all()
    own = _names_of(roles) | (names_before(of_towns, joined=True) if of_towns else set())
    party = Pact.parties.through.objects.filter(organisation__in=own)
    return Pact.objects.filter(
        Q(pk__in=kept_pacts(standing).values("pk"))
        | Q(pk__in=party.values("pact"))
        | Q(keeper__in=own)
    )
