"""Logging a session: once, whole, and with a receipt, however often it is sent."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from competences.models import Competence, Topic
from core.identity import Concern, Kind, warnings_in
from core.periods import local_day
from core.prepared import Prepared
from mentoring.actions.agreeing import keep_agreement, mark_done
from mentoring.actions.outcomes import LookAgain, Receipt, SessionConflict, SessionRefused
from mentoring.canonical import content_hash
from mentoring.content import Frame, clean_content
from mentoring.models import (
    TEXTS,
    Pairing,
    PairingMember,
    Session,
    SessionCompetence,
    SessionParticipant,
    SessionVersion,
    WarningTally,
)
from people.models import Organisation, Person, Place

Side = PairingMember.Side


@dataclass(frozen=True, slots=True)
class _Envelope:
    """Who sends what under which ids, and when."""

    author: Person
    pairing: Pairing
    session_id: UUID
    version_id: UUID
    parent_id: UUID | None
    joins_id: UUID | None
    device_at: datetime | None
    done: Collection[UUID]
    at: datetime


@dataclass(frozen=True, slots=True)
class _Judged:
    """A content that was found good, and what the records need besides."""

    content: dict[str, Any]
    sha256: str
    place_id: UUID
    sides: dict[UUID, str]
    known_names: list[str]

    def facts(self) -> dict[str, Any]:
        """What the session repeats of its current version."""
        return {
            "place_id": self.place_id,
            "held_on": date.fromisoformat(self.content["held_on"]),
            "minutes": self.content["minutes"],
            "mode": self.content["mode"],
            "topics": self.content["topics"],
        }


def log_session(
    author: Person,
    pairing: Pairing,
    *,
    session_id: UUID,
    version_id: UUID,
    content: Mapping[str, Any],
    at: datetime,
    parent_id: UUID | None = None,
    joins_id: UUID | None = None,
    device_at: datetime | None = None,
    done: Collection[UUID] = (),
    looked_again: bool = False,
) -> Receipt:
    """Store what ``author`` says about a session; sending it is the mentor's confirmation.

    Without a parent it is a new session. Naming the current version as parent makes a new
    version, which every caseworker who took part is asked to confirm. The same content under
    the same ids gives the same receipt, whatever has happened since. Call it outside a
    transaction: the receipt speaks of what is on disk.

    Args:
        author: A mentor of the pairing on the day of the session, who took part in it.
        session_id: Made by the device, once for ever.
        version_id: Made by the device, once per text.
        content: As in :mod:`mentoring.content`; the author is added to who took part.
        at: Moment of arrival, which orders; ``device_at`` is only kept beside it.
        joins_id: The version beside the current one that this version settles.
        done: Agreements of the pairing that the author marks as done with it, once: sending the
            same again marks nothing anew.
        looked_again: The author has seen the warnings and stands by the text.

    Raises:
        SessionConflict: Another version came first; this one is kept beside it.
        LookAgain: The texts hold something to look at once more.
        SessionRefused: With code "invalid", "not_member" (not a mentor of the pairing on that
            day), "not_found" (the session is in another pairing, or the author took no part),
            "locked", "erased", "parent_unknown" (send the parent first), "taken" (the version's
            id is used elsewhere). Nothing is saved.
    """
    sent = _Envelope(
        author, pairing, session_id, version_id, parent_id, joins_id, device_at, done, at
    )
    raw = {**content, "participants": _with_author(content.get("participants"), author)}
    try:
        judged = _judge(sent, raw)
    except SessionRefused:
        if receipt := _received_before(sent, raw):
            return receipt
        raise
    _point_out(judged, at=at, looked_again=looked_again)
    if parent_id is None:
        with suppress(IntegrityError):  # the id is known: the same again, or another text
            return Receipt.of(_begin(sent, judged))
    stored, current = _continue(sent, judged)
    if current is not None:
        raise SessionConflict(current, stored)
    return Receipt.of(stored)


# --- Storing ------------------------------------------------------------------------------------


@transaction.atomic
def _begin(sent: _Envelope, judged: _Judged) -> SessionVersion:
    """The first version of a new session.

    Raises:
        IntegrityError: The session's or the version's id is known.
    """
    Session.objects.create(
        id=sent.session_id,
        pairing=sent.pairing,
        author=sent.author,
        received_at=sent.at,
        current_id=sent.version_id,
        **judged.facts(),
    )
    version = _version(sent, judged, number=1)
    version.save(force_insert=True)
    _take_part(sent, judged)
    keep_agreement(version, sent.pairing, is_first=True, at=sent.at)
    _mark_done(sent, judged)
    return version


@transaction.atomic
def _continue(sent: _Envelope, judged: _Judged) -> tuple[SessionVersion, SessionVersion | None]:
    """The stored version, and the current one where the stored one stands beside it."""
    session = (
        Session.objects.select_for_update().filter(pk=sent.session_id, pairing=sent.pairing).first()
    )
    if session is None:
        if sent.parent_id or Session.objects.filter(pk=sent.session_id).exists():
            raise SessionRefused(_("The session was not found."), code="not_found")
        raise _taken()
    versions = {version.pk: version for version in session.versions.order_by("number")}
    current = versions[session.current_id]
    if known := _the_same(sent, judged, versions):
        beside = SessionVersion.objects.unsettled().filter(pk=known.pk).exists()
        return known, current if beside else None
    _may_continue(sent.author, session)
    if {sent.parent_id, sent.joins_id} - {None, *versions}:
        raise SessionRefused(
            _("The version that this one was made from has not arrived."), code="parent_unknown"
        )

    follows = sent.parent_id == current.pk
    if follows and sent.joins_id is None and judged.sha256 == current.sha256:
        return current, None  # nothing was changed: nobody need confirm again
    if sent.version_id in versions:  # another text under a used id gets an id of its own
        sent = replace(sent, version_id=uuid.uuid5(sent.version_id, judged.sha256))
    version = _version(sent, judged, number=len(versions) + 1)
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise _taken() from None
    _mark_done(sent, judged)
    if not follows:
        return version, current
    session.current = version
    for name, value in judged.facts().items():
        setattr(session, name, value)
    session.save()
    session.participants.all().delete()
    if "competences" in current.content:
        session.competences.all().delete()
    _take_part(sent, judged)
    keep_agreement(version, sent.pairing, is_first=False, at=sent.at)
    return version, None


def _version(sent: _Envelope, judged: _Judged, *, number: int) -> SessionVersion:
    return SessionVersion(
        id=sent.version_id,
        session_id=sent.session_id,
        number=number,
        parent_id=sent.parent_id,
        joins_id=sent.joins_id,
        content=judged.content,
        sha256=judged.sha256,
        author=sent.author,
        device_at=sent.device_at,
        received_at=sent.at,
    )


def _take_part(sent: _Envelope, judged: _Judged) -> None:
    SessionParticipant.objects.bulk_create(
        SessionParticipant(session_id=sent.session_id, person_id=person, side=side)
        for person, side in judged.sides.items()
    )
    if practised := judged.content.get("competences"):
        SessionCompetence.objects.bulk_create(
            SessionCompetence(
                session_id=sent.session_id,
                competence_id=UUID(row["competence"]),
                observed=row["observed"],
            )
            for row in practised
        )


def _mark_done(sent: _Envelope, judged: _Judged) -> None:
    held_on = date.fromisoformat(judged.content["held_on"])
    mark_done(sent.author, sent.pairing, sent.done, on=held_on)


# --- Judging ------------------------------------------------------------------------------------


def _judge(sent: _Envelope, raw: Mapping[str, Any]) -> _Judged:
    today, place = local_day(sent.at), sent.pairing.place
    day = _day_of(raw, today)
    members = sent.pairing.members_on(day)
    sides = {member.person_id: member.side for member in members}
    if sides.get(sent.author.pk) != Side.MENTOR:
        raise SessionRefused(
            _("You were not a mentor of this pairing on that day."), code="not_member"
        )
    places = {place.key: place.pk}
    if raw.get("place") != place.key:
        towns = Place.objects.filter(municipality=place.municipality_id)
        places = dict(towns.values_list("key", "pk"))
    frame = Frame(
        caseworkers={person for person, side in sides.items() if side == Side.CASEWORKER},
        mentors={person for person, side in sides.items() if side == Side.MENTOR},
        places=places,
        # A device may have been away since a topic was retired: what is known is accepted.
        topics={topic.key for topic in _topics()},
        today=today,
        competences=_competences() if raw.get("competences") else (),
    )
    try:
        content = clean_content(raw, frame)
    except ValidationError as error:
        raise SessionRefused(error.error_dict, code="invalid") from error
    return _Judged(
        content=content,
        sha256=content_hash(content),
        place_id=places[content["place"]],
        sides={UUID(one): sides[UUID(one)] for one in content["participants"]},
        known_names=[place.name, *(member.person.name for member in members)],
    )


# Asked by every session that is logged, so the SQL is written once (core.prepared).
@Prepared
def _topics() -> QuerySet[Topic]:
    return Topic.objects.only("key")


def _competences() -> set[UUID]:
    """All there are: a device may have been away since one was taken out, as for topics."""
    return set(Competence.objects.values_list("pk", flat=True))


def _day_of(raw: Mapping[str, Any], today: date) -> date:
    """The day that membership is judged by: of the session, or today while that is unclear."""
    try:
        return min(date.fromisoformat(raw["held_on"]), today)
    except (KeyError, TypeError, ValueError):
        return today


def _with_author(participants: Any, author: Person) -> Any:
    if isinstance(participants, list | tuple):
        return [*participants, str(author.pk)]
    return participants


def _point_out(judged: _Judged, *, at: datetime, looked_again: bool) -> None:
    """Stop at what the author has not looked at again; count it, never what it says."""
    warnings = _warnings(judged, judged.known_names)
    if any(concern.kind == Kind.NAME for found in warnings.values() for concern in found):
        names = [*judged.known_names, *_names_known_elsewhere(judged, warnings)]
        warnings = _warnings(judged, names)
    column = "sent" if looked_again else "shown"
    for kind in {concern.kind for found in warnings.values() for concern in found}:
        tally, _created = WarningTally.objects.get_or_create(day=local_day(at), kind=kind)
        WarningTally.objects.filter(pk=tally.pk).update(**{column: F(column) + 1})
    if warnings and not looked_again:
        raise LookAgain(warnings)


def _warnings(judged: _Judged, known_names: Collection[str]) -> dict[str, list[Concern]]:
    return {
        key: found
        for key in TEXTS
        if (found := warnings_in(judged.content[key], known_names=known_names))
    }


def _names_known_elsewhere(
    judged: _Judged, warnings: Mapping[str, Collection[Concern]]
) -> Iterator[str]:
    """Towns, organisations, and those of the passages that are somebody's of the staff."""
    yield from Place.objects.values_list("name", flat=True)
    yield from Organisation.objects.values_list("name", flat=True)
    passages = {
        judged.content[key][concern.start : concern.end]
        for key, found in warnings.items()
        for concern in found
        if concern.kind == Kind.NAME
    }
    is_staff = reduce(or_, (Q(name__iexact=passage) for passage in passages))
    yield from Person.objects.filter(is_staff).values_list("name", flat=True)


def _received_before(sent: _Envelope, raw: Mapping[str, Any]) -> Receipt | None:
    """The receipt of the very same content, which was good when it arrived."""
    version = SessionVersion.objects.filter(
        pk=sent.version_id, session=sent.session_id, author=sent.author
    ).first()
    if version is None:
        return None
    try:
        content = clean_content(raw, Frame.of(version.content))
    except ValidationError:
        return None
    return Receipt.of(version) if content_hash(content) == version.sha256 else None


def _the_same(
    sent: _Envelope, judged: _Judged, versions: Mapping[UUID, SessionVersion]
) -> SessionVersion | None:
    """The stored version that says the same, sent by the same person from the same parent."""
    for version in versions.values():
        same_text = version.sha256 == judged.sha256 and version.author_id == sent.author.pk
        if same_text and (version.pk == sent.version_id or version.parent_id == sent.parent_id):
            return version
    return None


def _may_continue(author: Person, session: Session) -> None:
    if session.erased_at is not None:
        raise SessionRefused(_("The text of the session was erased."), code="erased")
    if session.locked_at is not None:
        raise SessionRefused(
            _("Everybody has confirmed the session. It cannot be changed."), code="locked"
        )
    if not session.participants.filter(person=author, side=Side.MENTOR).exists():
        raise SessionRefused(_("The session was not found."), code="not_found")


def _taken() -> SessionRefused:
    return SessionRefused(_("The id of this version is used elsewhere."), code="taken")
