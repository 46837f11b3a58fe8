"""Serving pages, and the page everybody starts from."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.views import serve as wagtail_serve


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """The page at ``path``. Open to everybody unless an editor restricted it."""
    return wagtail_serve(request, path)


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """What is next for me. For whoever has signed in."""
    return render(request, "pages/start.html")
