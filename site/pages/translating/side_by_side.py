"""A lesson or module in both languages at once, passage by passage.

Blocks keep their ids in a translation, so those of one id stand in one row; the paragraphs of a
running text stand in rows of their own where there are as many on both sides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from courses.models import Lesson
from pages.fallback import Comparison
from pages.models import BasePage, LessonPage, ModulePage
from pages.models.learning import Crumb
from pages.privacy import may_read, refuse_as_missing
from pages.records import path_of
from pages.rendering import WITHOUT_TEXT_OF_THEIR_OWN
from pages.translating.addresses import beside, both_url
from pages.views import find_page

KINDS = (LessonPage, ModulePage)


@dataclass(frozen=True, slots=True)
class Cell:
    """One passage in one language; none of it where it is not translated."""

    language: str
    html: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One passage in each language, the reader's own first."""

    cells: tuple[Cell, ...]


@require_safe
def both_languages(request: HttpRequest, path: str) -> HttpResponse:
    """The lesson or module at ``path`` in both languages. Open to whoever may read the page.

    Raises:
        Http404: For other kinds of pages, and where there is none.
    """
    language = get_language() or settings.LANGUAGE_CODE
    page = find_page(language, path)
    if not isinstance(page, KINDS):
        raise Http404
    if page.is_restricted:  # annotated by find_page
        refuse_as_missing(page, request)
        if not may_read(request, page):
            return redirect(path_of(page))  # where one signs in, or gives the password
    twin = (
        type(page)
        .objects.live()
        .filter(translation_key=page.translation_key)
        .exclude(locale=page.locale_id)
        .first()
    )
    if twin is None:
        return redirect(path_of(page))
    danish, other = (page, twin) if language == settings.LANGUAGE_CODE else (twin, page)
    return render(
        request,
        "pages/both_languages.html",
        {
            "page": page,
            "own_url": path_of(page),
            "rows": [
                *_head(danish, other, first=language),
                *rows(danish, other, first=language),
            ],
            "lessons": _lessons(page, language) if isinstance(page, ModulePage) else [],
            "has_quiz": any(child.block_type == "quiz" for child in page.body),
            "crumbs": [Crumb(page.title, path_of(page))],
            "alternate_urls": {one.language: beside(path_of(one)) for one in (page, twin)},
        },
    )


def rows(danish: BasePage, other: BasePage, *, first: str) -> Iterator[Row]:
    """The bodies of both, row by row; what stands in the translation alone comes last."""
    codes = (settings.LANGUAGE_CODE, other.language)
    theirs = {child.id: child for child in other.body}
    stored = {block["id"]: block["value"] for block in danish.body.raw_data}
    for child in danish.body:
        if child.block_type == "quiz":
            continue
        twin = theirs.pop(child.id, None)
        for pair in _pairs(child, twin, stored.get(child.id), codes):
            cells = tuple(Cell(code, html) for code, html in zip(codes, pair, strict=True))
            yield Row(cells if first == codes[0] else cells[::-1])
    for child in theirs.values():
        if child.block_type != "quiz":
            cells = (Cell(codes[0]), Cell(codes[1], _drawn(child.block, child.value, codes[1])))
            yield Row(cells if first == codes[0] else cells[::-1])


def _pairs(child: Any, twin: Any, stored: Any, codes: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """A block in Danish and in the other language, whole or paragraph by paragraph.

    ``stored`` is what the database holds of the Danish one.
    """
    left = _drawn(child.block, child.value, codes[0])
    if twin is None:
        yield left, ""
    elif child.block_type in WITHOUT_TEXT_OF_THEIR_OWN:
        yield left, _drawn(child.block, child.value, codes[1]) if _speaks(child, codes[1]) else ""
    elif child.block_type == "text":
        yield from _paragraphs(left, _drawn(twin.block, twin.value, codes[1]))
    else:
        comparison = Comparison()
        marked = comparison.mark(twin.value, stored)
        is_danish = comparison.is_untranslated
        yield left, "" if is_danish else _drawn(twin.block, marked, codes[1])


def _speaks(child: Any, language: str) -> bool:
    """Whether a record says it in ``language`` itself; what the interface says it says in any."""
    return child.block_type != "rule" or bool(
        child.value and getattr(child.value, f"statement_{language}")
    )


def _paragraphs(left: str, right: str) -> Iterator[tuple[str, str]]:
    lefts, rights = _elements(left), _elements(right)
    if len(lefts) != len(rights):
        yield left, right
        return
    for one, two in zip(lefts, rights, strict=True):
        is_same = " ".join(one.get_text(" ").split()) == " ".join(two.get_text(" ").split())
        yield (
            mark_safe(str(one)),  # noqa: S308  a part of a drawn block
            "" if is_same else mark_safe(str(two)),  # noqa: S308  the same
        )


def _elements(html: str) -> list[Tag]:
    soup = BeautifulSoup(html, "html.parser")
    return [part for part in soup.children if isinstance(part, Tag)]


def _drawn(block: Any, value: Any, language: str) -> SafeString:
    with override(language):
        drawn: SafeString = block.render(value)
    return drawn


def _head(danish: BasePage, other: BasePage, *, first: str) -> Iterator[Row]:
    """Title and introduction of both; the page's own title stands above as its heading."""
    for name, mark in (("title", "<p><strong>{}</strong></p>"), ("introduction", "<p>{}</p>")):
        left, right = getattr(danish, name), getattr(other, name)
        if not left and not right:
            continue
        cells = (
            Cell(danish.language, format_html(mark, left) if left else ""),
            Cell(other.language, format_html(mark, right) if right and right != left else ""),
        )
        yield Row(cells if first == danish.language else cells[::-1])


def _lessons(page: ModulePage, language: str) -> list[tuple[Any, str]]:
    """The module's lessons, each with the address where it is read in both languages."""
    lessons = Lesson.objects.offered().filter(module=page.translation_key).order_by("position")
    return [(lesson.title, both_url(lesson) or lesson.path) for lesson in lessons if lesson.path]
