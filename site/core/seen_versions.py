"""Two people have one record of the admin open: neither saves over the other unknowingly.

A form carries the version of what it showed. When something else stands there as it comes back,
nothing is saved; what was typed stays in the form, and the second press puts it in its place.
:class:`core.registers.RegisterEditView` locks the record first, so that of two who press in the
same moment the second sees what the first one saved.
"""

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.identity import has_cpr_like

if TYPE_CHECKING:
    from wagtail.admin.forms import WagtailAdminModelForm as _Form
else:
    _Form = object

FIELD = "seen_version"
MOST_ROWS = 1000  # what Django takes of a formset, too
#: The identity guard looks for digits in everything that is sent.
LETTERS = str.maketrans("0123456789", "ghijklmnop")


def version_of(form_class: Any, record: Model) -> str:
    """What ``record`` says where ``form_class`` can change it, rows included, in 64 letters."""
    content = [_said(type(record), form_class._meta.fields, pk=record.pk)]
    for _name, formset in sorted(form_class.formsets.items()):
        names = [*formset.form.base_fields, getattr(formset.model, "sort_order_field", "")]
        content.append(_said(formset.model, names, **{formset.fk.name: record.pk}))
    return sha256(json.dumps(content, default=str).encode()).hexdigest().translate(LETTERS)


def _said(model: type[Model], names: list[str], **which: Any) -> list[Any]:
    """The rows of ``model`` with what stands in the fields ``names``, and what they are tied to."""
    plain = [one.attname for one in model._meta.concrete_fields if one.name in names]
    found = model._base_manager.filter(**which).order_by("pk")
    said: list[Any] = list(found.values_list("pk", *plain))
    keys = [row[0] for row in said]
    for field in model._meta.many_to_many:
        if field.name in names:
            ends: Any = (field.m2m_field_name(), field.m2m_reverse_field_name())
            through: Any = field.remote_field.through
            ties = through._base_manager.filter(**{f"{ends[0]}__in": keys}).values_list(*ends)
            said.append(sorted(ties, key=str))
    return said


class SeenVersionField(forms.CharField):
    """The version of what a form shows. It is no content, so it never counts as changed."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never."""
        return False


class SeenVersionMixin(_Form):
    """A form that saves over nothing its writer has not seen."""

    #: Whether something else stands there than what the form had shown.
    is_stale = False
    _is_behind = False

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, instance: Any = None, **kwargs: Any
    ) -> None:
        exists = instance is not None and not instance._state.adding
        now = version_of(type(self), instance) if exists else ""
        if exists and data is not None and data.get(FIELD) != now:
            self._is_behind = True
            data = self._brought_up(data, instance, now)
        super().__init__(data, files, instance=instance, **kwargs)
        if exists:
            self.fields[FIELD].initial = now
        else:
            del self.fields[FIELD]

    def clean(self) -> dict[str, Any] | None:
        """Refuse once what would take the place of something that was not seen.

        Somebody who sends what stands there anyhow, as by pressing twice, is not bothered.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        differing = self._differing() if self._is_behind else []
        if differing:
            self.is_stale = True
            self.add_error(
                None,
                ValidationError(
                    _(
                        "Somebody has saved this while you were writing. Your text still stands "
                        "here, but it is not saved. It differs from what stands there now in: "
                        "%(fields)s. See what stands there now. Save once more if your text is "
                        "to take its place."
                    ),
                    code="stale",
                    params={"fields": ", ".join(differing)},
                ),
            )
        return cleaned

    def _differing(self) -> list[str]:
        """What the fields and rows are called in which the form differs from what stands there."""
        found = [str(self[name].label) for name in self.changed_data]
        found += [
            str(formset.model._meta.verbose_name_plural)
            for formset in self.formsets.values()
            if any(form.has_changed() for form in formset.forms)
        ]
        return list(dict.fromkeys(found))

    def _brought_up(self, data: QueryDict, instance: Any, now: str) -> QueryDict:
        """What was sent, ready to be sent once more on top of what stands there now."""
        data = data.copy()
        if not has_cpr_like(data.get(FIELD, "")):  # else the guard is to see it
            data[FIELD] = now
        for name, formset_class in type(self).formsets.items():
            _bring_up_rows(data, formset_class(instance=instance, prefix=name))
        return data


def _bring_up_rows(data: QueryDict, now: Any) -> None:
    """Let a row that was taken away be written anew, and show at the end one that was added."""
    prefix = now.prefix
    count = data.get(f"{prefix}-TOTAL_FORMS") or ""
    if not count.isdecimal() or int(count) > MOST_ROWS:
        return  # the formset refuses it
    total = int(count)
    key = now.model._meta.pk.name
    unseen = {str(form.instance.pk): form for form in now.forms if form.instance.pk}
    for number in range(total):
        name = f"{prefix}-{number}-{key}"
        if data.get(name) and unseen.pop(str(data[name]), None) is None:
            data[name] = ""
    if not unseen:
        return
    for number, form in enumerate(unseen.values(), start=total):
        for bound in form:
            _put(data, f"{prefix}-{number}-{bound.name}", bound)
        data[f"{prefix}-{number}-ORDER"] = str(number + 1)
    rows = str(total + len(unseen))
    data[f"{prefix}-TOTAL_FORMS"] = data[f"{prefix}-INITIAL_FORMS"] = rows


def _put(data: QueryDict, name: str, bound: forms.BoundField) -> None:
    """What a browser would send for a field that nobody has touched."""
    value = bound.value()
    if isinstance(bound.field.widget, forms.CheckboxInput):
        if value:
            data[name] = "on"
        return
    sent = bound.field.widget.format_value(value)
    many = sent if isinstance(sent, list | tuple) else [sent]
    data.setlist(name, ["" if one is None else str(one) for one in many])
