"""What a page shows of a text that was refused, or that its author is to look at once more."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.concerns import CONCERNS, WORDINGS
from mentoring.actions import LookAgain

#: Characters shown before and after such a passage.
CONTEXT = 20

#: The fields of a form by the names that an action calls its texts, where they differ.
Fields = Mapping[str, str]


def passages_of(
    form: forms.Form, refusal: LookAgain, fields: Fields | None = None
) -> list[dict[str, Any]]:
    """What to look at once more, for its author alone.

    Each names its field, the passage with what stands around it, what it may tell (``kind``), and
    the ``wordings`` that could stand in its place.
    """
    return [
        {
            "field": form[(fields or {}).get(key, key)],
            "before": refusal.texts[key][max(0, concern.start - CONTEXT) : concern.start],
            "passage": refusal.texts[key][concern.start : concern.end],
            "after": refusal.texts[key][concern.end : concern.end + CONTEXT],
            "kind": CONCERNS[concern.kind],
            "wordings": WORDINGS[concern.kind],
        }
        for key, concerns in refusal.warnings.items()
        for concern in concerns
    ]


def add_errors(form: forms.Form, refusal: ValidationError, fields: Fields | None = None) -> None:
    """The words of a refusal at their fields."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal.messages[0])
        return
    for key, errors in refusal.error_dict.items():
        name = (fields or {}).get(key, key)
        form.add_error(name if name in form.fields else None, errors)
