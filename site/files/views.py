"""One view per kind of file. Public collections are open to everybody; see ``files.access``."""

from django.contrib.auth.views import redirect_to_login
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe
from wagtail import hooks

from files.access import may_read, restrictions_on
from files.delivery import deliver
from files.models import Document, Image, Media, Rendition


def _show(request: HttpRequest, upload: Image | Media, file: FieldFile) -> HttpResponseBase:
    """``file`` of ``upload``; to whoever may not read it, it does not exist."""
    restrictions = restrictions_on(upload)
    if not may_read(request, upload, restrictions):
        raise Http404
    return deliver(request, file, is_public=not restrictions)


@require_safe
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """An image as it was uploaded. For whoever may read its collection."""
    found: Image = get_object_or_404(
        Image.objects.select_related("collection"), file=f"images/{name}"
    )
    return _show(request, found, found.file)


@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """An image in one size and format. For whoever may read the image's collection."""
    found: Rendition = get_object_or_404(
        Rendition.objects.select_related("image__collection"), file=f"renditions/{name}"
    )
    return _show(request, found.image, found.file)


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A video or sound file, also in parts. For whoever may read its collection."""
    found: Media = get_object_or_404(
        Media.objects.select_related("collection"), file=f"media/{name}"
    )
    return _show(request, found, found.file)


@require_safe
def poster(request: HttpRequest, name: str) -> HttpResponseBase:
    """The still picture of a video. For whoever may read the video's collection."""
    found: Media = get_object_or_404(
        Media.objects.select_related("collection"), thumbnail=f"posters/{name}"
    )
    return _show(request, found, found.thumbnail)


@require_safe
def document(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A document to download. For whoever may read its collection; others may sign in."""
    found: Document = get_object_or_404(Document.objects.select_related("collection"), pk=pk)
    restrictions = restrictions_on(found)
    if not may_read(request, found, restrictions):
        return _ask_to_enter(request, found)
    if name != found.filename:  # the file was replaced since the link was made
        return redirect(found.url)
    return deliver(
        request, found.file, is_public=not restrictions, download_name=found.download_name
    )


def _ask_to_enter(request: HttpRequest, found: Document) -> HttpResponseBase:
    if request.user.is_authenticated:
        raise Http404
    for ask in hooks.get_hooks("before_serve_document"):
        if answer := ask(found, request):
            return answer
    return redirect_to_login(request.get_full_path())
