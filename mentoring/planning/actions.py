"""Planning, moving and cancelling a session; the others of the pairing are told."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import telling
from core.identity import refuse_cpr_like, warnings_in
from mentoring.models import CalendarAddress, Pairing, PairingMember, PlannedSession
from mentoring.planning.calendar import invitation
from people.models import Person

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
    _tell(plan, "mentoring.planned", by=person)
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
    was_at, was_minutes = plan.starts_at, plan.minutes
    plan.starts_at, plan.minutes = starts_at, minutes
    plan.mode, plan.purpose = mode, purpose.strip()
    plan.held_on = starts_at.astimezone(plan.zone).date()
    plan.changed_at = at
    plan.sequence += 1
    plan.clean_fields(exclude=["cancelled_at"])
    plan.save()
    if (was_at, was_minutes) != (starts_at, minutes):
        _tell(plan, "mentoring.moved", by=person, was_at=was_at.isoformat())
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
    plan.cancelled_at = plan.changed_at = at
    plan.sequence += 1
    plan.save(update_fields=["cancelled_at", "changed_at", "sequence"])
    _tell(plan, "mentoring.cancelled", by=person)
    return plan


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


def _tell(plan: PlannedSession, kind: str, *, by: Person, **facts: Any) -> None:
    """Tell every other member of that day; the file is in the reader's language."""
    place = plan.pairing.place
    members = PairingMember.objects.valid_on(plan.held_on).filter(pairing=plan.pairing)
    for reader in Person.objects.filter(pk__in=members.values("person")).exclude(pk=by.pk):
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
