"""Taking a course or a path along: the page that says what it weighs, the list, and each piece.

For whoever has signed in and may read it. What an editor has restricted stays on the site.
"""

import json
from abc import abstractmethod
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.generic import TemplateView, View
from wagtail.models import Page

from core.canonical import content_hash
from core.periods import local_day
from courses.models import Assignment, Course, LearningPath, Packing, Piece
from files.access import closed_among
from files.delivery import A_YEAR, ByteRange
from pages.privacy import is_restricted
from pages.travelling.contents import Contents, Luggage, contents_of, of_course, of_path
from pages.travelling.words import words
from people.access import PersonRequiredMixin


class LuggageMixin(PersonRequiredMixin):
    """Something that can be taken along."""

    @cached_property
    @abstractmethod
    def luggage(self) -> Luggage:
        """What the address names."""

    @cached_property
    def contents(self) -> Contents:
        """What belongs to it, in the reader's language.

        Raises:
            Http404: When nothing of it can be taken along.
        """
        language = get_language() or settings.LANGUAGE_CODE
        contents = contents_of(self.luggage, language, at=timezone.now())
        if contents.is_empty:
            raise Http404
        return contents


class CourseMixin(LuggageMixin):
    """A course that is offered."""

    @cached_property
    def luggage(self) -> Luggage:
        """The course of the address."""
        return of_course(get_object_or_404(Course.objects.offered(), pk=self.kwargs["course"]))


class PathMixin(LuggageMixin):
    """A path that is offered, or that I walk."""

    @cached_property
    def luggage(self) -> Luggage:
        """The path of the address.

        Raises:
            Http404: When it is neither.
        """
        path = get_object_or_404(LearningPath, key=self.kwargs["path"])
        own = Assignment.objects.active().filter(person=self.person, path=path)
        if not path.is_open_on(local_day(timezone.now())) and not own.exists():
            raise Http404
        return of_path(path)


class TakeAlongView(LuggageMixin, TemplateView):
    """What it weighs, how long it takes, and the button that begins."""

    template_name = "pages/travelling/take.html"
    contents_url_name: str

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The contents, and where the device asks for them."""
        return super().get_context_data(
            contents=self.contents,
            title=self.contents.told["title"],
            lesson_count=sum(len(one["lessons"]) for one in self.contents.told["modules"]),
            case_count=sum(len(one["cases"]) for one in self.contents.told["modules"]),
            left_out=self.contents.told["left_out"],
            contents_url=reverse(self.contents_url_name, kwargs=self.kwargs),
            back_url=self.luggage.paths.get(self.contents.language, ""),
            **words(),
            **kwargs,
        )


class TakeCourseView(CourseMixin, TakeAlongView):
    """Take a course along."""

    contents_url_name = "course_contents"


class TakePathView(PathMixin, TakeAlongView):
    """Take a path along."""

    contents_url_name = "path_contents"


class ContentsView(LuggageMixin, View):
    """The list that a device compares with what it has; nothing where it is the same as before."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The contents as JSON. ``Date`` is the server's clock: from then on it was current."""
        told: Any = self.contents.told
        etag = quote_etag(content_hash(told))
        response = get_conditional_response(request, etag=etag) or HttpResponse(
            json.dumps(told, ensure_ascii=False, separators=(",", ":")),
            content_type="application/json",
        )
        response["ETag"] = etag
        response["Cache-Control"] = "private, no-cache"
        return response


class CourseContentsView(CourseMixin, ContentsView):
    """The list of a course."""


class PathContentsView(PathMixin, ContentsView):
    """The list of a path."""


class PieceView(PersonRequiredMixin, View):
    """One piece, whole or from where a cut link left off. It never changes.

    For whoever may read a page that it is a part of; an editor's restriction closes it, and that of
    its collection a picture.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, sha256: str) -> HttpResponseBase:
        """The bytes."""
        packed = Packing.objects.filter(pieces=sha256)
        here = packed.filter(
            subject=OuterRef("translation_key"), language=OuterRef("locale__language_code")
        )
        pages = Page.objects.filter(
            Exists(here), live=True, translation_key__in=packed.values("subject")
        )
        if not pages.alias(is_restricted=is_restricted()).filter(is_restricted=False).exists():
            raise Http404
        piece = get_object_or_404(Piece, pk=sha256)
        response = _part(request, _bytes_of(piece))
        response["ETag"] = quote_etag(sha256)
        response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
        response["X-Content-Type-Options"] = "nosniff"
        # Compressed already, and half of a compressed answer is no part of the piece.
        response["Content-Encoding"] = "identity"
        return response


def _bytes_of(piece: Piece) -> bytes:
    if not piece.file:
        return bytes(piece.data)
    if closed_among([piece.file]):
        raise Http404
    try:
        with default_storage.open(piece.file, "rb") as file:
            return file.read()
    except FileNotFoundError:
        # Whoever asks for the list next gets what there is now.
        Packing.objects.filter(pieces=piece).update(stamp="")
        raise Http404 from None


def _part(request: HttpRequest, content: bytes) -> HttpResponse:
    size = len(content)
    try:
        part = ByteRange.parse(request.headers.get("Range", ""), size)
    except ValueError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    shown = content if part is None else content[part.start : part.stop]
    response = HttpResponse(shown, content_type="application/octet-stream")
    response["Accept-Ranges"] = "bytes"
    if part is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return response
