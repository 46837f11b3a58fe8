"""What a caseworker says after a session."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring.actions.pointing_out import point_out
from mentoring.content import clean_text
from mentoring.goals.actions.refusing import GoalRefused, changed_meanwhile
from mentoring.models import PairingMember, Reflection, Session
from people.models import Person

Side = PairingMember.Side


def reflect(
    person: Person,
    session: Session,
    text: str,
    *,
    seen: int,
    at: datetime,
    looked_again: bool = False,
) -> Reflection | None:
    """Keep what ``person`` thought of a session they took part in; an empty text takes it back.

    It has nothing to do with confirming: it may come before or after, and never holds a lock up.

    Args:
        seen: The number of the reflection that ``person`` saw; nought without one.

    Raises:
        GoalRefused: With code "terms" for the text, "not_participant", "erased", or "changed"
            when it was written on another device meanwhile.
        LookAgain: The text holds something to look at once more.
    """
    try:
        text = clean_text(text).strip()
    except ValidationError as error:
        raise GoalRefused({"text": error.error_list}, code="terms") from error
    point_out({"text": text}, at=at, looked_again=looked_again)
    with transaction.atomic():
        session = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        if not session.participants.filter(person=person, side=Side.CASEWORKER).exists():
            raise GoalRefused(_("You did not take part in this session."), code="not_participant")
        if session.erased_at is not None:
            raise GoalRefused(_("The text of the session was erased."), code="erased")
        kept = Reflection.objects.filter(session=session, person=person).first()
        if kept is not None and kept.text == text:
            return kept
        if (kept.number if kept else 0) != seen:
            raise changed_meanwhile()
        if not text:
            if kept is not None:
                kept.delete()
            return None
        if kept is None:
            return Reflection.objects.create(
                session=session, person=person, text=text, written_at=at, changed_at=at
            )
        kept.text, kept.changed_at = text, at
        kept.number += 1
        kept.save(update_fields=["text", "changed_at", "number"])
        return kept
