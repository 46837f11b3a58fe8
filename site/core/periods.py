"""Half-open periods of days: a period includes its first day and excludes its last."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Self, TypeVar, overload
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def local_day(at: datetime) -> date:
    """The calendar day in the product's time zone (Nuuk) at the aware moment ``at``."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def midnight(day: date) -> datetime:
    """The moment at which ``day`` begins in the product's time zone (Nuuk)."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


#: The hours of the day in which people are told of something that can wait until morning.
AWAKE = range(8, 18)


def is_working_hour(at: datetime) -> bool:
    """Whether it is time, in Nuuk at the aware moment ``at``, to tell of what can wait."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).hour in AWAKE


@overload
def day_after(last_day: date) -> date: ...
@overload
def day_after(last_day: None) -> None: ...
def day_after(last_day: date | None) -> date | None:
    """Where a period ends whose last day is ``last_day``; none without a last day."""
    return None if last_day is None else last_day + timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day: one month after 31 January is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def valid_on(day: date, prefix: str = "") -> Q:
    """A filter for periods that include ``day``; ``prefix`` leads to the period's model."""
    return Q(**{f"{prefix}starts_on__lte": day}) & not_ended(day, prefix)


def not_ended(day: date, prefix: str = "") -> Q:
    """A filter for periods that go on after ``day``; ``prefix`` leads to the period's model."""
    return Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})


def not_retired(day: date, prefix: str = "") -> Q:
    """A filter for what is still offered on ``day``; ``prefix`` leads to its model."""
    return Q(**{f"{prefix}retired_on__isnull": True}) | Q(**{f"{prefix}retired_on__gt": day})


_M_co = TypeVar("_M_co", bound=models.Model, covariant=True)


class PeriodQuerySet(models.QuerySet[_M_co]):
    """The vocabulary of models that are valid for a while."""

    def valid_on(self, day: date) -> Self:
        """Rows whose half-open period [starts_on, ends_on) includes ``day``."""
        return self.filter(valid_on(day))


class Period(models.Model):
    """Something valid from a day until, not including, another; open-ended without one."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day it no longer holds.")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end must not lie before the start."),
            ),
        ]

    def is_valid_on(self, day: date) -> bool:
        """Whether ``day`` lies in the half-open period [starts_on, ends_on)."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    @property
    def last_day(self) -> date | None:
        """The last day of the period as people say it; None without an end."""
        return None if self.ends_on is None else self.ends_on - timedelta(days=1)

    @property
    def known_end(self) -> date:
        """``ends_on`` of a period that has an end: by a constraint, or as it was asked for.

        Raises:
            ValueError: It has none.
        """
        if self.ends_on is None:
            raise ValueError("This period is open-ended.")
        return self.ends_on
