"""The forms by which a course's file comes back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.guard import GuardedFileFormMixin, GuardedFormMixin
from pages.translating.po import MOST_BYTES


class UploadForm(GuardedFileFormMixin, forms.Form):
    """A file with translations."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A .po file of at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".po"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too big before it is read, and what is no text."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is bigger than 2 MB. Divide it."), code="size")
        file.seek(0)
        try:
            self.cleaned_data["text"] = file.read().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise ValidationError(
                _("The file is not in UTF-8. Save it as UTF-8."), code="encoding"
            ) from None
        return file


class TakeForm(GuardedFormMixin, forms.Form):
    """What was looked at, to be kept now: nothing was kept meanwhile."""

    text = forms.CharField(strip=False, max_length=MOST_BYTES)
    take_the_good = forms.BooleanField(required=False)
