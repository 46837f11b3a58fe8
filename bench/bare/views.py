"""Bare views: no template, no forms, nothing but what Django itself does for a request."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from bench.bare.models import Row


@cache
def _page() -> bytes:
    """The bytes of the product's lesson page, so that sending and packing them costs the same."""
    return (settings.VAR / "lesson.html").read_bytes()


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page())


@login_required
def bare_auth(request: HttpRequest) -> HttpResponse:
    """Session and user are read: two queries."""
    return HttpResponse(_page())


@require_POST
@login_required
def bare_insert(request: HttpRequest) -> HttpResponse:
    Row.objects.create(user_id=request.user.pk, text=request.POST["text"])
    return HttpResponse(status=204)


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")
