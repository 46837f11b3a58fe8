"""Addresses of papers, below ``/samarbejde/papirer/``."""

from django.urls import path

from cooperation.papers.views import (
    InitiativePaperView,
    MeetingPaperView,
    PactPaperView,
    PaperView,
    RemovePaperView,
)

urlpatterns = [
    path("<uuid:paper>/", PaperView.as_view(), name="paper"),
    path("<uuid:paper>/fjern/", RemovePaperView.as_view(), name="remove-paper"),
    path("indsats/<uuid:initiative>/nyt/", InitiativePaperView.as_view(), name="put-paper"),
    path("moede/<uuid:meeting>/nyt/", MeetingPaperView.as_view(), name="put-meeting-paper"),
    path("aftale/<uuid:pact>/nyt/", PactPaperView.as_view(), name="put-pact-paper"),
]
