"""How something stands now, beside a form of somebody who comes second.

Whoever is told that somebody else was faster decides whose is to hold. So they read what stands
there, where it differs from what they have written, without leaving the form.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _


def show_meanwhile(form: forms.BaseForm) -> None:
    """Let ``form`` show how it stands (``components/error_summary.html``), where it differs.

    Its ``initial`` is what stands there as the form comes back, by the names of its fields.
    """
    shown = [
        (bound.label, _in_words(bound.field, form.initial[bound.name]))
        for bound in (form[name] for name in form.changed_data if name in form.initial)
        if not bound.is_hidden
    ]
    vars(form)["meanwhile"] = shown  # for the summary of errors; a form of Django has no such name


def _in_words(field: forms.Field, value: Any) -> str:
    """What stands in a field, as a reader would see it; "–" for nothing."""
    choices = getattr(field, "choices", None)
    if isinstance(field, forms.BooleanField):
        said = str(_("Yes") if value else _("No"))
    elif choices is not None:
        prepared = field.prepare_value(value)
        several = isinstance(prepared, list | tuple | set)
        chosen = {str(one) for one in (prepared if several else [prepared])}
        said = ", ".join(label for key, label in _flat(choices) if key in chosen)
    elif isinstance(value, datetime):
        said = date_format(value, "DATETIME_FORMAT")
    elif isinstance(value, date):
        said = date_format(value, "DATE_FORMAT")
    elif isinstance(value, time):
        said = time_format(value, "TIME_FORMAT")
    else:
        said = "" if value is None else str(value)
    return said or "–"


def _flat(choices: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Every choice, those of groups as well."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(key), str(label)
