"""Addresses of initiatives, below ``/samarbejde/initiativer/``."""

from django.urls import path

from cooperation.initiatives.views import (
    GoalView,
    InitiativeFormView,
    InitiativeListView,
    InitiativeView,
    MeasureView,
    StatusView,
)

urlpatterns = [
    path("", InitiativeListView.as_view(), name="initiatives"),
    path("ny/", InitiativeFormView.as_view(), name="create-initiative"),
    path("<uuid:initiative>/", InitiativeView.as_view(), name="initiative"),
    path("<uuid:initiative>/ret/", InitiativeFormView.as_view(), name="edit-initiative"),
    path("<uuid:initiative>/status/", StatusView.as_view(), name="write-status"),
    path("<uuid:initiative>/maal/", GoalView.as_view(), name="create-aim"),
    path("<uuid:initiative>/maal/<uuid:aim>/", GoalView.as_view(), name="edit-aim"),
    path("<uuid:initiative>/maal/<uuid:aim>/tal/", MeasureView.as_view(), name="measure"),
]
