"""The one change that a locked session lets through."""

from datetime import datetime

from django.db import transaction

from mentoring.actions.linking import forget_links
from mentoring.models import Agreement, HandoverText, Session
from people.models import Person


@transaction.atomic
def erase_session(session: Session, *, by: Person | None, reason: str, at: datetime) -> Session:
    """Blank the texts of versions, amendments and what a handover kept of them; the rest stays.

    Day, minutes, who, steps and hashes stay.

    What somebody wrote about it afterwards goes too: it may say the same. What was logged by
    mistake stands for no hour any more; another log of that hour counts instead, and nobody has to
    do what it promised.

    The author may do it, and a coordinator of the town, who does not see the text: see
    ``permissions.erasable_sessions``. The reason is one of a list, so that no text replaces the
    text; ``by`` nobody where its time is over. Erasing twice changes nothing. An erased session
    takes no new version and no confirmation.
    """
    session = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    if session.erased_at is None:
        session.erased_at = at
        session.erased_by = by
        session.erase_reason = Session.EraseReason(reason)
        session.save()
        for version in session.versions.all():
            version.blank_texts()
        HandoverText.objects.filter(session=session).update(text=None)
        session.amendments.exclude(note="").update(note="")
        session.reflections.all().delete()
        if session.erase_reason == Session.EraseReason.MISTAKE:
            forget_links(session)
            Agreement.objects.open().filter(session=session).delete()
    return session
