"""What several forms of a round share."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from competences.models import Competence
from core.forms import LastDayField
from core.identity import refuse_cpr_like
from mentoring.forms.common import PeriodForm, TextField
from mentoring.models import (
    MOST_NOTE,
)
from people.models import Affiliation

ANY = ("", "—")


PROFESSIONS = [ANY, *Affiliation.Profession.choices]


def note_field(label: Any, help_text: Any = "") -> TextField:
    """A note that the identity guard looks at."""
    return TextField(
        label=label,
        most=MOST_NOTE,
        help_text=help_text,
        validators=[refuse_cpr_like, MaxLengthValidator(MOST_NOTE)],
    )


class PlanPeriodForm(PeriodForm):
    """A period whose last day is known."""

    last_day = LastDayField(
        required=True,
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the last day.")),
    )


class SomeCompetences(forms.ModelMultipleChoiceField[Competence]):
    """Competences by their title."""

    def label_from_instance(self, competence: Competence) -> str:
        """The title in the reader's language."""
        return str(competence.title or competence.key)


def competence_field(label: Any) -> SomeCompetences:
    """Any number of competences."""
    return SomeCompetences(
        label=label,
        queryset=Competence.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
