"""Needs or stays from a file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import Chips
from core.guard import GuardedFormMixin
from mentoring.rounds.exchange import cpr_lines


class FileForm(GuardedFormMixin, forms.Form):
    """A file of needs or stays."""

    use_required_attribute = False

    what = forms.ChoiceField(
        label=_("What does the file hold?"),
        choices=[("needs", _("What places need")), ("stays", _("What mentors bring"))],
        widget=Chips,
        error_messages={"required": _("Choose what the file holds.")},
    )
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
        help_text=_("CSV with semicolons, as it is exported from here."),
        error_messages=dict.fromkeys(
            ("required", "invalid", "missing", "empty"), _("Choose a file with lines in it.")
        ),
    )

    def refusal_at(
        self, field: str | None, refusals: dict[str, ValidationError]
    ) -> ValidationError:
        """In which lines of the file it stands; what stands there is not repeated."""
        file = self.files.get("file") if field == "file" else None
        if file is None:
            return super().refusal_at(field, refusals)
        file.seek(0)
        lines = cpr_lines(file.read())
        file.seek(0)
        if not lines:  # in its name
            return super().refusal_at(field, refusals)
        return ValidationError(
            _("Digits that look like a CPR number stand in line %(lines)s. Nothing was taken."),
            code="cpr_like",
            params={"lines": ", ".join(map(str, lines[:20]))},
        )
