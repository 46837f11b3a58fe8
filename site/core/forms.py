"""How forms are drawn: every form of ours takes the field of ``components/field.html``."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from core.texts import as_kept


class SidemandRenderer(TemplatesSetting):
    """Draws ``{{ form }}`` and ``{{ form.name.as_field_group }}`` with our components."""

    form_template_name = "components/form_fields.html"
    field_template_name = "components/field.html"


class Chips(forms.RadioSelect):
    """One of a few short choices, side by side, a finger wide each."""

    template_name = "components/widgets/chips.html"


class ChipsMultiple(forms.CheckboxSelectMultiple):
    """Several of many short choices, side by side, a finger wide each."""

    template_name = "components/widgets/chips.html"


class Stepper(forms.NumberInput):
    """A number with a button for one step down and one up.

    Without JavaScript it is the plain number field of the browser.
    """

    template_name = "components/widgets/stepper.html"

    def __init__(self, *, step: int = 1, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.button_step = step

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds ``button_step``: how far a press goes."""
        context = super().get_context(name, value, attrs)
        context["widget"]["button_step"] = self.button_step
        return context


class DateInput(forms.DateInput):
    """The browser's own date field, which takes and gives ISO dates in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class LongText(forms.CharField):
    """A text of several lines, counted as the browser counts it: a line end is one character."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text as it is kept (:func:`core.texts.as_kept`)."""
        return as_kept(super().to_python(value) or "")


class LastDayField(forms.DateField):
    """The last day of a period as people say it, or nothing while nobody knows.

    Records keep the first day after it: ``core.periods.day_after``.
    """

    widget = DateInput

    def __init__(self, **options: Any) -> None:
        options = {"label": _("Last day"), "required": False, **options}
        messages = dict.fromkeys(("invalid", "max_value"), _("Write a day, or leave it empty."))
        options["error_messages"] = messages | options.get("error_messages", {})
        super().__init__(validators=[MaxValueValidator(date(2999, 12, 31))], **options)


def choice(label: Any, *, missing: Any, **options: Any) -> forms.ModelChoiceField[Any]:
    """One record of those that :func:`offer` brings; ``missing`` is said where none of them is."""
    return forms.ModelChoiceField(
        label=label,
        queryset=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), missing),
        **{"empty_label": "—", **options},
    )


def offer(form: forms.BaseForm, **offered: Any) -> None:
    """Let fields of ``form`` offer what depends on who asks: by name, choices or a queryset.

    A list offered by a field of records is drawn as it is, read once for many forms; what is
    chosen is still looked for in the field's queryset.

    Raises:
        TypeError: For a field that offers nothing.
    """
    for name, these in offered.items():
        field = form.fields[name]
        if isinstance(field, forms.ModelChoiceField) and not isinstance(these, list):
            field.queryset = these
        elif isinstance(field, forms.ChoiceField):
            field.choices = these
        else:
            raise TypeError(f"The field {name} offers nothing.")
