"""Mail to participants who have no account: only the address they were signed up with is known."""

from datetime import datetime
from typing import Any

from django.utils.translation import override
from django_tasks import task

from cooperation.events import by_link
from cooperation.models import Participant
from core import telling
from core.languages import DANISH, human_date
from core.mail import deliver


@task()
def send_to_participant(
    participant_id: str,
    kind: str,
    to: str,
    key: str,
    more: dict[str, Any],
) -> bool:
    """Send one mail, unless the address has changed since and it is no farewell.

    Args:
        more: The ``name`` and the ``files`` as they were then, ``facts`` of the message, and
            whether it ``is_off``.

    Returns:
        Whether it was sent by this run.
    """
    from cooperation.events.telling import facts_of

    is_off = bool(more["is_off"])
    found = Participant.objects.select_related(
        "invitation__event__place", "invitation__event__host", "invitation__organisation"
    )
    participant = found.filter(pk=participant_id).first()
    if participant is None or (participant.email != to and not is_off):
        return False
    event = participant.invitation.event
    with override(DANISH):
        words = {**facts_of(event, DANISH), **more["facts"]}
        words["begins"] = human_date(event.starts_on)
        words["answer"] = human_date(event.answer_by)
        if "when_at" in words:
            at = datetime.fromisoformat(words["when_at"])
            words["when"] = human_date(at, zone=event.zone, place=event.place.name)
        said = telling.kind_told(f"cooperation.{kind}")
        context = {
            "name": more.get("name", participant.name),
            "title": str(said.title) % words,
            "event": event.title,
            "begins": words["begins"],
            "where": ", ".join(
                part for part in (words.get("room"), event.venue, event.place.name) if part
            ),
            "organisation": participant.invitation.organisation.name,
            "host": event.host.name,
            "reason": event.cancelled_reason,
            "travel": str(event.travel) if not is_off else "",
            "is_off": is_off,
            "link": "",
        }
        if kind == "evaluate":  # made here, so that it stands in no queue
            context["link"] = by_link.address(participant)
    return deliver(
        to,
        "cooperation/events/mail/participant",
        context,
        language=DANISH,
        key=key[:120],
        attachments=[(name, text, kind_of) for name, text, kind_of in more.get("files", [])],
    )
