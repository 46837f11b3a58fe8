"""The site's addresses with the component page, which the site itself has only in development."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from config.urls import urlpatterns as site_patterns
from core.dev_views import EveryFieldForm, components

FORM_PAGE = """{% extends "base.html" %}{% block title %}Log{% endblock %}{% block content %}
{% include "components/error_summary.html" with form=form only %}<h1>Log en session</h1>
{% include "components/form.html" with id="log" button="Send session" guard_unsaved=True %}
{% include "components/reached_end.html" with action="/dev/read/" is_read=False %}
{% endblock %}"""
LESSON_PAGE = """{% extends "base.html" %}{% block title %}Lektion{% endblock %}{% block content %}
<h1>Lektion</h1>{% include "components/reached_end.html" with action="/dev/read/" is_read=False %}
{% endblock %}"""
received: list[dict[str, str]] = []
opened: list[str] = []


def form_page(request: HttpRequest) -> HttpResponse:
    """A form that keeps what it was sent in ``received``."""
    form = EveryFieldForm(request.POST or None)
    if request.method == "POST":
        received.append(request.POST.dict())
    return HttpResponse(engines["django"].from_string(FORM_PAGE).render({"form": form}, request))


def mark_read(request: HttpRequest) -> HttpResponse:
    """The end of a lesson was reached."""
    received.append(request.POST.dict())
    return HttpResponse(status=204)


def lesson_page(request: HttpRequest, name: str) -> HttpResponse:
    """An unread lesson."""
    context = {"opened": f"/dev/opened/{name}/"}
    return HttpResponse(engines["django"].from_string(LESSON_PAGE).render(context, request))


def mark_opened(request: HttpRequest, name: str) -> HttpResponse:
    """A lesson was opened."""
    if request.method == "POST":
        opened.append(name)
    return HttpResponse(status=204)


def refused(request: HttpRequest) -> HttpResponse:
    """The page of a refused person, drawn with a request."""
    return render(request, "403.html", status=403)


urlpatterns = [
    path("dev/komponenter/", components),
    path("dev/read/", mark_read),
    path("dev/opened/<str:name>/", mark_opened),
    *i18n_patterns(
        path("dev/form/", form_page),
        path("dev/lesson/<str:name>/", lesson_page),
        path("dev/refused/", refused),
    ),
    *site_patterns,
]
