"""What a proposal weighs, and a place chosen by hand for each mentor."""

import uuid
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from mentoring.proposals.brief import MOST_WEIGHT, WEIGHTS
from mentoring.proposals.words import TERMS


class WeightsForm(forms.Form):
    """How much each reason counts, and whom the proposal follows."""

    use_required_attribute = False

    def __init__(self, *args: Any, earlier: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for term, label in TERMS.items():
            self.fields[term] = forms.TypedChoiceField(
                label=label,
                choices=[(n, str(n)) for n in range(MOST_WEIGHT + 1)],
                coerce=int,
                initial=WEIGHTS[term],
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"), _("Choose a number from 0 to 5.")
                ),
            )
        self.fields["follows"] = forms.ChoiceField(
            label=_("Move as few people as possible from"),
            choices=[("", _("Nothing: find the best from the start")), *earlier],
            required=False,
            error_messages={"invalid_choice": _("Choose one of the proposals.")},
        )

    @property
    def weights(self) -> dict[str, int]:
        """The weights by term."""
        return {term: self.cleaned_data[term] for term in TERMS}


@dataclass(frozen=True)
class Seatable:
    """A mentor on the board: the places that can be chosen (value and name), and what to know."""

    stay: str
    name: str
    places: list[tuple[str, str]]
    note: str = ""


class HandForm(forms.Form):
    """The board: a place for each mentor, or none; whoever is locked has theirs."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, mentors: Iterable[Seatable], locked: Container[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names: list[str] = []
        for one in mentors:
            field = f"stay_{one.stay}"
            # A lock that nobody can follow is told when the board is sent.
            has_one = one.stay in locked and bool(one.places)
            self.names.append(field)
            self.fields[field] = forms.ChoiceField(
                label=one.name,
                choices=one.places if has_one else [("", _("No place")), *one.places],
                required=has_one,
                help_text=escape(one.note),
                error_messages={
                    "invalid_choice": _("This place cannot be chosen. Choose another one."),
                    "required": _("The mentor is locked to a place. Choose it."),
                },
            )

    @property
    def place_of(self) -> dict[uuid.UUID, uuid.UUID]:
        """Needs by stay."""
        return {
            uuid.UUID(name.removeprefix("stay_")): uuid.UUID(self.cleaned_data[name])
            for name in self.names
            if self.cleaned_data[name]
        }
