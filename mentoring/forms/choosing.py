"""How steps, colleagues and competences are chosen: many options, few of them in sight."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.forms import ChipsMultiple
from mentoring.beginning import STEPS_IN_SIGHT
from mentoring.models import Observed

Choices = Iterable[tuple[Any, Any]]


class TopicChips(ChipsMultiple):
    """The steps of casework: the usual ones in sight, the rest folded away until one is ticked."""

    template_name = "mentoring/widgets/topics.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds ``in_sight`` and ``folded``: the options, and ``is_open``."""
        context = super().get_context(name, value, attrs)
        options = [
            option for _group, some, _index in context["widget"]["optgroups"] for option in some
        ]
        in_sight, folded = options[:STEPS_IN_SIGHT], options[STEPS_IN_SIGHT:]
        context["widget"] |= {
            "in_sight": in_sight,
            "folded": folded,
            "is_open": any(option["selected"] for option in folded),
        }
        return context


class ObservedSelects(forms.SelectMultiple):
    """Competences by framework, each with how completely it was observed, or not at all.

    Takes choices in groups; what is sent is "<competence>:<observed>" for each that is chosen.
    """

    template_name = "mentoring/widgets/observed.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds ``groups`` (titles and rows of key, title, chosen step), ``levels``, ``chosen``."""
        context = forms.Widget.get_context(self, name, None, attrs)  # asks for the choices once
        chosen = dict(observed_in(value or ()))
        context["widget"] |= {
            "groups": [
                (title, [(key, label, chosen.get(str(key), "")) for key, label in rows])
                for title, rows in self.choices
            ],
            "levels": Observed.choices,
            "chosen": len(chosen),
        }
        return context

    def id_for_label(self, id_: str, index: Any = None) -> str:
        """None: each competence has a label of its own."""
        return ""


def observed_in(values: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Competence and step of each value that an :class:`ObservedSelects` sent."""
    for value in values:
        competence, colon, observed = value.partition(":")
        if colon:
            yield competence, observed


class AnyChoice(forms.ChoiceField):
    """A choice whose options are read only when the form is drawn; the action judges it."""

    def valid_value(self, value: Any) -> bool:
        """Always."""
        return True


class AnyChoices(forms.MultipleChoiceField):
    """Several choices, as :class:`AnyChoice`."""

    def valid_value(self, value: Any) -> bool:
        """Always."""
        return True
