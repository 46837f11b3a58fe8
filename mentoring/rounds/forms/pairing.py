"""What a proposal weighs, and a place chosen by hand for each mentor."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
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


class HandForm(forms.Form):
    """The board: a place for each mentor, or none."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        mentors: Iterable[tuple[str, str, list[tuple[str, str]]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names: list[str] = []
        for stay, name, places in mentors:
            field = f"stay_{stay}"
            self.names.append(field)
            self.fields[field] = forms.ChoiceField(
                label=name,
                choices=[("", _("No place")), *places],
                required=False,
                error_messages={
                    "invalid_choice": _("This place cannot be chosen. Choose another one.")
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
