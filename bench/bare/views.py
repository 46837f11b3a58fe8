"""Bare views: no template, no forms, nothing but what Django itself does for a request."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from bench.bare.models import Row


def _page(request: HttpRequest) -> HttpResponse:
    size = int(request.GET.get("bytes", "20000"))
    # Text that compresses about as well as a page does, so that gzip costs the same.
    line = "Skriv hvad du så og hørte. Beslutningen skal kunne findes igen i sagen.\n"
    return HttpResponse((line * (size // len(line) + 1))[:size])


def bare(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
def bare_auth(request: HttpRequest) -> HttpResponse:
    """Session and user are read: two queries."""
    return _page(request)


@require_POST
@login_required
def bare_insert(request: HttpRequest) -> HttpResponse:
    Row.objects.create(user_id=request.user.pk, text=request.POST["text"])
    return HttpResponse(status=204)
