"""Wagtail's upload forms, which answer in words what the fields would refuse."""

from typing import Any

from django import forms
from django.core.files.base import File
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from core.guard import GuardedFormMixin
from core.uploads import validate_document, validate_image
from files.fields import cleaned_picture, media_extension
from files.signals import picture_replaced


class ImageUpload(WagtailImageField):
    """Looks at an image before Wagtail does, which a damaged one or a bomb makes fail."""

    def to_python(self, data: Any) -> Any:
        """The upload, known to be a picture that can be decoded.

        Raises:
            ValidationError: For anything else.
        """
        if isinstance(data, File):
            validate_image(data)
        return super().to_python(data)


class ImageForm(GuardedFormMixin, BaseImageForm):
    """Keeps of an uploaded image the picture alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if given := self.fields.get("file"):  # the form that only completes an upload has none
            self.fields["file"] = ImageUpload(
                label=given.label, required=given.required, widget=given.widget
            )

    def clean_file(self) -> Any:
        """The picture, written anew; an image that was not replaced stays."""
        return _if_uploaded(self, "file", cleaned_picture)

    def save(self, commit: bool = True) -> Any:
        """The image; whoever shows it hears when another picture took the place of its own."""
        image = super().save(commit)
        if commit and self.original_file and "file" in self.changed_data:
            picture_replaced.send(type(image), image=image)
        return image


class DocumentForm(GuardedFormMixin, BaseDocumentForm):
    """Looks through an uploaded document."""

    def clean_file(self) -> Any:
        """The document as it is."""
        return _if_uploaded(self, "file", lambda file: validate_document(file) and file)


class MediaForm(GuardedFormMixin, BaseMediaForm):
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
