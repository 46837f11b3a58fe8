"""What is filled in about a planned session."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Chips, DateInput
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from mentoring.forms.common import minutes_field
from mentoring.models import Mode
from mentoring.models.planning import MOST_PURPOSE
from mentoring.planning.clock import NoSuchTime, moment


class TimeInput(forms.TimeInput):
    """The browser's own field for a time, which takes and gives 13:00 in every language."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class PlanForm(GuardedFormMixin, forms.Form):
    """When, for how long, and in one line what for."""

    use_required_attribute = False

    day = forms.DateField(
        label=_("Which day?"),
        widget=DateInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the day.")),
    )
    clock = forms.TimeField(
        label=_("At what time?"),
        widget=TimeInput,
        help_text=_("On the clock of the town."),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Write the time, for example 13:00.")
        ),
    )
    minutes = minutes_field(_("Write how many minutes, for example 90."))
    mode = forms.ChoiceField(
        label=_("How will you work?"),
        widget=Chips,
        choices=Mode.choices,
        required=False,
    )
    purpose = forms.CharField(
        label=_("What will you work on?"),
        required=False,
        max_length=MOST_PURPOSE,
        validators=[refuse_cpr_like],
        help_text=_("Write about the work, never about the family."),
        widget=forms.TextInput,
    )
    sequence = forms.IntegerField(
        required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["purpose"].widget.attrs.pop("maxlength", None)  # it would cut what is pasted

    def clean(self) -> dict[str, Any]:
        """The moment, on the clock of the town."""
        data = super().clean() or {}
        if data.get("day") and data.get("clock") is not None:
            try:
                data["starts_at"] = moment(data["day"], data["clock"], self.zone)
            except (NoSuchTime, OverflowError):
                self.add_error(
                    "clock", _("The clock jumps over this time on that day. Choose another one.")
                )
        return data

    @property
    def given(self) -> dict[str, Any]:
        """What the actions take."""
        return {
            name: self.cleaned_data[name] for name in ("starts_at", "minutes", "mode", "purpose")
        }
