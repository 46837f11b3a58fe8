"""Who may read a page, decided for both languages at once.

Wagtail keeps a restriction per page, so a translation could stay open when its Danish page is
closed. Here a restriction on a page, or on one above it, holds for the same pages in every
language (``docs/page-privacy.md``).
"""

from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from courses.models import Case, Lesson


def restrictions_on(page: Page) -> "QuerySet[PageViewRestriction]":
    """Every restriction on ``page``, on those above it, and on their translations. One query."""
    lineage = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    keys = Page.objects.filter(path__in=lineage).values("translation_key")
    return PageViewRestriction.objects.filter(page__translation_key__in=keys)


def is_restricted() -> Exists:
    """For a query of pages: whether :func:`restrictions_on` would find any."""
    path = ExpressionWrapper(OuterRef(OuterRef("path")), output_field=CharField())
    lineage = Page.objects.filter(translation_key=OuterRef("page__translation_key"))
    lineage = lineage.alias(below=path).filter(below__startswith=F("path"))
    return Exists(PageViewRestriction.objects.filter(Exists(lineage)))


def may_read(request: HttpRequest, page: Page) -> bool:
    """Whether this reader passes every restriction."""
    return all(restriction.accept_request(request) for restriction in restrictions_on(page))


def refuse_as_missing(page: Page, request: HttpRequest) -> None:
    """Somebody who has signed in and is not meant by a restriction is told nothing.

    Signing in once more would not help; who has not signed in is led there by Wagtail.

    Raises:
        Http404: When a restriction asks for a group that the reader is not in.
    """
    if not request.user.is_authenticated:
        return
    for restriction in restrictions_on(page).exclude(restriction_type=PageViewRestriction.PASSWORD):
        if not restriction.accept_request(request):
            raise Http404


def may_read_lesson(request: HttpRequest, lesson: "Lesson | Case") -> bool:
    """The gate that ``courses`` asks before it shows or takes something of a lesson or case.

    What was read of a lesson that is being unpublished is still taken: only its restrictions
    count here.
    """
    pages = Page.objects.filter(translation_key=lesson.pk).order_by("path")
    return any(may_read(request, page) for page in pages[:1])
