"""The name of a device, and the file that one could not send."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.guard import GuardedFormMixin
from devices.models.device import MOST_CHARACTERS
from devices.taking_in import MOST_BYTES


class NameForm(GuardedFormMixin, forms.Form):
    """What to call a device."""

    name = forms.CharField(
        label=_("Name of the device"),
        max_length=MOST_CHARACTERS,
        help_text=_("So that you know it again, for example Telefon."),
    )


class FileForm(forms.Form):
    """The file of a device. It is sealed: the identity guard looks at what is in it once opened."""

    file = forms.FileField(
        label=_("File"), help_text=_("It ends in .sidemand. Nobody but the server can read it.")
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """A file that is read whole: of the size that a device makes at most.

        Raises:
            ValidationError: It is larger.
        """
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > MOST_BYTES:
            raise ValidationError(_("The file is too large to be that of a device."))
        return file
