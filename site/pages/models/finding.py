"""What can be found: the words of each page, rule and glossary entry, once per language."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class Findable(models.Model):
    """One thing that can be found, in the words of one language.

    Derived, and written by :mod:`pages.finding` alone: it may be thrown away and built anew
    (``manage.py build_search``). ``folded`` is what the words are compared by
    (:func:`core.languages.fold`): title and text, a line each.
    """

    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        MODULE = "module", _("Module")
        LESSON = "lesson", _("Lesson")
        CASE = "case", _("Case")
        PAGE = "page", _("Page")
        RULE = "rule", _("Rule")
        PATH = "path", _("Learning path")
        WORD = "word", _("Word")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.UUIDField()
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    #: A page has its address and may be withdrawn or restricted; the others stand in a list.
    page = models.ForeignKey(Page, models.CASCADE, null=True, related_name="+")
    anchor = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    folded_title = models.TextField()
    folded = models.TextField()

    class Meta:
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "language"], name="pages_findable_once"),
            models.CheckConstraint(
                condition=Q(page__isnull=False, anchor="") | Q(page__isnull=True) & ~Q(anchor=""),
                name="pages_findable_has_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.title
