"""Needs or stays from a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Chips
from core.guard import GuardedFileFormMixin

NEEDS = [("needs", _("What places need"))]


class FileForm(GuardedFileFormMixin, forms.Form):
    """A file of needs or stays."""

    use_required_attribute = False

    what = forms.ChoiceField(
        label=_("What does the file hold?"),
        choices=[*NEEDS, ("stays", _("What mentors bring"))],
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

    def __init__(self, *args: Any, takes_stays: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not takes_stays:
            self.fields["what"] = forms.ChoiceField(
                choices=NEEDS, initial="needs", widget=forms.HiddenInput
            )
