"""Lessons and modules to print, on a page and as a file. Open to whoever may read them."""

import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from pages.conditional import answer
from pages.models.learning import Crumb
from pages.printing.contents import Print, lesson_print, module_print
from pages.printing.drawing import file_of

HEADING = re.compile(r"(</?h)([2-5])\b")


@require_safe
def print_lesson(request: HttpRequest, lesson: UUID) -> HttpResponse:
    """How to print a lesson, and its file with its size. Open to whoever may read the lesson."""
    printed = _found(lesson_print(request, lesson))
    size = len(file_of(printed))

    def draw() -> HttpResponse:
        context = {"printed": printed, "size": size, "record": printed.parts[0].record}
        return render(request, "pages/print_lesson.html", context)

    return answer(request, (printed.stamp, size, _module_of(printed)), draw)


@require_safe
def print_module(request: HttpRequest, module: UUID) -> HttpResponse:
    """A whole module on one page, and its file with its size. Open to whoever may read it."""
    printed = _found(module_print(request, module))
    size = len(file_of(printed))

    def draw() -> HttpResponse:
        parts = [
            (part, _lower(part.body.before_quiz), _lower(part.questions),
             _lower(part.body.after_quiz))
            for part in printed.parts
        ]  # fmt: skip
        record = printed.parts[0].record
        context = {
            "printed": printed,
            "parts": parts,
            "size": size,
            "page": printed.page,
            "crumbs": [Crumb(record.module.title, record.module.path)],
        }
        return render(request, "pages/print_module.html", context)

    return answer(request, (printed.stamp, size, _module_of(printed)), draw)


@require_safe
def print_lesson_file(request: HttpRequest, lesson: UUID) -> HttpResponse:
    """A lesson as PDF. Open to whoever may read the lesson."""
    return _download(_found(lesson_print(request, lesson)))


@require_safe
def print_module_file(request: HttpRequest, module: UUID) -> HttpResponse:
    """A whole module as PDF. Open to whoever may read it."""
    return _download(_found(module_print(request, module)))


def _found(printed: Print | None) -> Print:
    if printed is None:
        raise Http404
    return printed


def _module_of(printed: Print) -> tuple[object, ...]:
    """What the page shows of the module, beside what is printed."""
    record = printed.parts[0].record
    return (record.titles, record.paths, record.module.titles, record.module.paths)


def _download(printed: Print) -> HttpResponse:
    name = slugify(printed.page.title)[:80] or "lektion"
    return HttpResponse(
        file_of(printed),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-cache",
        },
    )


def _lower(html: str) -> SafeString:
    """``html`` with its headings one level lower: below the title of their lesson."""
    return mark_safe(  # noqa: S308  drawn blocks; only the numbers of headings change
        HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", html)
    )
