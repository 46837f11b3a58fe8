"""What is filled in about a goal, the weeks of a stay, and a session afterwards."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from competences.models import CompetenceText, Level
from core.forms import Chips, DateInput, offer
from core.guard import GuardedFormMixin
from core.languages import human_date
from mentoring.forms.common import LookAgainForm, TextField
from mentoring.goals.actions import Terms
from mentoring.goals.weeks import Week
from mentoring.models import Mode

CHOOSE_STEP = _("Choose one of the four steps.")


class TermsForm(LookAgainForm):
    """From where to where, by when, and perhaps why."""

    text_fields = ("why",)

    start = forms.ChoiceField(
        label=_("Where are you today?"),
        choices=Level.choices,
        widget=Chips,
        error_messages={"required": CHOOSE_STEP},
    )
    target = forms.ChoiceField(
        label=_("Where do you want to get?"),
        choices=[one for one in Level.choices if one[0] != Level.NOT_YET],
        widget=Chips,
        error_messages={"required": CHOOSE_STEP, "invalid_choice": CHOOSE_STEP},
    )
    due_on = forms.DateField(
        label=_("By which day?"),
        widget=DateInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the day.")),
    )
    why = TextField(
        label=_("Why this goal?"),
        help_text=_("Write about the work, never about the family."),
    )
    seen = forms.IntegerField(
        required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, colleague: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if colleague:  # a mentor writes
            self.fields["start"].label = _("Where is your colleague today?")
            self.fields["target"].label = _("Where does your colleague want to get?")

    @property
    def terms(self) -> Terms:
        """What the actions take."""
        given = self.cleaned_data
        return Terms(given["start"], given["target"], given["due_on"], given["why"])


class GoalForm(TermsForm):
    """A new goal: also which competence."""

    field_order = ["competence", "start", "target", "due_on", "why", "seen"]

    competence = forms.TypedChoiceField(
        label=_("What do you want to get better at?"),
        coerce=UUID,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a competence.")),
    )

    def __init__(self, *args: Any, texts: Iterable[CompetenceText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for text in texts:
            group = groups.setdefault(str(text.version.framework.title), [])
            group.append((str(text.competence_id), text.title))
        offered: list[Any] = [("", "—")]
        offered += next(iter(groups.values())) if len(groups) == 1 else groups.items()
        offer(self, competence=offered)


class WeeksForm(GuardedFormMixin, forms.Form):
    """A mode for each week on offer, or none."""

    use_required_attribute = False

    seen = forms.IntegerField(
        required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, weeks: Sequence[Week], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mondays = {self.name_of(week.week_on): week.week_on for week in weeks}
        for week in weeks:
            self.fields[self.name_of(week.week_on)] = forms.ChoiceField(
                label=_("Week %(number)s, from %(day)s")
                % {"number": week.number, "day": human_date(week.week_on)},
                choices=[("", _("Not planned")), *Mode.choices],
                required=False,
                error_messages={"invalid_choice": _("Choose from the list.")},
            )

    @property
    def rows(self) -> "list[forms.BoundField]":
        """The fields, week by week."""
        return [self[name] for name in self.mondays]

    @staticmethod
    def name_of(week: date) -> str:
        """The field of the week that begins on that Monday."""
        return f"uge-{week:%Y-%m-%d}"

    @property
    def planned(self) -> dict[date, str]:
        """By Monday, what was chosen."""
        return {week: self.cleaned_data[name] for name, week in self.mondays.items()}


class ReflectionForm(LookAgainForm):
    """What one thinks of a session afterwards, and where one says one is now. All may be empty."""

    text_fields = ("text",)

    text = TextField(
        label=_("What do you take with you?"),
        help_text=_("Write about the work, never about the family."),
        rows=4,
    )
    seen = forms.IntegerField(
        required=False, min_value=0, max_value=10_000, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, texts: Iterable[CompetenceText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.competences = {f"k-{text.competence_id}": text.competence_id for text in texts}
        for text in texts:
            self.fields[f"k-{text.competence_id}"] = forms.ChoiceField(
                label=text.title,
                choices=Level.choices,
                required=False,
                widget=Chips,
                error_messages={"invalid_choice": CHOOSE_STEP},
            )

    @property
    def ratings(self) -> "list[forms.BoundField]":
        """The fields in which one rates oneself."""
        return [self[name] for name in self.competences]

    @property
    def levels(self) -> dict[UUID, str]:
        """By competence, the steps that were chosen."""
        return {
            competence: self.cleaned_data[name]
            for name, competence in self.competences.items()
            if self.cleaned_data.get(name)
        }


def number_seen(form: forms.Form) -> int:
    """The state that the form was drawn from; one that never was for a form without it."""
    seen = form.cleaned_data["seen"]
    return -1 if seen is None else int(seen)
