"""Addresses of decisions and actions, below ``/samarbejde/beslutninger/``."""

from django.urls import path

from cooperation.decisions.views import (
    ActionChangeView,
    ActionListView,
    ActionView,
    ChangeDecisionView,
    DecideView,
    DecisionView,
    GiveActionView,
    RegisterView,
    SettleView,
)

urlpatterns = [
    path("", RegisterView.as_view(), name="decisions"),
    path("<uuid:decision>/", DecisionView.as_view(), name="decision"),
    path("<uuid:decision>/ret/", ChangeDecisionView.as_view(), name="change-decision"),
    path("<uuid:decision>/afslut/", SettleView.as_view(), name="settle-decision"),
    path("gruppe/<uuid:body>/ny/", DecideView.as_view(), name="decide"),
    path("gruppe/<uuid:body>/punkt/<uuid:point>/", DecideView.as_view(), name="decide-item"),
    path("opgaver/", ActionListView.as_view(), name="actions"),
    path("opgaver/gruppe/<uuid:body>/ny/", GiveActionView.as_view(), name="give-action"),
    path(
        "opgaver/gruppe/<uuid:body>/punkt/<uuid:point>/",
        GiveActionView.as_view(),
        name="give-action-item",
    ),
    path(
        "opgaver/gruppe/<uuid:body>/beslutning/<uuid:decision>/",
        GiveActionView.as_view(),
        name="give-action-decision",
    ),
    path("opgaver/<uuid:action>/", ActionView.as_view(), name="action"),
    path("opgaver/<uuid:action>/<slug:step>/", ActionChangeView.as_view(), name="change-action"),
]
