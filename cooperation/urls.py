"""Addresses of the cooperation, all below ``/samarbejde/``: one list for each package."""

from django.urls import URLPattern, URLResolver, include, path

from cooperation.home import HomeView

app_name = "cooperation"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", HomeView.as_view(), name="home"),
    path("initiativer/", include("cooperation.initiatives.urls")),
    path("grupper/", include("cooperation.bodies.urls")),
    path("rapporter/", include("cooperation.reports.urls")),
]
