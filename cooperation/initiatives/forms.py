"""What one fills in about an initiative, a goal, a value, and how it comes along."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation.bodies.forms import places_field
from cooperation.changing import ChangeForm, EnterForm, PeriodForm, SeenForm, day, line, lines
from cooperation.models import StatusUpdate
from core.forms import Chips, choice, offer
from courses.models import Course
from mentoring.models import Recommendation, Round
from people.models import Organisation, Place


def some(label: Any, queryset: Any, **options: Any) -> Any:
    """Any number of records, each with a box to tick."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=queryset.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        **options,
    )


class InitiativeForm(EnterForm, PeriodForm):
    """Enter an initiative, or change one."""

    field_order = [
        *("title_da", "title_kl", "summary_da", "summary_kl", "owner", "starts_on", "last_day"),
        *("organisations", "places", "recommendations", "rounds", "courses"),
    ]

    title_da = line(_("Title in Danish"), missing=_("Write what the initiative is called."))
    title_kl = line(_("Title in Kalaallisut"))
    summary_da = lines(_("What it is about, in Danish"))
    summary_kl = lines(_("What it is about, in Kalaallisut"))
    owner = choice(
        _("Who owns it?"),
        missing=_("Choose an organisation."),
        required=False,
        help_text=_("Its coordinators say how it comes along."),
    )
    organisations = some(_("Who takes part?"), Organisation.objects)
    places = places_field(_("In which towns?"))
    recommendations = forms.TypedMultipleChoiceField(
        label=_("Recommendations of the programme"),
        choices=lambda: [(choice.value, choice.numbered) for choice in Recommendation],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rounds = some(_("Which rounds serve it?"), Round.objects)
    courses = some(_("Which courses serve it?"), Course.objects)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        owners: QuerySet[Organisation],
        organisations: QuerySet[Organisation],
        places: QuerySet[Place],
        rounds: QuerySet[Round],
        courses: QuerySet[Course],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            owner=owners,
            organisations=organisations,
            places=places,
            rounds=rounds,
            courses=courses,
        )


def number(label: Any, **options: Any) -> forms.DecimalField:
    """A figure with one decimal at most, or nothing."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=10,
        decimal_places=1,
        min_value=0,
        localize=True,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("Write a number, for example 12 or 12,5."),
        ),
        **options,
    )


class GoalForm(EnterForm):
    """A goal, and how one sees it."""

    text_da = line(_("What should be better?"), missing=_("Write what should be better."))
    text_kl = line(_("The goal in Kalaallisut"))
    indicator = line(
        _("How does one see it?"),
        help_text=_("For example: municipalities that decide within 24 hours in all cases."),
    )
    unit = line(_("Counted in what?"), most=40, help_text=_("For example: municipalities, %."))
    baseline = number(_("Number when it began"))
    target = number(_("Number to reach"))
    due_on = day(_("By when?"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """A number to reach is one of something."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("target") is not None and not cleaned.get("indicator"):
            self.add_error("indicator", _("Write how one sees it, when there is an aim."))
        return cleaned


class MeasureForm(ChangeForm):
    """What an indicator showed."""

    value = number(_("What is the number?"))
    measured_on = day(_("On which day?"), missing=_("Write the day."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].required = True
        self.fields["value"].error_messages["required"] = _("Write a number. Nothing is not zero.")


class StatusForm(SeenForm):
    """How it comes along."""

    state = forms.ChoiceField(
        label=_("How does it come along?"),
        choices=StatusUpdate.State.choices,
        widget=Chips,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose how it comes along.")
        ),
    )
    words = lines(
        _("In words"),
        help_text=_("What has been reached, what is in the way, what comes now. No family."),
        rows=6,
    )
    said_on = day(_("On which day?"), missing=_("Write the day."))
