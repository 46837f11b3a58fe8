"""Addresses of the library, below ``/samarbejde/erfaringer/``."""

from django.urls import path

from cooperation.practice.views import (
    LibraryView,
    PracticeStepView,
    PracticeView,
    ReviewView,
    TranslatePracticeView,
    WriteView,
)

urlpatterns = [
    path("", LibraryView.as_view(), name="library"),
    path("ny/", WriteView.as_view(), name="create-practice"),
    path("<uuid:practice>/", PracticeView.as_view(), name="practice"),
    path("<uuid:practice>/skriv/", WriteView.as_view(), name="write-practice"),
    path("<uuid:practice>/gennemse/", ReviewView.as_view(), name="review-practice"),
    path("<uuid:practice>/kalaallisut/", TranslatePracticeView.as_view(), name="kl-practice"),
    path("<uuid:practice>/skridt/<slug:step>/", PracticeStepView.as_view(), name="practice-step"),
]
