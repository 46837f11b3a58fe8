"""How frameworks are written in the admin, and taken in from a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competences.actions import name_competences, publish_version
from competences.models import Competence, FrameworkVersion
from core.admin_forms import GuardedAdminForm
from core.guard import GuardedFormMixin
from core.periods import local_day

MOST_BYTES = 1024 * 1024


class NamesCompetencesMixin:
    """A form of something that gives evidence for competences: they are ticked by name."""

    fields: dict[str, forms.Field]  # of the form this is mixed into

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("competences")
        if field is not None:
            field.queryset = Competence.objects.offered(on=local_day(timezone.now()))
            field.label_from_instance = lambda one: f"{one.title_da or one.key} ({one.framework})"


class FrameworkVersionForm(GuardedAdminForm):
    """A version with its competences. Once published it stays as it is.

    The Kalaallisut is written and released on a page of its own, also of what is published.
    """

    publish = forms.BooleanField(
        label=gettext_lazy("Publish this version"),
        required=False,
        help_text=gettext_lazy(
            "From then on the Danish stays as it is. A change is a new version."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_frozen or not self._may_publish():
            del self.fields["publish"]

    def _may_publish(self) -> bool:
        return self.for_user is None or self.for_user.has_perm("competences.add_frameworkversion")

    def clean(self) -> dict[str, Any]:
        """Refuse a change of what is frozen, a key that comes twice, and an empty version."""
        cleaned: dict[str, Any] = super().clean() or {}
        rows = self._rows()
        if self.instance.is_frozen:
            self._refuse_changes(rows)
        kept = [form for form in rows if not form.cleaned_data.get("DELETE")]
        keys = [form.cleaned_data.get("key") for form in kept]
        if len(keys) != len(set(keys)):
            self.add_error(None, ValidationError(_("Two competences have the same key.")))
        if cleaned.get("publish") and not kept:
            self.add_error("publish", ValidationError(_("Write at least one competence first.")))
        return cleaned

    def _rows(self) -> list[Any]:
        found: list[Any] = self.formsets["texts"].forms
        for form in found:
            form.full_clean()
        return [form for form in found if getattr(form, "cleaned_data", None)]

    def _refuse_changes(self, rows: list[Any]) -> None:
        changed = set(self.changed_data) - {"publish"}
        for form in rows:
            changed |= set(form.changed_data)
            changed |= {"DELETE"} if form.cleaned_data.get("DELETE") else set()
        changed.discard("ORDER")
        if changed:
            self.add_error(
                None,
                ValidationError(
                    _("This version is published and stays as it is. Begin a new version."),
                    code="frozen",
                ),
            )

    def save(self, commit: bool = True) -> FrameworkVersion:
        """Save, let each row stand for its competence, and publish where that was asked for."""
        version: FrameworkVersion = super().save(commit=False)
        name_competences(version.framework, version.texts.all())
        if commit:
            version.save()
            if self.cleaned_data.get("publish"):
                publish_version(version, at=timezone.now(), user=self.for_user)
        return version


class ImportForm(GuardedFormMixin, forms.Form):
    """A framework as a file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("TOML or CSV, at most 1 MB. A table of the columns stands below."),
        error_messages={"required": gettext_lazy("Choose a file ending in .toml or .csv.")},
    )

    def clean_file(self) -> Any:
        """Refuse what is too big to be a framework.

        Raises:
            ValidationError: For a file above a megabyte.
        """
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 1 MB."))
        return file
