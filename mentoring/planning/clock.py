"""From a day and a time on a town's clock to a moment."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clock of the town jumps over this time, on the night in March when summer time begins."""


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment when the town's clock shows ``clock`` on ``day``; the first of two in autumn.

    Raises:
        NoSuchTime: If it never does.
    """
    shown = datetime.combine(day, clock.replace(tzinfo=None, second=0, microsecond=0))
    found = shown.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != shown:
        raise NoSuchTime(str(shown))
    return found
