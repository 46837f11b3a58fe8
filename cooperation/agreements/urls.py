"""Addresses of co-operation agreements, below ``/samarbejde/aftaler/``."""

from django.urls import path

from cooperation.agreements.views import PactFormView, PactListView, PactView

urlpatterns = [
    path("", PactListView.as_view(), name="pacts"),
    path("ny/", PactFormView.as_view(), name="create-pact"),
    path("<uuid:pact>/", PactView.as_view(), name="pact"),
    path("<uuid:pact>/ret/", PactFormView.as_view(), name="edit-pact"),
    path("<uuid:pact>/ny/", PactFormView.as_view(is_following=True), name="follow-pact"),
]
