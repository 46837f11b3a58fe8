"""Logging a session: once, whole, and with a receipt, however often it is sent."""

import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.canonical import content_hash
from mentoring.actions.agreeing import keep_agreement, mark_done
from mentoring.actions.holding import let_hold, take_part
from mentoring.actions.judging import Envelope, Judged, judge, with_author
from mentoring.actions.outcomes import Receipt, SessionConflict, SessionRefused
from mentoring.actions.pointing_out import point_out
from mentoring.content import Frame, clean_content
from mentoring.models import (
    Pairing,
    PairingMember,
    Session,
    SessionVersion,
)
from people.models import Person

Side = PairingMember.Side


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
    sent = Envelope(
        author, pairing, session_id, version_id, parent_id, joins_id, device_at, done, at
    )
    raw = {**content, "participants": with_author(content.get("participants"), author)}
    try:
        judged = judge(sent, raw)
    except SessionRefused:
        if receipt := _received_before(sent, raw):
            return receipt
        raise
    point_out(judged.texts, judged.known_names, at=at, looked_again=looked_again)
    if parent_id is None:
        with suppress(IntegrityError):  # the id is known: the same again, or another text
            return Receipt.of(_begin(sent, judged), is_new=True)
    stored = _continue(sent, judged)
    if stored.current is not None:
        raise SessionConflict(stored.current, stored.version)
    return Receipt.of(stored.version, is_new=stored.is_new)


# --- Storing ------------------------------------------------------------------------------------


@transaction.atomic
def _begin(sent: Envelope, judged: Judged) -> SessionVersion:
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
    take_part(sent.session_id, judged)
    keep_agreement(version, sent.pairing, is_first=True, at=sent.at)
    _mark_done(sent, judged)
    return version


class _Stored(NamedTuple):
    version: SessionVersion
    is_new: bool
    current: SessionVersion | None = None
    """Where ``version`` stands beside it."""


@transaction.atomic
def _continue(sent: Envelope, judged: Judged) -> _Stored:
    """What is stored of a session that is known."""
    session = (
        Session.objects.select_for_update(no_key=True)
        .filter(pk=sent.session_id, pairing=sent.pairing)
        .first()
    )
    if session is None:
        if Session.objects.filter(pk=sent.session_id).exists():
            raise SessionRefused(_("The session was not found."), code="not_found")
        raise _parent_unknown() if sent.parent_id else _taken()
    versions = {version.pk: version for version in session.versions.order_by("number")}
    current = versions[session.current_id]
    if known := _the_same(sent, judged, versions):
        return _Stored(known, False, current if _is_unsettled(known.pk) else None)
    _may_continue(sent.author, session)
    if {sent.parent_id, sent.joins_id} - {None, *versions}:
        raise _parent_unknown()

    holds = judged.sha256 == current.sha256
    if holds and _is_unsettled(sent.joins_id):
        sent = replace(sent, parent_id=current.pk)  # it says the same, and settles another
    elif holds and (sent.joins_id or sent.parent_id == current.pk):
        _mark_done(sent, judged)
        return _Stored(current, False)  # nothing was changed: nobody need confirm again
    follows = sent.parent_id == current.pk
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
        return _Stored(version, True, current)
    session.current, session.pairing = current, sent.pairing  # they are known: no query
    let_hold(session, version, judged, at=sent.at)
    return _Stored(version, True)


def _is_unsettled(version_id: uuid.UUID | None) -> bool:
    """Whether this version still stands beside the one that holds."""
    unsettled = SessionVersion.objects.unsettled().filter(pk=version_id)
    return version_id is not None and unsettled.exists()


def _version(sent: Envelope, judged: Judged, *, number: int) -> SessionVersion:
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


def _mark_done(sent: Envelope, judged: Judged) -> None:
    held_on = date.fromisoformat(judged.content["held_on"])
    mark_done(sent.author, sent.pairing, sent.done, on=held_on)


# --- Sent before, or not to be continued ----------------------------------------------------------


def _received_before(sent: Envelope, raw: Mapping[str, Any]) -> Receipt | None:
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
    sent: Envelope, judged: Judged, versions: Mapping[UUID, SessionVersion]
) -> SessionVersion | None:
    """The stored version that says and settles the same, of the same author and parent."""
    made_from = (sent.parent_id, sent.joins_id)
    for version in versions.values():
        same_text = version.sha256 == judged.sha256 and version.author_id == sent.author.pk
        is_again = (version.parent_id, version.joins_id) == made_from
        if same_text and (version.pk == sent.version_id or is_again):
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


def _parent_unknown() -> SessionRefused:
    return SessionRefused(
        _("The version that this one was made from has not arrived."), code="parent_unknown"
    )


def _taken() -> SessionRefused:
    return SessionRefused(_("The id of this version is used elsewhere."), code="taken")
