"""Half-years: what a report is about, and by when it is delivered."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.periods import local_day, midnight, months_after

#: A municipality delivers within two months after the half-year.
MONTHS_TO_DELIVER = 2
EARLIEST, LATEST = 2018, 2099
_KEY = re.compile(r"([0-9]{4})-([12])")


@dataclass(frozen=True, order=True, slots=True)
class HalfYear:
    """The half-open period from January to July, or from July to January."""

    year: int
    half: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The half-year that ``day`` lies in."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def ended(cls, *, at: datetime) -> Self:
        """The last half-year that is over at the moment ``at``."""
        return cls.of(local_day(at)).before

    @classmethod
    def parse(cls, key: str) -> Self | None:
        """The half-year of this key; none for what is no key."""
        found = _KEY.fullmatch(key)
        if found is None or not EARLIEST <= int(found[1]) <= LATEST:
            return None
        return cls(int(found[1]), int(found[2]))

    @property
    def key(self) -> str:
        """How it stands in an address: ``2027-1``."""
        return f"{self.year}-{self.half}"

    @property
    def label(self) -> Promise:
        """What it is called."""
        words = _("1st half of") if self.half == 1 else _("2nd half of")
        return format_lazy("{} {}", words, self.year)

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def turns_on(self) -> date:
        """The first day of its second quarter."""
        return months_after(self.starts_on, 3)

    @property
    def ends_on(self) -> date:
        """The first day after it."""
        return months_after(self.starts_on, 6)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.ends_on - timedelta(days=1)

    @property
    def due_on(self) -> date:
        """The last day on which a municipality delivers in time."""
        return months_after(self.ends_on, MONTHS_TO_DELIVER) - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """Its first moment, where the product is."""
        return midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return midnight(self.ends_on)

    @property
    def before(self) -> Self:
        """The half-year before."""
        cls = type(self)
        return cls(self.year, 1) if self.half == 2 else cls(self.year - 1, 2)

    @property
    def after(self) -> Self:
        """The half-year after."""
        cls = type(self)
        return cls(self.year, 2) if self.half == 1 else cls(self.year + 1, 1)

    def is_over(self, *, on: date) -> bool:
        """Whether it has ended on that day."""
        return on >= self.ends_on
