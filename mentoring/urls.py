"""Addresses of mentoring, all below ``/sidemand/``."""

from django.urls import URLPattern, URLResolver, path

from mentoring.planning.views import (
    CalendarView,
    CancelView,
    MoveView,
    PlanFileView,
    PlansView,
    PlanView,
)
from mentoring.views.pairings import (
    AddMemberView,
    ChangeStateView,
    CreatePairingView,
    EditPairingView,
    EndMemberView,
    PairingListView,
    PairingView,
)
from mentoring.views.reading import (
    AskForChangeView,
    ConfirmedView,
    ConfirmView,
    EraseView,
    HomeView,
    OverviewView,
    SessionListView,
    SessionView,
)
from mentoring.views.writing import EditView, JoinView, LogView, ReceiptView

app_name = "mentoring"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", HomeView.as_view(), name="home"),
    path("sessioner/", SessionListView.as_view(), name="sessions"),
    path("sessioner/ny/", LogView.as_view(), name="log"),
    path("sessioner/bekraeft/", ConfirmView.as_view(), name="confirm"),
    path("sessioner/bekraeftet/", ConfirmedView.as_view(), name="confirmed"),
    path("sessioner/<uuid:session>/", SessionView.as_view(), name="session"),
    path("sessioner/<uuid:session>/ret/", EditView.as_view(), name="session-edit"),
    path("sessioner/<uuid:session>/saml/<uuid:version>/", JoinView.as_view(), name="session-join"),
    path(
        "sessioner/<uuid:session>/kvittering/<uuid:version>/",
        ReceiptView.as_view(),
        name="receipt",
    ),
    path(
        "sessioner/<uuid:session>/bed-om-rettelse/",
        AskForChangeView.as_view(),
        name="ask-for-change",
    ),
    path("sessioner/<uuid:session>/slet-tekst/", EraseView.as_view(), name="erase"),
    path("planer/", PlansView.as_view(), name="plans"),
    path("planer/ny/", PlanView.as_view(), name="plan"),
    path("planer/kalender/", CalendarView.as_view(), name="calendar"),
    path("planer/<uuid:plan>/flyt/", MoveView.as_view(), name="plan-move"),
    path("planer/<uuid:plan>/aflys/", CancelView.as_view(), name="plan-cancel"),
    path("planer/<uuid:plan>/kalender/", PlanFileView.as_view(), name="plan-file"),
    path("oversigt/", OverviewView.as_view(), name="overview"),
    path("forloeb/", PairingListView.as_view(), name="pairings"),
    path("forloeb/nyt/", CreatePairingView.as_view(), name="create-pairing"),
    path("forloeb/<uuid:pairing>/", PairingView.as_view(), name="pairing"),
    path("forloeb/<uuid:pairing>/ret/", EditPairingView.as_view(), name="edit-pairing"),
    path("forloeb/<uuid:pairing>/medlemmer/", AddMemberView.as_view(), name="add-member"),
    path(
        "forloeb/<uuid:pairing>/medlemmer/<uuid:member>/afslut/",
        EndMemberView.as_view(),
        name="end-member",
    ),
    path("forloeb/<uuid:pairing>/tilstand/", ChangeStateView.as_view(), name="change-state"),
]
