"""File fields that look at what they are given, by whatever door it came.

Forms check too, to answer in time and in words. But a file also comes through Wagtail's multiple
upload, an import or a command: nothing reaches the storage past these fields.
"""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from core.uploads import clean_image, validate_document

MAX_MEDIA_BYTES = 200 * 1024 * 1024


class CleanPicture(ContentFile[bytes]):
    """A picture that has been written anew; doing it twice would cost quality."""


def cleaned_picture(file: File[bytes]) -> CleanPicture:
    """What is left of an uploaded picture: the picture.

    Raises:
        ValidationError: See ``core.uploads.clean_image``.
    """
    if isinstance(file, CleanPicture):
        return file
    cleaned = clean_image(file)
    return CleanPicture(cleaned.read(), name=cleaned.name)


def media_extension(file: File[bytes]) -> str:
    """The extension of a video or sound file, told by how it begins.

    Raises:
        ValidationError: With code "unknown" for anything else, "too_large" above 200 MB.
    """
    if (file.size or 0) > MAX_MEDIA_BYTES:
        raise ValidationError(_("The file may be at most 200 MB."), code="too_large")
    file.seek(0)
    start = file.read(12)
    file.seek(0)
    if start[4:8] == b"ftyp":
        return "m4a" if start[8:11] == b"M4A" else "mp4"
    if start.startswith(b"\x1aE\xdf\xa3"):
        return "webm"
    if start.startswith(b"OggS"):
        return "ogg"
    if start.startswith(b"ID3") or (start[:1] == b"\xff" and start[1:2] in b"\xfb\xf3\xf2"):
        return "mp3"
    raise ValidationError(
        _("This is no film or sound we can play. Choose an MP4, WebM, MP3, M4A or OGG."),
        code="unknown",
    )


def _inner(content: File[bytes]) -> File[bytes]:
    """The file itself, where Django has wrapped it."""
    file = getattr(content, "file", None)
    return file if isinstance(file, CleanPicture) else content


class PictureFile(WagtailImageFieldFile):
    """Keeps the picture alone."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Write the picture anew and keep that.

        Raises:
            ValidationError: For what is no picture. Nothing is kept.
        """
        picture = cleaned_picture(_inner(content))
        super().save(picture.name, picture, save)


class PictureField(WagtailImageField):
    """An image."""

    attr_class = PictureFile


class PosterFile(FieldFile):
    """Keeps the picture alone."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Write the picture anew and keep that.

        Raises:
            ValidationError: For what is no picture. Nothing is kept.
        """
        picture = cleaned_picture(_inner(content))
        super().save(picture.name or name, picture, save)


class PosterField(models.FileField):
    """The still picture of a video."""

    attr_class = PosterFile


class DocumentFile(FieldFile):
    """Keeps a document under the extension that its content has."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Look through the document and keep it as it is.

        Raises:
            ValidationError: For any other kind of file, or one that can act. Nothing is kept.
        """
        super().save(f"x.{validate_document(content)}", content, save)


class DocumentField(models.FileField):
    """A document."""

    attr_class = DocumentFile


class MediaFile(FieldFile):
    """Keeps a video or sound file under the extension that its content has."""

    def save(self, name: str, content: File[bytes], save: bool = True) -> None:
        """Look at how the file begins and keep it as it is.

        Raises:
            ValidationError: For any other kind of file. Nothing is kept.
        """
        super().save(f"x.{media_extension(content)}", content, save)


class MediaField(models.FileField):
    """A video or sound file."""

    attr_class = MediaFile
