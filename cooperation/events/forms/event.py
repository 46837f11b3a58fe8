"""An event: what, where, when, how many; and why it is cancelled."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.bodies.forms import initiatives_field
from cooperation.changing import day, line, lines
from cooperation.events.forms.common import Plain, Versioned, number
from cooperation.models import MOST_SEATS, Event, EventSeries, Initiative
from core.forms import LastDayField, Stepper, choice, offer
from core.periods import day_after


class EventForm(Versioned):
    """An event: what, where, when, how many, until when one answers."""

    title_da = line(
        _("What is it called?"),
        missing=_("Write what it is called."),
    )
    kind = forms.ChoiceField(label=_("What is it?"), choices=Event.Kind.choices)
    series = choice(_("Is it part of a series?"), missing=_("Choose a series."), required=False)
    host = choice(_("Who holds it?"), missing=_("Choose an organisation."))
    place = choice(_("In which town?"), missing=_("Choose a town."))
    venue = line(_("Where in the town?"))
    starts_on = day(_("First day"), missing=_("Write the first day."))
    last_day = LastDayField(
        required=True,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the last day.")),
    )
    answer_by = day(
        _("Last day for answers"),
        missing=_("Write the last day for answers."),
        help_text=_("Until then the seats of each delegation are kept for it."),
    )
    seats = number(
        _("How many seats are there?"),
        _("Write how many seats there are, for example 40."),
        1,
        MOST_SEATS,
        widget=Stepper(step=5),
    )
    about_da = lines(_("What is it about?"))
    travel_da = lines(_("Travel"), help_text=_("How one gets there, and who books and pays."))
    lodging_da = lines(_("Lodging"))
    practical_da = lines(_("Meals, access and other things"))
    initiatives = initiatives_field()
    title_kl = line(_("Title in Kalaallisut"))
    about_kl = lines(_("What it is about, in Kalaallisut"))
    travel_kl = lines(_("Travel, in Kalaallisut"))
    lodging_kl = lines(_("Lodging, in Kalaallisut"))
    practical_kl = lines(_("Meals, access and other things, in Kalaallisut"))

    def __init__(
        self,
        *args: Any,
        hosts: Any,
        places: Any,
        series: Any,
        initiatives: QuerySet[Initiative],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, host=hosts, place=places, series=series, initiatives=initiatives)

    @property
    def danish(self) -> list[forms.BoundField]:
        """The fields in sight."""
        return [self[name] for name in self.fields if not self._is_folded(name)]

    @property
    def kalaallisut(self) -> list[forms.BoundField]:
        """The fields that are folded away until somebody translates."""
        return [self[name] for name in self.fields if name.endswith("_kl")]

    @staticmethod
    def _is_folded(name: str) -> bool:
        return name.endswith("_kl") or name in {"key", "seen"}

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in {"key", "seen"}
        }
        given["ends_on"] = day_after(given.pop("last_day"))
        return given


EVENT_FIELDS = (
    *("title_da", "title_kl", "kind", "series", "host", "place", "venue", "starts_on", "last_day"),
    *("answer_by", "seats", "about_da", "about_kl", "travel_da", "travel_kl"),
    *("lodging_da", "lodging_kl", "practical_da", "practical_kl"),
)


def event_initial(event: Event | None, series: EventSeries | None = None) -> dict[str, Any]:
    """What the form begins with; a new event of a series takes what is said of its next time."""
    if event is not None:
        given = {name: getattr(event, name) for name in EVENT_FIELDS}
        given["initiatives"] = list(event.initiatives.values_list("pk", flat=True))
        return {"key": event.pk, "seen": event.version, **given}
    initial: dict[str, Any] = {"key": uuid.uuid4()}
    if series is not None:
        initial |= {
            "series": series,
            "title_da": series.title_da,
            "title_kl": series.title_kl,
            "host": series.next_host or series.keeper,
            "place": series.next_place,
            "starts_on": series.next_on,
        }
    return initial


class CancelForm(Plain):
    """Why an event is cancelled."""

    reason = line(
        _("Why?"),
        missing=_("Write why, in a sentence."),
        help_text=_("Everybody who is signed up reads it."),
    )
