"""The product's addresses, and beside them one that fails in each way a page can fail."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as product


def fail(request: HttpRequest, status: int) -> HttpResponse:
    """What goes wrong in some view."""
    if status == 400:
        raise BadRequest("only for tests")
    if status == 403:
        raise PermissionDenied
    if status == 429:
        return render(request, "429.html", status=429)
    raise RuntimeError("only for tests")


urlpatterns = [*i18n_patterns(path("fejl/<int:status>/", fail)), *product]
