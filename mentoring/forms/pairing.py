"""A pairing: who works with whom, from when, in which form, and how far it is."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from core.forms import Chips, LastDayField, offer
from core.identity import refuse_cpr_like
from mentoring.actions.pairings import STEPS
from mentoring.forms.common import LookAgainForm, OneSpeaker, PeriodForm, Speakers, TextField
from mentoring.models import Pairing, PairingMember, Recommendation
from people.models import Person


class EditPairingForm(LookAgainForm, PeriodForm):
    """What may change while a pairing runs; its members come and go on its own page."""

    text_fields = ("language_note",)
    field_order = ["kind", "starts_on", "last_day", "recommendations", "language_note"]

    kind = forms.ChoiceField(
        label=_("Form"),
        choices=Pairing.Kind.choices,
        widget=Chips,
        initial=Pairing.Kind.ON_SITE,
        error_messages={"required": _("Choose the form.")},
    )
    recommendations = forms.TypedMultipleChoiceField(
        label=_("Recommendations of the programme"),
        choices=lambda: [(choice.value, choice.numbered) for choice in Recommendation],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick those that the training is filed under, if any."),
    )
    language_note = TextField(
        label=_("Language note"),
        most=200,
        rows=2,
        help_text=_("For example: the interpreter is booked in the morning."),
        validators=[refuse_cpr_like, MaxLengthValidator(200)],
    )


class PairingForm(EditPairingForm):
    """Plan a round in one town; the people offered hold a role there."""

    field_order = [
        *("kind", "starts_on", "last_day", "mentors", "caseworkers"),
        *("recommendations", "language_note"),
    ]

    mentors = Speakers(
        label=_("Mentors"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one mentor.")},
    )
    caseworkers = Speakers(
        label=_("Caseworkers"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one caseworker.")},
    )

    def __init__(self, *args: Any, people: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            mentors=people(PairingMember.Side.MENTOR),
            caseworkers=people(PairingMember.Side.CASEWORKER),
        )


class MemberForm(PeriodForm):
    """Add a member."""

    field_order = ["person", "side", "starts_on", "last_day"]

    person = OneSpeaker(
        label=_("Who"),
        queryset=Person.objects.none(),
        empty_label="—",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose who takes part.")),
    )
    side = forms.ChoiceField(
        label=_("As"),
        choices=PairingMember.Side.choices,
        widget=Chips,
        error_messages={"required": _("Choose mentor or caseworker.")},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, person=people)


class EndMemberForm(forms.Form):
    """End a membership."""

    use_required_attribute = False

    last_day = LastDayField(
        required=True,
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_value"), _("Write the last day of the membership.")
        ),
    )


class StateForm(forms.Form):
    """Take a pairing one step further or back."""

    to = forms.ChoiceField(choices=Pairing.State.choices)


def steps_from(pairing: Pairing) -> list[Pairing.State]:
    """Where a pairing can go from here."""
    return list(STEPS[Pairing.State(pairing.state)])
