"""What every form about an event is made of: its fields, and what it knows of its record."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from cooperation.models import MOST_TITLE, MOST_WORDS
from core.forms import DateInput
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like


class Plain(GuardedFormMixin, forms.Form):
    """A form whose words are ours, not the browser's."""

    use_required_attribute = False


def line(label: Any, *, most: int = MOST_TITLE, required: bool = False, **options: Any) -> Any:
    """One line; said to be missing in words of its own where it must be there."""
    field = forms.CharField(
        label=label,
        required=required,
        validators=[refuse_cpr_like, MaxLengthValidator(most)],
        **options,
    )
    field.max_length = most  # the browser would cut what is pasted
    return field


def lines(
    label: Any, *, missing: Any = None, rows: int = 3, most: int = MOST_WORDS, **options: Any
) -> Any:
    """Some lines; they may be left empty, unless ``missing`` says what is said then."""
    field = forms.CharField(
        label=label,
        required=missing is not None,
        error_messages={} if missing is None else {"required": missing},
        strip=True,
        validators=[refuse_cpr_like, MaxLengthValidator(most)],
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )
    field.max_length = most
    return field


def day(label: Any, missing: Any, **options: Any) -> forms.DateField:
    """A day; ``missing`` is said without one."""
    messages = dict.fromkeys(("required", "invalid"), missing)
    return forms.DateField(label=label, widget=DateInput, error_messages=messages, **options)


def number(label: Any, missing: Any, least: int, most: int, **options: Any) -> forms.IntegerField:
    """A whole number within limits; ``missing`` is said otherwise."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), missing),
        **options,
    )


class Versioned(Plain):
    """A form about a record that has a name from the start, and a version that was seen."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
