"""What every form about an event is made of: its fields, and what it knows of its record."""

from typing import Any

from django import forms

from core.guard import GuardedFormMixin


class Plain(GuardedFormMixin, forms.Form):
    """A form whose words are ours, not the browser's."""

    use_required_attribute = False


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
