"""Which pages wait for a translation, and how many readers have asked for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.models import Page

from pages.models import TranslationRequest

ROWS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A Danish page whose translation is missing or behind, and where to work on it."""

    page: Page
    is_missing: bool
    wishes: int
    first_asked_at: datetime | None

    @property
    def url(self) -> str:
        """Where a translator begins, or goes on."""
        if self.is_missing:
            way = reverse("wagtail_localize:submit_page_translation", args=[self.page.pk])
            return f"{way}?select_locale=kl"  # the only other language is ticked already
        return reverse("wagtailadmin_pages:edit", args=[self.page.translation_pk])


def may_see_translations(user: Any) -> bool:
    """Translators and editors."""
    return bool(user.has_perm("wagtail_localize.submit_translation"))


def waiting_pages() -> "Any":
    """Live Danish pages without a translation, or with one older than they are."""
    translated = Page.objects.filter(translation_key=OuterRef("translation_key")).exclude(
        locale__language_code=settings.LANGUAGE_CODE
    )
    wishes = (
        TranslationRequest.objects.filter(page_key=OuterRef("translation_key"))
        .order_by()
        .values("page_key")
    )
    return (
        Page.objects.live()
        .filter(locale__language_code=settings.LANGUAGE_CODE, depth__gt=1)
        .annotate(
            translation_pk=Subquery(translated.values("pk")[:1]),
            copied_from=Subquery(translated.values("alias_of")[:1]),
            translated_at=Subquery(translated.values("last_published_at")[:1]),
            wishes=Subquery(wishes.annotate(all=Count("pk")).values("all")),
            first_asked_at=Subquery(wishes.annotate(first=Min("asked_at")).values("first")),
        )
        .filter(
            Q(translation_pk__isnull=True)
            | Q(copied_from__isnull=False)
            | Q(translated_at__lt=F("last_published_at"))
        )
        .order_by(
            F("wishes").desc(nulls_last=True), F("first_asked_at").asc(nulls_last=True), "path"
        )
    )


class MissingTranslations(TemplateView):
    """What waits for a translation, what is asked for most first. For translators and editors."""

    template_name = "pages/admin/translations.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Wagtail has asked who it is; here it is asked whether they translate.

        Raises:
            PermissionDenied: For whoever does not.
        """
        if not may_see_translations(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the list."""
        page = Paginator(waiting_pages(), ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
        rows = [
            WaitingPage(
                page=found,
                is_missing=found.translation_pk is None or found.copied_from is not None,
                wishes=found.wishes or 0,
                first_asked_at=found.first_asked_at,
            )
            for found in page
        ]
        return super().get_context_data(
            rows=rows,
            page_obj=page,
            page_title=_("Waiting for translations"),
            header_icon="wagtail-localize-language",
            **kwargs,
        )
