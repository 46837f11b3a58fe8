"""What a player sends: the choice, and the turn of the play that it answers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import offer
from courses.cases import Run
from courses.kinds.base import marked


class ChoiceForm(forms.Form):
    """One of the choices of the step where the play stands."""

    turn = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    step = forms.CharField(max_length=60, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=_("What do you do?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you do."),
            "invalid_choice": _("Choose one of the possibilities shown."),
        },
    )

    def __init__(self, run: Run, turn: int, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"turn": turn, "step": run.step.key})
        offered = [(choice.id, marked(choice.text)) for choice in run.step.choices]
        offer(self, choice=offered)


class TurnForm(forms.Form):
    """A press without a choice."""

    turn = forms.IntegerField(min_value=0)


class BeginForm(forms.Form):
    """A new play, perhaps with a partner."""

    play = forms.UUIDField()
    partner = forms.UUIDField(required=False)


class TieForm(forms.Form):
    """The logged session of a play; empty for none."""

    meeting = forms.UUIDField(required=False)


class AnotherForm(forms.Form):
    """A new play that keeps the first choices of an ended one."""

    play = forms.UUIDField()
    keep = forms.IntegerField(min_value=0)
