"""What stands on the programme of an event, on the clock of its town."""

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation.changing import line, lines
from cooperation.events.forms.common import Versioned, number
from cooperation.models import MOST_SEATS, Event, ProgrammeItem
from core.forms import Stepper, offer
from core.languages import human_date
from mentoring.planning.clock import NoSuchTime, moment
from mentoring.planning.forms import TimeInput


class ItemForm(Versioned):
    """Something on the programme."""

    title_da = line(
        _("What happens?"),
        missing=_("Write what happens."),
    )
    day = forms.ChoiceField(label=_("Which day?"))
    clock = forms.TimeField(
        label=_("At what time?"),
        widget=TimeInput,
        help_text=_("On the clock of the town."),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Write the time, for example 13:00.")
        ),
    )
    minutes = number(
        _("How many minutes?"),
        _("Write how many minutes, for example 90."),
        5,
        720,
        widget=Stepper(step=15),
        initial=60,
    )
    room = line(_("In which room?"))
    theme = line(_("Which theme?"), help_text=_("The same words put things under one theme."))
    speakers = lines(_("Who speaks?"), help_text=_("One on each line, with the workplace."))
    capacity = number(
        _("Seats, if one signs up for it"),
        _("Write how many seats there are, or leave it empty."),
        1,
        MOST_SEATS,
        required=False,
        help_text=_("A workshop has seats. What everybody comes to has none."),
    )
    about_da = lines(_("What is it about?"))
    title_kl = line(_("Title in Kalaallisut"))
    about_kl = lines(_("What it is about, in Kalaallisut"))

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone: ZoneInfo = event.zone
        offer(self, day=[(one.isoformat(), human_date(one)) for one in event.days])

    def clean(self) -> dict[str, Any]:
        """The moment, on the clock of the town."""
        data = super().clean() or {}
        if data.get("day") and data.get("clock") is not None:
            try:
                data["starts_at"] = moment(
                    date.fromisoformat(data["day"]), data["clock"], self.zone
                )
            except NoSuchTime:
                self.add_error(
                    "clock", _("The clock jumps over this time on that day. Choose another one.")
                )
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        left_out = {"key", "seen", "day", "clock"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


def item_initial(event: Event, item: ProgrammeItem | None) -> dict[str, Any]:
    """What the form begins with."""
    if item is None:
        return {"key": uuid.uuid4(), "seen": event.version, "day": event.starts_on.isoformat()}
    local = item.starts_at.astimezone(event.zone)
    names = ("title_da", "title_kl", "about_da", "about_kl", "minutes", "room", "theme", "speakers")
    return {
        "key": item.pk,
        "seen": event.version,
        "day": local.date().isoformat(),
        "clock": local.time(),
        "capacity": item.capacity,
        **{name: getattr(item, name) for name in names},
    }
