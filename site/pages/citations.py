"""Which pages cite a rule, and where they are edited: told to the register of rules.

Lessons come from their records, which name the rules of each language; the few other pages are
looked through for the rule's key. A copy under ``/kl/`` that is not translated yet is no page of
its own: it follows the Danish one.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.citations import LESSON
from courses.models import LessonRule
from pages.models import BasePage, LessonPage
from rules.citations import Citation, Key
from rules.models import Rule


class _Pages:
    """What all kinds of pages have in common: they are edited in Wagtail's explorer."""

    def edit_addresses(self, keys: Collection[Key]) -> Mapping[Key, str]:
        """Where each page is edited, by its translation key and language."""
        pages = Page.objects.filter(
            translation_key__in={key for key, _language in keys}
        ).values_list("translation_key", "locale__language_code", "pk")
        return {
            (key, language): reverse("wagtailadmin_pages:edit", args=[pk])
            for key, language, pk in pages
            if (key, language) in keys
        }


class LessonSource(_Pages):
    """Lessons that can be read and cite a rule, each language by itself."""

    kind = LESSON
    label = _("Lesson")

    def citing(self, rule: Rule) -> Iterator[Citation]:
        """Two queries."""
        cited = set(LessonRule.objects.filter(rule=rule).values_list("lesson", "language"))
        pages = LessonPage.objects.live().filter(
            alias_of=None, translation_key__in={lesson for lesson, _language in cited}
        )
        for page in pages.select_related("locale").defer_streamfields().order_by("path"):
            language = page.locale.language_code
            if (page.translation_key, language) in cited:
                yield Citation(page.translation_key, page.title, language)


class PageSource(_Pages):
    """All other pages that can be read and cite a rule in their body."""

    kind = "page"
    label = _("Page")
    #: Kinds of pages with a source of their own.
    known_elsewhere: ClassVar[set[type[BasePage]]] = {LessonPage}

    def citing(self, rule: Rule) -> Iterator[Citation]:
        """A query for each kind of page."""
        for model in apps.get_models():
            if issubclass(model, BasePage) and model not in self.known_elsewhere:
                pages: Any = model.objects.live().filter(alias_of=None)
                pages = pages.annotate(text=Cast("body", TextField()))
                for page in (
                    pages.filter(text__contains=str(rule.pk))
                    .select_related("locale")
                    .defer_streamfields()
                    .order_by("path")
                ):
                    yield Citation(page.translation_key, page.title, page.locale.language_code)
