"""What a page shows of a text that was refused, or that its author is to look at once more."""

from collections.abc import Iterator, Mapping
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
        {"field": form[(fields or {}).get(key, key)], **passage} for key, passage in marked(refusal)
    ]


def marked(refusal: LookAgain) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same by the names of the texts, where no form has them as fields."""
    for key, concerns in refusal.warnings.items():
        text = refusal.texts[key]
        for concern in concerns:
            yield (
                key,
                {
                    "before": text[max(0, concern.start - CONTEXT) : concern.start],
                    "passage": text[concern.start : concern.end],
                    "after": text[concern.end : concern.end + CONTEXT],
                    "kind": CONCERNS[concern.kind],
                    "wordings": WORDINGS[concern.kind],
                },
            )


def add_errors(form: forms.Form, refusal: ValidationError, fields: Fields | None = None) -> None:
    """The words of a refusal at their fields."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal.messages[0])
        return
    for key, errors in refusal.error_dict.items():
        name = (fields or {}).get(key, key)
        form.add_error(name if name in form.fields else None, errors)
