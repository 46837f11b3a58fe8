"""Catalogue → course → module → lesson: the editors' half of what can be learnt.

The other half lies in ``courses``: a record per course, module and lesson, with the page's
``translation_key`` as its id. Progress and answers point at records, so a page may be moved,
renamed, translated or withdrawn without losing them (see ``pages.records``).
"""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from pages.blocks import LessonBody
from pages.models.base import BasePage


class CataloguePage(BasePage):
    """Every course there is."""

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.CoursePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")


class CoursePage(BasePage):
    """A course: what it is for, and its modules."""

    parent_page_types: ClassVar[list[str]] = ["pages.CataloguePage"]
    subpage_types: ClassVar[list[str]] = ["pages.ModulePage"]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class ModulePage(BasePage):
    """A module: a handful of lessons that belong together."""

    parent_page_types: ClassVar[list[str]] = ["pages.CoursePage"]
    subpage_types: ClassVar[list[str]] = ["pages.LessonPage"]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(BasePage):
    """A lesson: some minutes of reading, perhaps with a quiz."""

    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("How long a calm reader takes, quiz included."),
    )
    body = StreamField(LessonBody(), blank=True, verbose_name=_("content"))

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels[:-1],
        FieldPanel("minutes"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ModulePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
