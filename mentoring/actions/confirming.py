"""Standing by what was written: one tap per session, several sessions at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from competences import practice
from mentoring.actions.amending import take_effect
from mentoring.actions.outcomes import SessionRefused
from mentoring.models import (
    Amendment,
    ChangeRequest,
    Confirmation,
    PairingMember,
    Session,
    SessionParticipant,
    SessionVersion,
)
from people.models import Person


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of the sessions that somebody wanted to confirm, by the day they were held.

    ``changed``: a newer version or an amendment has come, a second one waits for a choice, or the
    text was erased; look first.
    """

    sessions: tuple[Session, ...]
    changed: tuple[Session, ...]


@transaction.atomic
def confirm_sessions(person: Person, version_ids: Collection[UUID], *, at: datetime) -> Confirmed:
    """Confirm the versions that ``person`` has seen, and lock what everybody has confirmed.

    An amendment that everybody has confirmed takes effect.

    A session whose version is no longer the current one is left alone and named in the answer;
    the others are confirmed all the same. Confirming twice changes nothing.

    Raises:
        SessionRefused: With code "not_participant" if ``person`` was not among the caseworkers
            of one of them, or one does not exist. Nothing is saved.
    """
    wanted = dict(
        SessionVersion.objects.filter(pk__in=set(version_ids)).values_list("pk", "session_id")
    )
    sessions = list(
        Session.objects.select_for_update(no_key=True).filter(pk__in=wanted.values()).order_by("pk")
    )
    caseworkers = _caseworkers(sessions)
    if set(version_ids) - set(wanted) or not all(
        person.pk in caseworkers[session.pk] for session in sessions
    ):
        raise SessionRefused(_("You did not take part in this session."), code="not_participant")

    amendments = {
        one.session_id: one
        for one in Amendment.objects.pending()
        .filter(session__in=sessions)
        .select_related("version")
    }
    currents = [session.current_id for session in sessions]
    amending = [one.version_id for one in amendments.values()]
    confirmed = defaultdict(set)
    for version_id, person_id in Confirmation.objects.filter(
        version__in=[*currents, *amending]
    ).values_list("version_id", "person_id"):
        confirmed[version_id].add(person_id)
    rivals = set(
        SessionVersion.objects.unsettled()
        .filter(session__in=sessions)
        .values_list("session_id", flat=True)
    )

    done, changed, new = [], [], []
    for session in sorted(sessions, key=lambda session: (session.held_on, session.received_at)):
        amendment = amendments.get(session.pk)
        waits = amendment.version_id if amendment else session.current_id
        may_confirm = amendment is not None or (session.is_open and session.pk not in rivals)
        seen = {session.current_id, waits} & set(wanted)
        if any(person.pk in confirmed[version] for version in seen) and (
            waits not in seen or person.pk in confirmed[waits]
        ):
            done.append(session)
        elif waits in seen and may_confirm:
            done.append(session)
            new.append(Confirmation(version_id=waits, person=person, confirmed_at=at))
            confirmed[waits].add(person.pk)
        else:
            changed.append(session)
    Confirmation.objects.bulk_create(new)
    complete = [
        session
        for session in done
        if session.is_open and caseworkers[session.pk] <= confirmed[session.current_id]
    ]
    Session.objects.filter(pk__in=[session.pk for session in complete]).update(locked_at=at)
    for session in complete:
        session.locked_at = at
    for session in done:
        amendment = amendments.get(session.pk)
        if amendment and caseworkers[session.pk] <= confirmed[amendment.version_id]:
            take_effect(session, amendment, at=at)
    if new:
        practice.changed.send(Person, person=person)
    return Confirmed(tuple(done), tuple(changed))


@transaction.atomic
def ask_for_change(person: Person, version_id: UUID, what: str, *, at: datetime) -> ChangeRequest:
    """Tell the mentor that something in this version is not as ``person`` remembers it.

    Raises:
        SessionRefused: With code "not_participant" as for confirming, "changed" if it is neither
            the current version of an open session nor an amendment that waits, or is confirmed by
            ``person``.
    """
    session = Session.objects.select_for_update(no_key=True).filter(versions=version_id).first()
    if session is None or person.pk not in _caseworkers([session])[session.pk]:
        raise SessionRefused(_("You did not take part in this session."), code="not_participant")
    confirmed = Confirmation.objects.filter(version=version_id, person=person).exists()
    is_amending = session.amendments.pending().filter(version=version_id).exists()
    waits = is_amending or (session.is_open and session.current_id == version_id)
    if confirmed or not waits:
        raise SessionRefused(
            _("The session has changed, or you have confirmed it."), code="changed"
        )
    request, _created = ChangeRequest.objects.get_or_create(
        version_id=version_id, person=person, what=what, defaults={"asked_at": at}
    )
    return request


def _caseworkers(sessions: Collection[Session]) -> dict[UUID, set[UUID]]:
    """The caseworkers who took part, by session."""
    found: dict[UUID, set[UUID]] = {session.pk: set() for session in sessions}
    for session_id, person_id in SessionParticipant.objects.filter(
        session__in=sessions, side=PairingMember.Side.CASEWORKER
    ).values_list("session_id", "person_id"):
        found[session_id].add(person_id)
    return found
