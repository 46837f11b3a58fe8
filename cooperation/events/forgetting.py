"""What is forgotten after an event, counted from its end. Named by ``cooperation.declarations``."""

from datetime import datetime

from cooperation.models import Participant, ParticipantNeeds
from core.periods import local_day

BLANK = {"name": "–", "email": "", "title": ""}


def forget_needs(before: datetime, *, at: datetime, dry_run: bool) -> int:
    """Delete what participants needed for events that were over before that moment."""
    old = ParticipantNeeds.objects.filter(
        participant__invitation__event__ends_on__lte=local_day(before)
    )
    count = old.count()
    if not dry_run:
        old.delete()
    return count


def forget_names(before: datetime, *, at: datetime, dry_run: bool) -> int:
    """Blank who came to events that were over before that moment; how many came stays."""
    old = Participant.objects.filter(invitation__event__ends_on__lte=local_day(before))
    old = old.exclude(**BLANK)
    count = old.count()
    if not dry_run:
        old.update(**BLANK)
    return count
