"""What one fills in about a meeting, an item of its agenda, and its minutes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.changing import ChangeForm, EnterForm, SeenForm, day, line, lines
from cooperation.models import MOST_MINUTES, AgendaItem, Attendance, BodyMember
from core.forms import Chips, Stepper, choice, offer
from people.models import Place

NOTHING = ("", "—")


class TimeInput(forms.TimeInput):
    """The browser's own field for a time of day."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class MeetingForm(EnterForm):
    """Plan a meeting, or change its plan. The time is that of the town's clock."""

    field_order = ["held_on", "begins", "duration_minutes", "place", "room", "note"]

    held_on = day(_("Which day?"), missing=_("Write the day of the meeting."))
    begins = forms.TimeField(
        label=_("When does it begin?"),
        widget=TimeInput,
        help_text=_("On the clock of the town; without a town, that of Nuuk."),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Write the time, for example 9.30.")
        ),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
    )
    duration_minutes = forms.IntegerField(
        label=_("How many minutes?"),
        widget=Stepper(step=30),
        initial=120,
        min_value=15,
        max_value=2880,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Write a number of minutes from 15 to 2880."),
        ),
    )
    place = choice(
        _("In which town?"),
        missing=_("Choose a town."),
        empty_label=_("Online, or elsewhere"),
        required=False,
    )
    room = line(_("Room, or how to join"))
    note = lines(_("Practical information"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, place=places)

    def clean(self) -> dict[str, Any]:
        """The moment it begins; an hour that the clock leaves out in spring is refused."""
        cleaned = super().clean() or self.cleaned_data
        held_on, begins = cleaned.get("held_on"), cleaned.get("begins")
        if held_on is not None and begins is not None:
            place = cleaned.get("place")
            zone = ZoneInfo(place.time_zone if place is not None else settings.TIME_ZONE)
            moment = datetime.combine(held_on, begins, tzinfo=zone)
            if moment.astimezone(ZoneInfo("UTC")).astimezone(zone).time() != begins:
                self.add_error(
                    "begins", ValidationError(_("There is no such time on that day. Change it."))
                )
            cleaned["starts_at"] = moment.astimezone(ZoneInfo("UTC"))
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        """The plan: the moment instead of day and time."""
        found = super().given
        return {name: found[name] for name in found if name not in {"held_on", "begins"}}


class ItemForm(EnterForm):
    """An item of an agenda."""

    title = line(_("What is the item called?"), missing=_("Write what the item is called."))
    text = lines(
        _("What is it about?"),
        help_text=_("About the work, never about a family. What should be decided?"),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class CancelForm(ChangeForm):
    """Why a meeting is cancelled."""

    reason = lines(_("Why is it cancelled?"), missing=_("Write why it is cancelled."), rows=2)


class MinutesForm(SeenForm):
    """What was said to an item."""

    minutes = lines(
        _("What was said?"),
        most=MOST_MINUTES,
        rows=8,
        help_text=_("About the work, never about a family. Decisions and actions come after."),
    )
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[("", _("Not said yet")), *AgendaItem.Outcome.choices],
        widget=Chips,
        required=False,
        help_text=_("What is put off, or not said, stands on the next agenda."),
    )


class AttendanceForm(SeenForm):
    """Who was there: a choice for each seat; ``seen`` says what each was when it was drawn."""

    def __init__(self, *args: Any, seats: list[BodyMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            self.fields[self.field_of(seat)] = forms.ChoiceField(
                label=f"{seat.person.name}, {seat.organisation.name}",
                choices=[NOTHING, *Attendance.Presence.choices],
                required=False,
            )

    @staticmethod
    def field_of(seat: BodyMember) -> str:
        """The name of the field about a seat: letters alone, which look like no number."""
        return "seat_" + seat.pk.hex.translate(_AS_LETTERS)

    @property
    def presence(self) -> dict[BodyMember, str]:
        """What was answered, by seat."""
        return {seat: self.cleaned_data[self.field_of(seat)] for seat in self.seats}

    @classmethod
    def in_words(cls, said: Mapping[BodyMember, str]) -> str:
        """What was answered, as one hidden field can hold it."""
        return " ".join(f"{cls.field_of(seat)}:{answer}" for seat, answer in said.items())

    @property
    def shown(self) -> dict[BodyMember, str]:
        """What each answer was when the form was drawn."""
        words = str(self.data.get(self.add_prefix("seen"), "")).split()
        said = dict(word.split(":", 1) for word in words if ":" in word)
        return {seat: said.get(self.field_of(seat), "") for seat in self.seats}

    def leave_to_others(self, said: Mapping[BodyMember, str]) -> None:
        """Take what stands there wherever nothing was answered otherwise than it was drawn."""
        data: Any = self.data
        data = data.copy()
        presence = self.presence
        for seat, was in self.shown.items():
            if presence[seat] == was:
                data[self.add_prefix(self.field_of(seat))] = said.get(seat, "")
        self.data = data


_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")


class SeenHashForm(forms.Form):
    """The minutes that were read, by their hash."""

    seen = forms.CharField(widget=forms.HiddenInput)
