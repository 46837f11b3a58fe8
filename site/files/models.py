"""Images, documents and media files: Wagtail's kinds with names and rules of our own.

A stored file never carries the name it came with: names are random, so that they neither tell
anything nor can be guessed. What a reader is shown is the title.
"""

import math
import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.coreutils import string_to_ascii
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, get_upload_to
from wagtailmedia.models import AbstractMedia

from files.fields import DocumentField, MediaField, PictureField, PosterField
from files.pictures import MOST_BYTES, SPECS, lighter_and_lighter


def random_name(folder: str, filename: str) -> str:
    """``folder``, a random name and the extension of ``filename`` in lower case."""
    return f"{folder}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


def document_name(_instance: models.Model, filename: str) -> str:
    """Where an uploaded document is kept."""
    return random_name("documents", filename)


def media_name(_instance: models.Model, filename: str) -> str:
    """Where an uploaded video or sound file is kept."""
    return random_name("media", filename)


def poster_name(_instance: models.Model, filename: str) -> str:
    """Where the still picture of a video is kept."""
    return random_name("posters", filename)


class Upload(models.Model):
    """What our kinds share; named again because Wagtail's own kinds took the reverse names."""

    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # Wagtail's

    class Meta:
        abstract = True


# Wagtail has __str__, and managers without types.
class Image(Upload, AbstractImage):  # type: ignore[django-manager-missing]  # noqa: DJ008  Wagtail has both
    """A picture with the text that stands for it where it cannot be seen."""

    file = PictureField(
        _("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    description = models.CharField(
        _("alternative text"),
        max_length=255,
        help_text=_(
            "What the picture shows, in one sentence, for whoever cannot see it. "
            "For example: Two colleagues at one desk, looking at a form."
        ),
    )

    tags = TaggableManager(_("tags"), blank=True, help_text="", related_name="image_files")

    admin_form_fields = (
        "title",
        "description",
        "file",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]
        indexes = [models.Index(fields=["file"], name="files_image_file")]

    def get_upload_to(self, filename: str) -> str:
        """A random name under ``images/``."""
        return random_name("images", filename)

    def generate_rendition_file(
        self,
        filter: Filter,  # noqa: A002  Wagtail's name
        *,
        source: File[bytes] | None = None,
    ) -> File[bytes]:
        """``filter`` drawn; the sizes that pages show are drawn lighter until they are light."""
        specs = lighter_and_lighter(filter.spec) if filter.spec in SPECS else [filter.spec]
        for spec in specs:
            if source is not None:
                source.seek(0)
            with super().generate_rendition_file(Filter(spec), source=source) as drawn:
                drawn.seek(0)
                file = ContentFile(drawn.read(), name=drawn.name)
            if file.size <= MOST_BYTES:
                break
        return file


class Rendition(AbstractRendition):
    """An image in one size and format."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="files_rendition_once"
            ),
        ]
        indexes = [models.Index(fields=["file"], name="files_rendition_file")]

    def get_upload_to(self, filename: str) -> str:
        """A random name under ``renditions/``."""
        return random_name("renditions", filename)


# Wagtail has __str__, and managers without types.
class Document(Upload, AbstractDocument):  # type: ignore[django-manager-missing]  # noqa: DJ008  Wagtail has both
    """A file to download: a form, a template, a guide."""

    file = DocumentField(_("file"), upload_to=document_name)
    description = models.CharField(
        _("description"),
        max_length=255,
        blank=True,
        help_text=_("What the reader gets, for example: Form for a receipt, to fill in by hand."),
    )

    tags = TaggableManager(_("tags"), blank=True, help_text="", related_name="document_files")

    admin_form_fields = ("title", "description", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    @property
    def download_name(self) -> str:
        """What the file is called on the reader's device: its title, in plain letters."""
        return f"{slugify(string_to_ascii(self.title)) or 'dokument'}.{self.file_extension}"


# Wagtail has __str__, and managers without types.
class Media(Upload, AbstractMedia):  # type: ignore[django-manager-missing]  # noqa: DJ008  Wagtail has both
    """A video or a sound file. Pages show it only together with its text version."""

    file = MediaField(_("file"), upload_to=media_name)
    thumbnail = PosterField(
        _("still picture"),
        upload_to=poster_name,
        blank=True,
        help_text=_("Shown until the reader starts the video."),
    )
    description = models.CharField(
        _("description"),
        max_length=255,
        blank=True,
        help_text=_("What the video shows, in one sentence."),
    )

    tags = TaggableManager(_("tags"), blank=True, help_text="", related_name="media_files")

    admin_form_fields = (
        "title",
        "description",
        "file",
        "collection",
        "duration",
        "width",
        "height",
        "thumbnail",
        "tags",
    )

    class Meta(AbstractMedia.Meta):
        verbose_name = _("media file")
        verbose_name_plural = _("media files")
        indexes = [
            models.Index(fields=["file"], name="files_media_file"),
            models.Index(fields=["thumbnail"], name="files_media_thumbnail"),
        ]

    @property
    def weight(self) -> int:
        """What it weighs, in bytes; 0 where its file is lost: the page is still read."""
        try:
            return int(self.file.size)
        except FileNotFoundError:
            return 0

    @property
    def minutes(self) -> int:
        """How long it lasts, rounded up; 0 where nobody has said."""
        return math.ceil(self.duration / 60)

    @property
    def poster_url(self) -> str:
        """The address of the still picture; empty without one."""
        return self.thumbnail.url if self.thumbnail else ""
