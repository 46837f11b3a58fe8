"""A round: its period, its municipalities, and what is decided about it."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import Stepper, offer
from core.identity import refuse_cpr_like
from mentoring.forms.common import LookAgainForm
from mentoring.models import (
    Recommendation,
    Round,
)
from mentoring.rounds.forms.common import PROFESSIONS, PlanPeriodForm, note_field
from people.models import Organisation


class RoundForm(LookAgainForm, PlanPeriodForm):
    """Plan a round, or change one."""

    text_fields = ("goals",)
    field_order = [
        *("title", "municipalities", "starts_on", "last_day", "profession"),
        *("fewest_days", "goals", "recommendations"),
    ]

    title = forms.CharField(
        label=_("What is the round called?"),
        max_length=120,
        help_text=_("For example: Spring 2027."),
        validators=[refuse_cpr_like],
        error_messages={"required": _("Write what the round is called.")},
    )
    municipalities = forms.ModelMultipleChoiceField(
        label=_("In which municipalities?"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose at least one municipality.")
        ),
    )
    profession = forms.ChoiceField(
        label=_("For one profession only?"), choices=PROFESSIONS, required=False
    )
    fewest_days = forms.IntegerField(
        label=_("How many days must a mentor be there at least?"),
        widget=Stepper(step=7),
        initial=28,
        min_value=1,
        max_value=366,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Write a number from 1 to 366.")
        ),
    )
    goals = note_field(_("Goals"), _("What should be better when the round is over?"))
    recommendations = forms.TypedMultipleChoiceField(
        label=_("Recommendations of the programme"),
        choices=lambda: [(choice.value, choice.numbered) for choice in Recommendation],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, municipalities: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, municipalities=municipalities)


def round_initial(planned: Round | None) -> dict[str, Any]:
    """What the form begins with; a new round has its id from the start."""
    if planned is None:
        return {"key": uuid.uuid4()}
    return {
        "key": planned.pk,
        "title": planned.title,
        "municipalities": list(planned.municipalities.values_list("pk", flat=True)),
        "starts_on": planned.starts_on,
        "last_day": planned.last_day,
        "profession": planned.profession,
        "fewest_days": planned.fewest_days,
        "goals": planned.goals,
        "recommendations": list(planned.tags.values_list("number", flat=True)),
    }


class DecideForm(LookAgainForm):
    """Let a round go ahead, put it off, or close it."""

    text_fields = ("reason",)

    to = forms.ChoiceField(choices=Round.State.choices, widget=forms.HiddenInput)
    reason = note_field(_("Why?"), _("The reason is kept with the round."))
