"""The clock of an invented case: it begins on a weekday at a time, and counts in minutes.

No date belongs to it. A month is therefore counted as 30 days; the page says so where it matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

HOUR = 60
DAY = 24 * HOUR
DAYS_IN_A_MONTH = 30


class Unit(models.TextChoices):
    """What a length of time is counted in."""

    MINUTES = "minutes", gettext_lazy("minutes")
    HOURS = "hours", gettext_lazy("hours")
    DAYS = "days", gettext_lazy("days")
    WEEKS = "weeks", gettext_lazy("weeks")
    MONTHS = "months", gettext_lazy("months")


MINUTES_IN = {
    Unit.MINUTES: 1,
    Unit.HOURS: HOUR,
    Unit.DAYS: DAY,
    Unit.WEEKS: 7 * DAY,
    Unit.MONTHS: DAYS_IN_A_MONTH * DAY,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as one says it."""

    amount: int
    unit: Unit

    @classmethod
    def of(cls, raw: Mapping[str, Any] | None) -> Self | None:
        """What :meth:`as_raw` made; nothing where there is no amount or an unknown unit."""
        if not raw or raw.get("amount") is None or raw.get("unit") not in Unit.values:
            return None
        return cls(int(raw["amount"]), Unit(raw["unit"]))

    def as_raw(self) -> dict[str, Any]:
        """As JSON."""
        return {"amount": self.amount, "unit": self.unit.value}

    @property
    def minutes(self) -> int:
        """How long it lasts on the clock of a case."""
        return self.amount * MINUTES_IN[self.unit]

    def says_the_same(self, other: "Span") -> bool:
        """Whether both mean one limit. A week is seven days; a day is not 24 hours in the law."""
        return self._in_law() == other._in_law()

    def _in_law(self) -> tuple[int, Unit]:
        if self.unit == Unit.WEEKS:
            return self.amount * 7, Unit.DAYS
        return self.amount, self.unit

    def __str__(self) -> str:
        match self.unit:
            case Unit.MINUTES:
                return counted(minutes=self.amount)
            case Unit.HOURS:
                return counted(hours=self.amount)
            case Unit.DAYS:
                return counted(days=self.amount)
            case Unit.WEEKS:
                text = ngettext("%(count)d week", "%(count)d weeks", self.amount)
            case Unit.MONTHS:
                text = ngettext("%(count)d month", "%(count)d months", self.amount)
        return text % {"count": self.amount}


def counted(*, days: int = 0, hours: int = 0, minutes: int = 0) -> str:
    """Two parts at most of a length of time, as one says it: "6 dage og 3 timer"."""
    parts = [
        text % {"count": count}
        for count, text in (
            (days, ngettext("%(count)d day", "%(count)d days", days)),
            (hours, ngettext("%(count)d hour", "%(count)d hours", hours)),
            (minutes, ngettext("%(count)d minute", "%(count)d minutes", minutes)),
        )
        if count
    ]
    if not parts:
        return ngettext("%(count)d minute", "%(count)d minutes", 0) % {"count": 0}
    if len(parts) == 1:
        return parts[0]
    return _("%(first)s and %(last)s") % {"first": parts[0], "last": parts[1]}


def lasting(minutes: int) -> str:
    """``minutes`` in words, to the minute below a day and to the hour above."""
    days, rest = divmod(minutes, DAY)
    hours, rest = divmod(rest, HOUR)
    return counted(days=days, hours=hours, minutes=0 if days else rest)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of an invented case: so many minutes after it began on ``weekday`` at ``minute``."""

    weekday: int
    minute: int
    elapsed: int = 0

    def after(self, minutes: int) -> "Moment":
        """The moment so many minutes after the beginning."""
        return Moment(self.weekday, self.minute, minutes)

    @property
    def day(self) -> int:
        """The day of the case, from 1."""
        return (self.minute + self.elapsed) // DAY + 1

    @property
    def short(self) -> str:
        """Weekday and time: "fredag kl. 15.40"."""
        hours, minutes = divmod((self.minute + self.elapsed) % DAY, HOUR)
        return _("%(weekday)s at %(time)s") % {
            "weekday": WEEKDAYS[(self.weekday + self.day - 1) % 7],
            "time": f"{hours}.{minutes:02}",
        }

    def __str__(self) -> str:
        return _("%(moment)s · day %(day)d") % {"moment": capfirst(self.short), "day": self.day}
