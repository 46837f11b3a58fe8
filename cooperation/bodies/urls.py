"""Addresses of bodies, below ``/samarbejde/grupper/``."""

from django.urls import path

from cooperation.bodies.views import BodyListView, BodyView

urlpatterns = [
    path("", BodyListView.as_view(), name="bodies"),
    path("<uuid:body>/", BodyView.as_view(), name="body"),
]
