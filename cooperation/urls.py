"""Addresses of the cooperation, all below ``/samarbejde/``: one list for each package."""

from django.urls import URLPattern, URLResolver, include, path

from cooperation.home import HomeView

app_name = "cooperation"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", HomeView.as_view(), name="home"),
    path("initiativer/", include("cooperation.initiatives.urls")),
    path("grupper/", include("cooperation.bodies.urls")),
    path("rapporter/", include("cooperation.reports.urls")),
    path("moeder/", include("cooperation.meetings.urls")),
    path("beslutninger/", include("cooperation.decisions.urls")),
    path("papirer/", include("cooperation.papers.urls")),
    path("erfaringer/", include("cooperation.practice.urls")),
    path("partnere/", include("cooperation.partners.urls")),
    path("aftaler/", include("cooperation.agreements.urls")),
    path("seminarer/", include("cooperation.events.urls")),
]
