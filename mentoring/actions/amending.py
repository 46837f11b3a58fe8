"""A later change of a locked session: sent with a reason, in force once confirmed anew."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentoring.actions.agreeing import keep_agreement
from mentoring.actions.judging import Envelope, Judged, judge
from mentoring.actions.linking import forget_links
from mentoring.actions.outcomes import Receipt, SessionRefused
from mentoring.actions.pointing_out import point_out
from mentoring.content import clean_text
from mentoring.models import (
    MOST_AMENDMENT_NOTE,
    Amendment,
    PairingMember,
    Session,
    SessionCompetence,
    SessionVersion,
)
from people.models import Person, Place


def amend_session(
    author: Person,
    session: Session,
    *,
    version_id: UUID,
    parent_id: UUID | None,
    content: Mapping[str, Any],
    reason: str,
    note: str = "",
    at: datetime,
    device_at: datetime | None = None,
    looked_again: bool = False,
) -> Receipt:
    """Send another version of a locked session, which holds once the caseworkers confirm it.

    The session stays as it is until then. An amendment that waits already is taken back for the
    new one. Who took part stays. The same under the same id gives the same receipt.

    Args:
        author: A mentor who took part, and who was a mentor of the pairing on that day.
        parent_id: What the author has seen: the amendment that waits, else the version that holds.
        content: As for :func:`log_session`, without who took part.
        reason: One of ``Amendment.Reason``; ``note`` says more in up to 200 characters.

    Raises:
        LookAgain: The texts hold something to look at once more.
        SessionRefused: With code "invalid", "not_member", "not_found", "erased" and "taken" as for
            logging; "open" if nothing is locked yet; "changed" if something else has been sent
            meanwhile; "unchanged" if the content says what stands. Nothing is saved.
    """
    sent = Envelope(
        author, session.pairing, session.pk, version_id, parent_id, None, device_at, (), at
    )
    note = _clean_note(note)
    participants = session.current.content["participants"]
    judged = replace(judge(sent, {**content, "participants": participants}), note=note)
    point_out(judged.texts, judged.known_names, at=at, looked_again=looked_again)
    return Receipt.of(_store(sent, judged, Amendment.Reason(reason)))


@transaction.atomic
def take_back(amendment: Amendment, *, at: datetime) -> None:
    """Take an amendment back that waits; both its text and the reason stay readable.

    Who may: see ``permissions.own_amendments``. Twice changes nothing.

    Raises:
        SessionRefused: With code "changed" if it holds by now.
    """
    Session.objects.select_for_update(no_key=True).get(pk=amendment.session_id)
    one = Amendment.objects.get(pk=amendment.pk)
    if one.holds_since is not None:
        raise SessionRefused(_("Everybody has confirmed the amendment."), code="changed")
    if one.withdrawn_at is None:
        Amendment.objects.filter(pk=one.pk).update(withdrawn_at=at)


def take_effect(session: Session, amendment: Amendment, *, at: datetime) -> None:
    """Let the session say what an amendment says that every caseworker has confirmed.

    Part of confirming, in its transaction, with the session's row locked.
    """
    version = amendment.version
    content = version.content
    held_on = date.fromisoformat(content["held_on"])
    if held_on != session.held_on:
        forget_links(session)
    session.current = version
    session.place = Place.objects.get(key=content["place"])
    session.held_on = held_on
    session.minutes, session.mode = content["minutes"], content["mode"]
    session.topics = content["topics"]
    session.save()
    _practise(session, content)
    keep_agreement(version, session.pairing, is_first=False, at=at)
    Amendment.objects.filter(pk=amendment.pk).update(holds_since=at)


def _practise(session: Session, content: Mapping[str, Any]) -> None:
    """Take out what the version that holds does not name, and add what it names."""
    named = {UUID(row["competence"]): row["observed"] for row in content.get("competences", ())}
    for row in session.competences.all():
        if named.get(row.competence_id) == row.observed:
            del named[row.competence_id]
        else:
            row.delete()
    SessionCompetence.objects.bulk_create(
        SessionCompetence(session=session, competence_id=pk, observed=observed)
        for pk, observed in named.items()
    )


@transaction.atomic
def _store(sent: Envelope, judged: Judged, reason: str) -> SessionVersion:
    session = (
        Session.objects.select_for_update(no_key=True)
        .select_related("current")
        .get(pk=sent.session_id)
    )
    if known := session.versions.filter(pk=sent.version_id, amendment__isnull=False).first():
        if (known.sha256, known.author_id) == (judged.sha256, sent.author.pk):
            return known
        raise _taken()
    _may_amend(sent.author, session)
    pending = session.amendments.pending().select_related("version").first()
    seen = pending.version if pending else session.current
    if sent.parent_id != seen.pk:
        raise SessionRefused(
            _("Somebody has sent another amendment meanwhile. Read it; then send yours again."),
            code="changed",
        )
    if judged.sha256 == session.current.sha256:
        raise SessionRefused(
            _("Nothing is changed yet. Change what is wrong, then send it."), code="unchanged"
        )
    if pending:
        Amendment.objects.filter(pk=pending.pk).update(withdrawn_at=sent.at)
    try:
        with transaction.atomic():
            Amendment.objects.create(
                session=session,
                version_id=sent.version_id,
                amends=session.current,
                reason=reason,
                note=judged.note,
            )
            version = SessionVersion(
                id=sent.version_id,
                session=session,
                number=session.versions.count() + 1,
                parent=session.current,
                content=judged.content,
                sha256=judged.sha256,
                author=sent.author,
                device_at=sent.device_at,
                received_at=sent.at,
            )
            version.save(force_insert=True)
    except IntegrityError:
        raise _taken() from None
    return version


def _may_amend(author: Person, session: Session) -> None:
    if session.erased_at is not None:
        raise SessionRefused(_("The text of the session was erased."), code="erased")
    if session.locked_at is None:
        raise SessionRefused(_("The session is open. Change it as it is."), code="open")
    side = PairingMember.Side.MENTOR
    if not session.participants.filter(person=author, side=side).exists():
        raise SessionRefused(_("The session was not found."), code="not_found")


def _clean_note(note: str) -> str:
    try:
        return clean_text(note, most=MOST_AMENDMENT_NOTE)
    except ValidationError as error:
        raise SessionRefused(ValidationError({"note": error}).error_dict, code="invalid") from error


def _taken() -> SessionRefused:
    return SessionRefused(_("The id of this version is used elsewhere."), code="taken")
