"""Which pages cite a rule, and where they are edited: told to the register of rules.

Lessons and cases come from their records, which name the rules they rest on; the few other pages
are looked through for the rule's key. A copy under ``/kl/`` that is not translated yet is no page
of its own: it follows the Danish one.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.citations import CASE, LESSON
from courses.models import Case, LessonRule
from pages.models import BasePage, CasePage, LessonPage
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


class CaseSource(_Pages):
    """Cases that can be played and cite a rule: at a choice, as a deadline, or before they begin.

    The Danish page leads, so it alone is named for what the case tells.
    """

    kind = CASE
    label = _("Case")

    def citing(self, rule: Rule) -> Iterator[Citation]:
        """One query."""
        told = Q(
            translation_key__in=Case.objects.citing(rule.pk).values("pk"),
            locale__language_code=settings.LANGUAGE_CODE,
        )
        pages = CasePage.objects.live().filter(alias_of=None)
        pages = pages.annotate(before=Cast("body", TextField()))
        for page in (
            pages.filter(told | Q(before__contains=str(rule.pk)))
            .select_related("locale")
            .defer_streamfields()
            .order_by("path")
        ):
            yield Citation(page.translation_key, page.title, page.locale.language_code)


class PageSource(_Pages):
    """All other pages that can be read and cite a rule in their body."""

    kind = BasePage.cited_as
    label = _("Page")
    #: Kinds of pages with a source of their own.
    known_elsewhere: ClassVar[set[type[BasePage]]] = {LessonPage, CasePage}

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
