"""The forms by which a course's file comes back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.guard import GuardedFormMixin
from core.identity import has_cpr_like
from pages.translating.po import MOST_BYTES


class UploadForm(GuardedFormMixin, forms.Form):
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

    def refusal_at(
        self, field: str | None, refusals: dict[str, ValidationError]
    ) -> ValidationError:
        """Says in which line of the file it stands."""
        refusal = super().refusal_at(field, refusals)
        line = self._refused_line() if field == "file" else None
        if line is None:
            return refusal
        message = _("line %(line)d: ") % {"line": line} + refusal.messages[0]
        return ValidationError(message, code="cpr_like")

    def _refused_line(self) -> int | None:
        file = self.files.get("file")
        if file is None or (file.size or 0) > MOST_BYTES:
            return None
        file.seek(0)
        lines = file.read().decode("utf-8", errors="replace").split("\n")
        return next((n for n, line in enumerate(lines, start=1) if has_cpr_like(line)), None)


class TakeForm(GuardedFormMixin, forms.Form):
    """What was looked at, to be kept now: nothing was kept meanwhile."""

    text = forms.CharField(strip=False, max_length=MOST_BYTES)
    take_the_good = forms.BooleanField(required=False)
