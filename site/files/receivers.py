"""Files that wait for their words: Wagtail keeps an upload until its form is complete."""

from typing import Any

from django.db.models.signals import pre_save
from wagtail.models import UploadedFile

from files.fields import cleaned_picture
from files.models import Image


def keep_the_picture_alone(
    sender: type[UploadedFile], instance: UploadedFile, **kwargs: Any
) -> None:
    """An image waits as the picture it is, without what was hidden in its file."""
    kind = instance.for_content_type
    if instance.pk is None and kind is not None and kind.model_class() is Image:
        picture = cleaned_picture(instance.file.file)
        instance.file.file, instance.file.name = picture, picture.name


def connect() -> None:
    """Listen; called once, from ``AppConfig.ready``."""
    pre_save.connect(keep_the_picture_alone, sender=UploadedFile)
