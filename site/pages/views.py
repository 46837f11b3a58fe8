"""Serving pages, the page everybody starts from, and the wish for a translation."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Right
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page
from wagtail.views import serve as wagtail_serve

from core.prepared import Prepared
from core.start_page import sections_for
from pages.actions import ask_for_translation as ask
from pages.models import (
    BasePage,
    CasePage,
    CataloguePage,
    CoursePage,
    HomePage,
    LessonPage,
    ModulePage,
    TranslationRequest,
)
from pages.privacy import is_restricted, may_read
from pages.records import path_of
from people.access import AuthenticatedRequest, person_required
from people.models import Person
from people.permissions import standing_of
from rules.models import RegisterStamp

#: Where the catalogue is unless an editor gives it another address.
CATALOGUE = "kurser/"
#: The kind of page at an address with none, one, two … parts: the tree allows no other.
KINDS: tuple[type[BasePage], ...] = (HomePage, CataloguePage, CoursePage, ModulePage, LessonPage)


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """The page at ``path``. Open to everybody unless an editor restricted it.

    The kinds that are read most are found in one query by their address. Everything else takes
    Wagtail's own way: other kinds, restricted pages, what is not there.
    """
    page = find_page(get_language() or settings.LANGUAGE_CODE, path)
    if page is None or page.is_restricted:
        return wagtail_serve(request, path)
    return page.serve(request)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The courses: at their usual address, or where an editor has moved them; else the front page.

    The address has a name of its own so that the navigation can lead there without a query.
    """
    try:
        return serve(request, CATALOGUE)
    except Http404:
        language = get_language() or settings.LANGUAGE_CODE
        moved = CataloguePage.objects.live().filter(locale__language_code=language).first()
        return redirect(moved.get_url(request) if moved else "home")


def find_page(language: str, path: str) -> Any:
    """The live page at ``path`` below the home page of ``language``, in one query; a case in two.

    An address of so many parts can only be one kind of page (a case stands where a lesson does),
    and the part of an address before the home page is the home page's own: its depth and the end
    of its address name it. Whether somebody restricted it, or a page above it, comes along as
    ``is_restricted``.
    """
    parts = [part for part in path.split("/") if part]
    if not parts:
        return _home.first(language=language)
    if len(parts) >= len(KINDS):
        return None
    tail = f"/{'/'.join(parts)}/"
    end: dict[str, Any] = {"slug": parts[-1], "tail": tail, "length": len(tail)}
    found = _BELOW[len(parts)].first(language=language, **end)
    if found is None and len(parts) == KINDS.index(LessonPage):
        return _case.first(language=language, **end)
    return found


def _pages(kind: type[BasePage], language: str, depth: int) -> QuerySet[BasePage]:
    pages = kind.objects.filter(live=True, depth=2 + depth, locale__language_code=language)
    if kind is not LessonPage:  # whose record says when something in it has changed
        pages = pages.annotate(register_stamp=Subquery(RegisterStamp.objects.values("value")[:1]))
    return pages.annotate(is_restricted=is_restricted()).defer_streamfields()


# Behind every page of a reader, so the SQL is written once (core.prepared).


@Prepared
def _home(language: str) -> QuerySet[BasePage]:
    return _pages(HomePage, language, 0)


def _below(kind: type[BasePage], depth: int) -> Prepared[BasePage]:
    def build(language: str, slug: str, tail: str, length: int) -> QuerySet[BasePage]:
        end = Right("url_path", Value(length))
        return _pages(kind, language, depth).alias(end=end).filter(slug=slug, end=tail)

    return Prepared(build)


_BELOW = {depth: _below(kind, depth) for depth, kind in enumerate(KINDS) if depth}
_case = _below(CasePage, KINDS.index(LessonPage))


@require_safe
@person_required
def start(request: AuthenticatedRequest) -> HttpResponse:
    """What is next for me. For whoever has signed in."""
    standing = standing_of(request.user)
    sections = sections_for(request, standing)
    next_step = next((section for section in sections if section.is_next_step), None)
    return render(
        request,
        "pages/start.html",
        {
            "sections": [(section, section is next_step) for section in sections],
            "standing": standing,
            "at": timezone.now(),
        },
    )


def answered(page_key: UUID, language: str, person: Person) -> Page | None:
    """The translation that ``person`` has asked for and been told of; none where there is none."""
    wishes = TranslationRequest.objects.filter(
        page_key=page_key, language=language, asked_by=person, answered_at__isnull=False
    )
    pages = Page.objects.live().filter(alias_of=None, locale__language_code=language)
    return pages.filter(translation_key__in=wishes.values("page_key")).first()


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def ask_for_translation(request: AuthenticatedRequest, page_key: UUID) -> HttpResponse:
    """Ask the translators for a page. For whoever has signed in and may read the page.

    Whoever has asked before, and has been told that it is there, is led to it.
    """
    pages = Page.objects.live().filter(
        translation_key=page_key, locale__language_code=settings.LANGUAGE_CODE
    )
    page = get_object_or_404(pages)
    if not may_read(request, page):
        return redirect(page.url or "start")
    language = next(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    if translated := answered(page_key, language, request.user.person):
        return redirect(path_of(translated))
    if request.method == "POST":
        ask(page_key, language, request.user.person, at=timezone.now())
        messages.success(request, _("The translators can see your wish now."))
        return redirect(page.url or "start")
    return render(request, "pages/ask_for_translation.html", {"page": page})
