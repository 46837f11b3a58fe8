"""Wagtail's upload forms, which answer in words what the fields would refuse."""

from typing import Any

from django import forms
from django.core.files.base import File
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from core.uploads import validate_document
from files.fields import cleaned_picture, media_extension


class ImageForm(BaseImageForm):
    """Keeps of an uploaded image the picture alone."""

    def clean_file(self) -> Any:
        """The picture, written anew; an image that was not replaced stays."""
        return _if_uploaded(self, "file", cleaned_picture)


class DocumentForm(BaseDocumentForm):
    """Looks through an uploaded document."""

    def clean_file(self) -> Any:
        """The document as it is."""
        return _if_uploaded(self, "file", lambda file: validate_document(file) and file)


class MediaForm(BaseMediaForm):
    """Looks at how an uploaded video or sound begins."""

    def clean_file(self) -> Any:
        """The file as it is."""
        return _if_uploaded(self, "file", lambda file: media_extension(file) and file)

    def clean_thumbnail(self) -> Any:
        """The still picture, written anew."""
        return _if_uploaded(self, "thumbnail", cleaned_picture)


def _if_uploaded(form: forms.ModelForm[Any], name: str, check: Any) -> Any:
    """What ``check`` makes of the file that came with this form; else what there was."""
    file = form.cleaned_data[name]
    return check(file) if name in form.changed_data and isinstance(file, File) else file
