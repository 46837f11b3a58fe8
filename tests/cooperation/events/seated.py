"""Who has a seat, as the tests of seminars ask it."""

from datetime import UTC, datetime, timedelta

from cooperation.models import Participant, WorkshopWish

#: In Nuuk the last minute of the last day for answers, and the first of the day after.
LAST_MINUTE = datetime(2027, 10, 1, 0, 59, tzinfo=UTC)
TOO_LATE = LAST_MINUTE + timedelta(minutes=1)


def seats(invitation):
    """Whether each of the delegation has a seat, in their own order."""
    return [one.seated_at is not None for one in invitation.participants.signed_up().in_order()]


def names_with_seat(event):
    """Who has a seat of the event."""
    found = Participant.objects.seated().filter(invitation__event=event)
    return sorted(found.values_list("name", flat=True))


def in_workshop(workshop):
    """Who has a seat in the workshop."""
    found = WorkshopWish.objects.standing().filter(workshop=workshop, seated_at__isnull=False)
    return sorted(found.values_list("participant__name", flat=True))
