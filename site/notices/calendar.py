"""One calendar of everything with a day, month by month."""

from datetime import date
from itertools import groupby
from typing import Any

from django.utils.dateparse import parse_date
from django.views.generic import TemplateView

from core import calendars
from core.periods import months_after
from people.access import PersonRequiredMixin


class CalendarView(PersonRequiredMixin, TemplateView):
    """What the person takes part in and is to do: from today on, or in the month of the address."""

    template_name = "notices/calendar.html"

    @property
    def month(self) -> date | None:
        """The first day of the month that is asked for; none for what is no month."""
        try:
            asked = parse_date(f"{self.request.GET.get('maaned', '')[:7]}-01")
        except ValueError:
            asked = None
        return asked if asked is not None and 2018 <= asked.year <= 2099 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The days that have something; the same number of queries however much there is."""
        month = self.month
        today = self.standing.day
        begin = month or today.replace(day=1)
        since = begin if month else today
        until = months_after(begin, 1) if month else months_after(today, 2)
        found = [
            entry
            for entry in calendars.entries(self.standing, since=since, until=until)
            if not entry.is_cancelled
        ]
        late = [] if month else self._late(today)
        return super().get_context_data(
            days=[(day, list(some)) for day, some in groupby(found, key=lambda one: one.day)],
            late=late,
            month=month,
            today=today,
            before=months_after(begin, -1),
            after=months_after(begin, 1) if month else months_after(begin, 2),
            **kwargs,
        )

    def _late(self, today: date) -> list[calendars.Entry]:
        """What was to be done in the last half year, and is not."""
        since = months_after(today, -6)
        found = calendars.entries(self.standing, since=since, until=today)
        return [entry for entry in found if entry.is_late]
