"""Planning, moving and cancelling a session; the others of the pairing are told."""

import secrets
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import telling
from core.identity import refuse_cpr_like, warnings_in
from core.periods import local_day
from mentoring.models import CalendarAddress, Pairing, PairingMember, PlannedSession
from mentoring.planning.calendar import invitation
from people.models import Person

Side = PairingMember.Side

#: As far ahead as a session can be planned.
AT_MOST_AHEAD = timedelta(days=366)
#: Letters of a secret address: no digits, which in a row may look like a CPR number.
_LETTERS = "abcdefghijkmnopqrstuvwxyz"
_TOKEN_LENGTH = 40


class PlanRefused(ValidationError):
    """A plan was not accepted; nothing was saved.

    Codes: "past", "far", "not_member" (not one of the pairing on that day), "closed", "purpose",
    "taken" (another one begins at that moment), "gone" (cancelled), "changed" (somebody else
    was first).
    """


@transaction.atomic
def plan_session(
    person: Person,
    pairing: Pairing,
    *,
    starts_at: datetime,
    minutes: int,
    at: datetime,
    mode: str = "",
    purpose: str = "",
) -> PlannedSession:
    """Plan that the pairing works together at ``starts_at``; the other members are told.

    Planning the same moment twice gives the plan that stands, and tells nobody again.

    Raises:
        PlanRefused: See there.
    """
    pairing = (
        Pairing.objects.select_for_update(of=("self",), no_key=True)
        .select_related("place")
        .get(pk=pairing.pk)
    )
    _judge(person, pairing, starts_at, purpose, at=at)
    there = PlannedSession.objects.standing().filter(pairing=pairing, starts_at=starts_at).first()
    if there is not None:
        return there
    plan = PlannedSession(
        pairing=pairing,
        starts_at=starts_at,
        minutes=minutes,
        mode=mode,
        purpose=purpose.strip(),
        made_by=person,
        made_at=at,
        changed_at=at,
    )
    plan.held_on = starts_at.astimezone(plan.zone).date()
    plan.clean_fields(exclude=["cancelled_at"])
    plan.save()
    _tell(plan, "mentoring.planned", _there(plan, but=person))
    return plan


@transaction.atomic
def move_session(
    person: Person,
    plan: PlannedSession,
    *,
    sequence: int,
    starts_at: datetime,
    minutes: int,
    at: datetime,
    mode: str = "",
    purpose: str = "",
) -> PlannedSession:
    """Change a plan that stands; the other members are told if its time has changed.

    Who is not in the pairing on the new day gets it taken out of their calendar.

    Args:
        sequence: That of the plan as ``person`` saw it.

    Raises:
        PlanRefused: See there.
    """
    plan = _current(plan, sequence)
    _judge(person, plan.pairing, starts_at, purpose, at=at)
    others = PlannedSession.objects.standing().filter(pairing=plan.pairing, starts_at=starts_at)
    if others.exclude(pk=plan.pk).exists():
        raise PlanRefused(_("Another session begins at that time."), code="taken")
    was, had = copy(plan), _there(plan, but=person)
    plan.starts_at, plan.minutes = starts_at, minutes
    plan.mode, plan.purpose = mode, purpose.strip()
    plan.held_on = starts_at.astimezone(plan.zone).date()
    plan.changed_at = at
    plan.sequence += 1
    plan.clean_fields(exclude=["cancelled_at"])
    plan.save()
    if (was.starts_at, was.minutes) != (starts_at, minutes):
        have = _there(plan, but=person)
        _tell(plan, "mentoring.moved", have, was_at=was.starts_at.isoformat())
        was.sequence = plan.sequence
        _take_away(was, [one for one in had if one not in have], at=at)
    return plan


@transaction.atomic
def cancel_session(
    person: Person, plan: PlannedSession, *, sequence: int, at: datetime
) -> PlannedSession:
    """Cancel a plan that stands; the other members are told.

    Raises:
        PlanRefused: With code "changed" if it was moved meanwhile, "gone" if it is cancelled.
    """
    plan = _current(plan, sequence)
    _cancel(plan, _there(plan, but=person), at=at)
    return plan


# --- The plans of a pairing follow its members ----------------------------------------------------


def follow_members(
    pairing: Pairing,
    before: Sequence[PairingMember],
    *,
    at: datetime,
    but: Person | None = None,
) -> None:
    """Cancel what is to come and has lost its last mentor; those who had it are told.

    Of what goes on, whoever is not in the pairing on its day any more is told that it is not
    theirs. The caller holds the pairing.

    Args:
        before: The memberships as they were, with their people; those of the pairing hold now.
        but: Who is told nothing.
    """
    plans = _to_come(pairing, at=at)
    if not plans:
        return
    after = list(PairingMember.objects.filter(pairing=pairing).select_related("person"))
    for plan in plans:
        had, have = _of_day(before, plan.held_on), _of_day(after, plan.held_on)
        staying = {one.person for one in have}
        lost = [one.person for one in had if one.person not in staying and one.person != but]
        if _mentored(had) and not _mentored(have):
            _cancel(plan, [*staying, *lost], at=at)
        elif lost:
            _take_away(plan, lost, at=at)


def cancel_after(pairing: Pairing, *, at: datetime) -> None:
    """Cancel what a pairing that is closed had planned for later days; its members are told.

    The caller holds the pairing.
    """
    today = local_day(at)
    for plan in _to_come(pairing, at=at):
        if plan.held_on > today:
            _cancel(plan, _there(plan), at=at)


def _to_come(pairing: Pairing, *, at: datetime) -> list[PlannedSession]:
    plans = PlannedSession.objects.to_come(at=at).filter(pairing=pairing).order_by("pk")
    locked = plans.select_for_update(of=("self",), no_key=True)
    return list(locked.select_related("pairing__place"))


def _of_day(members: Iterable[PairingMember], day: date) -> list[PairingMember]:
    return [member for member in members if member.is_valid_on(day)]


def _mentored(members: Iterable[PairingMember]) -> bool:
    return any(member.side == Side.MENTOR for member in members)


def _cancel(plan: PlannedSession, readers: Iterable[Person], *, at: datetime) -> None:
    plan.cancelled_at = plan.changed_at = at
    plan.sequence += 1
    plan.save(update_fields=["cancelled_at", "changed_at", "sequence"])
    _tell(plan, "mentoring.cancelled", readers)


def _take_away(plan: PlannedSession, readers: Iterable[Person], *, at: datetime) -> None:
    """Tell them that it is not theirs any more, with a file that takes it out of a calendar."""
    gone = copy(plan)
    gone.cancelled_at = gone.changed_at = at
    gone.sequence += 1
    _tell(gone, "mentoring.not_yours", readers)


def _current(plan: PlannedSession, sequence: int) -> PlannedSession:
    locked = PlannedSession.objects.select_for_update(of=("self",), no_key=True).select_related(
        "pairing__place"
    )
    plan = locked.get(pk=plan.pk)
    if plan.cancelled_at is not None:
        raise PlanRefused(_("The session has been cancelled."), code="gone")
    if plan.sequence != sequence:
        raise PlanRefused(
            _("Somebody else changed the session meanwhile. See how it stands now."), code="changed"
        )
    return plan


def _judge(
    person: Person, pairing: Pairing, starts_at: datetime, purpose: str, *, at: datetime
) -> None:
    if pairing.state == Pairing.State.CLOSED:
        raise PlanRefused(_("The pairing is closed."), code="closed")
    if starts_at < at:
        raise PlanRefused({"day": _("Choose a time that is not over.")}, code="past")
    if starts_at > at + AT_MOST_AHEAD:
        raise PlanRefused({"day": _("Choose a day within a year.")}, code="far")
    day = starts_at.astimezone(_zone(pairing)).date()
    if not PairingMember.objects.of(person, on=day).filter(pairing=pairing).exists():
        raise PlanRefused({"day": _("You are not in the pairing on that day.")}, code="not_member")
    refuse_cpr_like(purpose)
    if warnings_in(purpose):
        message = _(
            "Write what you will work on, without names, ages, dates, places and case numbers."
        )
        raise PlanRefused({"purpose": message}, code="purpose")


def _zone(pairing: Pairing) -> Any:
    return PlannedSession(pairing=pairing).zone


def _there(plan: PlannedSession, *, but: Person | None = None) -> list[Person]:
    """The members of its day, without the one who does it."""
    members = PairingMember.objects.valid_on(plan.held_on).filter(pairing=plan.pairing)
    people = Person.objects.filter(pk__in=members.values("person"))
    return list(people if but is None else people.exclude(pk=but.pk))


def _tell(plan: PlannedSession, kind: str, readers: Iterable[Person], **facts: Any) -> None:
    """Tell each of them; the file is in the reader's language."""
    place = plan.pairing.place
    for reader in readers:
        telling.tell(
            reader,
            kind,
            {
                "when_at": plan.starts_at.isoformat(),
                "zone": place.time_zone,
                "town": place.name,
                "minutes": plan.minutes,
                **facts,
            },
            url="mentoring:plans",
            attachments=[invitation(plan, language=reader.language)],
        )


# --- The address of one's own calendar ------------------------------------------------------------


@transaction.atomic
def renew_address(person: Person, *, at: datetime) -> str:
    """Give ``person``'s calendar a new secret address; the one of before stops working.

    Returns:
        The secret, which is kept nowhere: it is shown once.
    """
    token = "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LENGTH))
    CalendarAddress.objects.update_or_create(
        person=person, defaults={"token_hash": hash_of(token), "made_at": at}
    )
    return token


def drop_address(person: Person) -> None:
    """Let nobody read ``person``'s calendar any more."""
    CalendarAddress.objects.filter(person=person).delete()


def hash_of(token: str) -> str:
    """What is kept of the secret; it has 185 bits by itself, so no salt is needed."""
    return sha256(token.encode()).hexdigest()
