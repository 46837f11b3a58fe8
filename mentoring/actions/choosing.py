"""Choosing between two versions where no mentor is left: by a caseworker who was there."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentoring.actions.holding import let_hold
from mentoring.actions.judging import as_stored
from mentoring.actions.outcomes import Receipt, SessionRefused
from mentoring.models import Session, SessionVersion
from people.models import Person


@transaction.atomic
def choose_version(
    person: Person,
    session: Session,
    *,
    version_id: UUID,
    current_id: UUID | None,
    beside_id: UUID,
    chosen_id: UUID | None,
    at: datetime,
) -> Receipt:
    """Let the session say what one of two versions says, word for word; both stay readable.

    It is a version of its own that joins the two, so that every device and list reads it as a
    choice, and still its author's, whose words they are. It confirms nothing: every caseworker who
    took part by it is asked. The same under the same id gives the same receipt.

    Args:
        person: Who may: see ``permissions.sessions_left_behind``.
        version_id: Made once for the form.
        current_id: The version that held when ``person`` read both; None where a form lost it.
        chosen_id: The version that is to hold: that one, or the one beside it.

    Raises:
        SessionRefused: With code "changed" if somebody chose, wrote or confirmed meanwhile,
            "invalid" if ``chosen_id`` is none of the two, "taken" (the version's id is used
            elsewhere). Nothing is saved.
    """
    session = (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .select_related("pairing")
        .get(pk=session.pk)
    )
    mine = session.versions.select_related("parent", "joins").filter(chosen_by=person)
    known = mine.filter(pk=version_id, joins=beside_id).first()
    if known and known.sha256 in {
        one.sha256 for one in (known.parent, known.joins) if one and one.pk == chosen_id
    }:
        return Receipt.of(known)
    standing = SessionVersion.objects.unsettled().filter(session=session)
    beside = standing.filter(pk=beside_id).first()
    if not session.is_open or session.current_id != current_id or beside is None:
        raise SessionRefused(
            _("Something was sent or chosen meanwhile. Read it, then choose."), code="changed"
        )
    both = (session.current, beside)
    chosen = next((version for version in both if version.pk == chosen_id), None)
    if chosen is None:
        raise SessionRefused(_("Choose one of the two versions."), code="invalid")
    version = SessionVersion(
        id=version_id,
        session=session,
        number=session.versions.count() + 1,
        parent=session.current,
        joins=beside,
        content=chosen.content,
        sha256=chosen.sha256,
        author=chosen.author,
        chosen_by=person,
        received_at=at,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise SessionRefused(_("The id of this version is used elsewhere."), code="taken") from None
    let_hold(session, version, as_stored(chosen, session.pairing), at=at)
    return Receipt.of(version, is_new=True)
