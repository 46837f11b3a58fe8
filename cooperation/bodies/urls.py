"""Addresses of bodies, below ``/samarbejde/grupper/``."""

from django.urls import path

from cooperation.bodies.views import (
    AddMemberView,
    BodyFormView,
    BodyListView,
    BodyView,
    EndSeatView,
)

urlpatterns = [
    path("", BodyListView.as_view(), name="bodies"),
    path("ny/", BodyFormView.as_view(), name="create-body"),
    path("<uuid:body>/", BodyView.as_view(), name="body"),
    path("<uuid:body>/ret/", BodyFormView.as_view(), name="edit-body"),
    path("<uuid:body>/medlem/", AddMemberView.as_view(), name="add-seat"),
    path("<uuid:body>/medlem/<uuid:seat>/slut/", EndSeatView.as_view(), name="end-seat"),
]
