"""Who sees and does what in mentoring: one function per kind of object.

List, detail, search, export and API all begin with one of these; an object that is not in the
answer is a 404. Text of sessions is for the members of the pairing. A coordinator sees in the
own scope that a session was held, by name, never what it says; a leader sees totals. Nobody
else sees anything, not even a superuser.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from devices.models import Device
from devices.models.device import DeviceQuerySet
from devices.permissions import RECEIVED_FOR
from mentoring.models import (
    OWNERS,
    RECEIVERS,
    Agreement,
    AgreementQuerySet,
    Amendment,
    AmendmentQuerySet,
    FollowUp,
    FollowUpQuerySet,
    Goal,
    GoalQuerySet,
    Handover,
    HandoverQuerySet,
    Need,
    Pairing,
    PairingMember,
    PairingMemberQuerySet,
    PairingQuerySet,
    PlannedSession,
    PlannedSessionQuerySet,
    ReadinessItem,
    Round,
    Session,
    SessionParticipant,
    SessionQuerySet,
    SessionVersion,
)
from mentoring.models.pairing import in_reach
from mentoring.models.readiness import ReadinessQuerySet
from people.models import Organisation, Person, Role
from people.permissions import Standing

Side = PairingMember.Side
#: The roles that let somebody stand on each side, and read what stands there.
ROLES = {
    Side.MENTOR: (Role.Key.MENTOR, Role.Key.TRAVELLING),
    Side.CASEWORKER: (Role.Key.CASEWORKER, Role.Key.TRAVELLING),
}

#: The roles that name who owns a follow-up.
IN_CHARGE = (Role.Key.LEADER, Role.Key.COORDINATOR)


def own_memberships(standing: Standing) -> PairingMemberQuerySet:
    """The memberships that hold today, on sides the person still has a role for in the town.

    A role that ended in one town opens nothing there, whatever is held elsewhere.
    """
    held = {side: keys for side, keys in ROLES.items() if standing.has(*keys)}
    if standing.person is None or not held:
        return PairingMember.objects.none()
    reached = Q()
    for side, keys in held.items():
        reached |= _in_towns(standing, keys, "pairing__place") & Q(side=side)
    return PairingMember.objects.of(standing.person, on=standing.day).filter(reached)


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
    keys = ROLES[Side.MENTOR]
    if standing.person is None or pairing_id is None or not standing.has(*keys):
        return None
    pairing = Pairing.joined(pairing_id, standing.person, Side.MENTOR, on=standing.day)
    if pairing is None or not any(standing.covers(key, pairing.place) for key in keys):
        return None
    return pairing


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


def overseen_devices(standing: Standing) -> DeviceQuerySet:
    """The devices of whoever is or lately was in a coordinator's pairings: how much waits there.

    Until ninety days after somebody has left, as long as what they wrote is received.
    """
    since = standing.day - RECEIVED_FOR
    members = PairingMember.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=since), pairing__in=overseen_pairings(standing)
    )
    return Device.objects.in_use().filter(owner__in=members.values("person"))


def overseen_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions a coordinator sees by name, without their text."""
    return Session.objects.filter(standing.places(Role.Key.COORDINATOR, "pairing__place__"))


def counted_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions in a leader's totals: what happened, each hour once."""
    own = standing.places(Role.Key.LEADER, "pairing__place__")
    return Session.objects.counted().filter(own)


def editable_sessions(standing: Standing) -> SessionQuerySet:
    """The open sessions the person took part in as a mentor."""
    if standing.person is None:
        return Session.objects.none()
    return readable_sessions(standing).open().with_person(standing.person, Side.MENTOR)


def without_mentors(sessions: SessionQuerySet, *, on: date) -> SessionQuerySet:
    """Those of which no mentor who took part can write on that day, whoever asks.

    Their membership or their last role for the town has ended, or their account is closed.
    """
    town = "pairing__place"
    roles = Role.objects.valid_on(on).filter(
        in_reach(OuterRef(town), OuterRef(f"{town}__municipality")),
        person=OuterRef("person"),
        key__in=ROLES[Side.MENTOR],
    )
    there = PairingMember.objects.valid_on(on).filter(
        Exists(roles),
        pairing=OuterRef("session__pairing"),
        person=OuterRef("person"),
        person__user__is_active=True,
        side=Side.MENTOR,
    )
    mentors = SessionParticipant.objects.filter(
        Exists(there), session=OuterRef("pk"), side=Side.MENTOR
    )
    return sessions.filter(~Exists(mentors))


def sessions_left_behind(standing: Standing) -> SessionQuerySet:
    """The open sessions without mentors, for a caseworker who took part.

    Between two versions of one the caseworker chooses, so that none stays unconfirmed for ever.
    """
    if standing.person is None:
        return Session.objects.none()
    mine = readable_sessions(standing).open().with_person(standing.person, Side.CASEWORKER)
    return without_mentors(mine, on=standing.day)


def sessions_chosen_in(standing: Standing) -> SessionQuerySet:
    """Where the person chooses or has chosen between two versions, or might have to."""
    if standing.person is None:
        return Session.objects.none()
    took_part = Session.objects.with_person(standing.person, Side.CASEWORKER)
    chosen = SessionVersion.objects.filter(chosen_by=standing.person)
    return readable_sessions(standing).filter(
        Q(pk__in=took_part.values("pk")) | Q(pk__in=chosen.values("session"))
    )


def confirmable_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions that wait for the person's confirmation."""
    if standing.person is None:
        return Session.objects.none()
    return readable_sessions(standing).awaiting(standing.person)


def amendable_sessions(standing: Standing) -> SessionQuerySet:
    """The locked sessions the person took part in as a mentor."""
    if standing.person is None:
        return Session.objects.none()
    locked = readable_sessions(standing).filter(locked_at__isnull=False, erased_at__isnull=True)
    return locked.with_person(standing.person, Side.MENTOR)


def own_amendments(standing: Standing) -> AmendmentQuerySet:
    """The amendments that the person may take back: the own ones that wait.

    Where the author is no member any more, whoever took part may, so that none waits for ever.
    """
    if standing.person is None:
        return Amendment.objects.none()
    author = PairingMember.objects.valid_on(standing.day).filter(
        pairing=OuterRef("session__pairing"), person=OuterRef("version__author")
    )
    took_part = SessionParticipant.objects.filter(
        session=OuterRef("session"), person=standing.person
    )
    locked = readable_sessions(standing).filter(locked_at__isnull=False, erased_at__isnull=True)
    may = Q(version__author=standing.person) | ~Exists(author)
    waiting = Amendment.objects.pending().filter(session__in=locked.values("pk"))
    return waiting.filter(may, Exists(took_part))


def linkable_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions the person was in as a mentor, whose hour may be linked with another log."""
    if standing.person is None:
        return Session.objects.none()
    return readable_sessions(standing).with_person(standing.person, Side.MENTOR)


def own_agreements(standing: Standing) -> AgreementQuerySet:
    """The agreements of the own pairings: every member sees them and marks them as done.

    So does whoever took over from a mentor what that mentor had promised.
    """
    own = Q(pairing__in=own_memberships(standing).values("pairing"))
    handed_over = received_handovers(standing).settled().values("member__pairing")
    return Agreement.objects.filter(own | Q(owner=standing.person, pairing__in=handed_over))


def erasable_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions whose text the person may blank: the own ones, and a coordinator's."""
    if standing.person is None:
        return Session.objects.none()
    own = Q(pairing__in=own_memberships(standing).values("pairing"), author=standing.person)
    overseen = Q(pairing__in=overseen_pairings(standing).values("pk"))
    return Session.objects.filter(own | overseen, erased_at__isnull=True)


# --- Goals ----------------------------------------------------------------------------------------


def readable_goals(standing: Standing) -> GoalQuerySet:
    """The own goals, and those of whom the person is a mentor today: nobody else reads any.

    A caseworker of the same pairing is no mentor, and a mentor whose stay has ended is none.
    """
    if standing.person is None:
        return Goal.objects.none()
    mentored = Q(person__in=mentored_people(standing).values("pk"))
    return Goal.objects.filter(Q(person=standing.person) | mentored)


def reflectable_sessions(standing: Standing) -> SessionQuerySet:
    """The sessions the person took part in as a caseworker and whose text stands."""
    if standing.person is None:
        return Session.objects.none()
    mine = readable_sessions(standing).with_person(standing.person, Side.CASEWORKER)
    return mine.filter(erased_at__isnull=True)


# --- Rounds and readiness -------------------------------------------------------------------------


def round_municipalities(standing: Standing) -> QuerySet[Organisation]:
    """The municipalities a coordinator can plan a round for: those held whole, not a town alone."""
    found = Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY)
    own = standing.scopes(Role.Key.COORDINATOR)
    if any(role.scope == Role.Scope.COUNTRY for role in own):
        return found
    return found.filter(
        pk__in=[role.municipality_id for role in own if role.scope == Role.Scope.MUNICIPALITY]
    )


def overseen_rounds(standing: Standing) -> QuerySet[Round]:
    """The rounds a coordinator plans: those whose municipalities all lie in the own scope.

    Who comes, what they wish and who is paired with whom is weighed across all of them; whoever
    looks after some of them alone enters what is needed there (:func:`joined_rounds`), sees what
    must be ready, and the pairings that come of it.
    """
    own = round_municipalities(standing).values("pk")
    linked = Round.municipalities.through.objects.filter(round=OuterRef("pk"))
    return Round.objects.filter(Exists(linked), ~Exists(linked.exclude(organisation__in=own)))


def joined_rounds(standing: Standing) -> Any:
    """The rounds in which a coordinator enters what the own places need.

    With ``is_whole``: whether they plan it, which shows everything else of it, too.
    """
    own = round_municipalities(standing).values("pk")
    with_a_town = standing.towns(Role.Key.COORDINATOR).values("municipality")
    linked = Round.municipalities.through.objects.filter(
        Q(organisation__in=own) | Q(organisation__in=with_a_town), round=OuterRef("pk")
    )
    whole = overseen_rounds(standing).filter(pk=OuterRef("pk"))
    return Round.objects.filter(Exists(linked)).annotate(is_whole=Exists(whole))


def round_needs(standing: Standing) -> QuerySet[Need]:
    """The needs that a coordinator enters and changes, also those taken out: of the own towns."""
    return Need.objects.filter(standing.places(Role.Key.COORDINATOR, "place__"))


def overseen_needs(standing: Standing) -> QuerySet[Need]:
    """The needs whose readiness one looks after: as coordinator or as leader of the place."""
    return Need.objects.standing().filter(
        Q(place__in=standing.towns(Role.Key.COORDINATOR).values("pk"))
        | Q(place__in=standing.towns(Role.Key.LEADER).values("pk"))
    )


def coordinated_needs(standing: Standing) -> QuerySet[Need]:
    """The needs of a coordinator's own towns that stand."""
    return round_needs(standing).filter(withdrawn_at__isnull=True)


def coordinated_items(standing: Standing) -> ReadinessQuerySet:
    """What must be ready in a coordinator's own towns, by name."""
    return ReadinessItem.objects.filter(
        standing.places(Role.Key.COORDINATOR, "need__place__"), need__withdrawn_at__isnull=True
    )


def overseen_items(standing: Standing) -> ReadinessQuerySet:
    """What must be ready in the places one looks after: its owner and day may be changed."""
    return ReadinessItem.objects.filter(need__in=overseen_needs(standing).values("pk"))


def tickable_items(standing: Standing) -> ReadinessQuerySet:
    """What one may mark as done: the own items, and those of the places one looks after."""
    overseen = Q(need__in=overseen_needs(standing).values("pk"))
    if standing.person is None:
        return ReadinessItem.objects.none()
    own = Q(owner=standing.person, need__withdrawn_at__isnull=True)
    return ReadinessItem.objects.filter(overseen | own)


# --- Handovers and follow-ups ---------------------------------------------------------------------


def left_handovers(standing: Standing) -> HandoverQuerySet:
    """The own handovers of a mentor who is still there: nothing is left to see of it afterwards."""
    own = own_memberships(standing).filter(side=Side.MENTOR)
    return Handover.objects.filter(member__in=own.values("pk"))


def received_handovers(standing: Standing) -> HandoverQuerySet:
    """What is handed over to the person, while a role to take over is held in the town.

    It takes no membership. With it come the texts of the last three sessions, and of no other.
    """
    if standing.person is None:
        return Handover.objects.none()
    reached = _in_towns(standing, RECEIVERS, "member__pairing__place")
    return Handover.objects.sent().filter(reached, receiver=standing.person)


def readable_handovers(standing: Standing) -> HandoverQuerySet:
    """The dossiers the person reads whole: what they leave, and what is handed over to them."""
    left, received = left_handovers(standing), received_handovers(standing)
    return Handover.objects.filter(Q(pk__in=left.values("pk")) | Q(pk__in=received.values("pk")))


def handovers_about(standing: Standing) -> HandoverQuerySet:
    """Those in which something is said of a caseworker, who reads the own part."""
    own = own_memberships(standing).filter(side=Side.CASEWORKER)
    return Handover.objects.sent().filter(member__pairing__in=own.values("pairing"))


def overseen_handovers(standing: Standing) -> HandoverQuerySet:
    """The handovers a coordinator looks after: who, when and why, never what they say."""
    return Handover.objects.filter(member__pairing__in=overseen_pairings(standing).values("pk"))


def owned_follow_ups(standing: Standing) -> FollowUpQuerySet:
    """The person's own follow-ups, in towns where a role is still held."""
    if standing.person is None:
        return FollowUp.objects.none()
    reached = _in_towns(standing, OWNERS, "handover__member__pairing__place")
    return FollowUp.objects.filter(reached, owner=standing.person)


def overseen_follow_ups(standing: Standing) -> FollowUpQuerySet:
    """The follow-ups of the places one looks after, as leader or as coordinator."""
    return FollowUp.objects.filter(
        _in_towns(standing, IN_CHARGE, "handover__member__pairing__place")
    )


def readable_follow_ups(standing: Standing) -> FollowUpQuerySet:
    """The own ones, those of what was handed over to the person, and of the places looked after."""
    received = received_handovers(standing).values("pk")
    return FollowUp.objects.filter(
        Q(pk__in=owned_follow_ups(standing).values("pk"))
        | Q(handover__in=received)
        | Q(pk__in=overseen_follow_ups(standing).values("pk"))
    )


def _in_towns(standing: Standing, keys: Iterable[str], path: str) -> Q:
    """A filter for what lies in the towns that any of these roles reaches; ``path`` leads there."""
    reached = Q(pk__in=[])
    for key in keys:
        if standing.has(key):
            reached |= Q(**{f"{path}__in": standing.towns(key).values("pk")})
    return reached
