"""Addresses of initiatives, below ``/samarbejde/initiativer/``."""

from django.urls import path

from cooperation.initiatives.views import InitiativeListView, InitiativeView

urlpatterns = [
    path("", InitiativeListView.as_view(), name="initiatives"),
    path("<uuid:initiative>/", InitiativeView.as_view(), name="initiative"),
]
