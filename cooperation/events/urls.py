"""Addresses of events, below ``/samarbejde/seminarer/``."""

from django.urls import path

from cooperation.events.views.afterwards import (
    BecomeActionView,
    BecomeDecisionView,
    BecomePracticeView,
    EvaluateView,
    OutputsView,
    QuestionsView,
    ResultsView,
)
from cooperation.events.views.by_link import EvaluateByLinkView
from cooperation.events.views.delegation import (
    DeclineView,
    DelegationView,
    NeedsView,
    RegisterView,
    SignOffView,
    WorkshopsView,
)
from cooperation.events.views.inviting import (
    InvitationsView,
    InvitationView,
    SendInvitationsView,
    WithdrawInvitationView,
)
from cooperation.events.views.listing import (
    EventListView,
    SeriesFormView,
    SeriesListView,
    SeriesView,
)
from cooperation.events.views.participants import (
    AllNeedsView,
    AttendanceView,
    ParticipantsBookView,
    ParticipantsFileView,
    ParticipantsView,
)
from cooperation.events.views.planning import (
    AnnounceView,
    CancelEventView,
    EventFormView,
    ItemView,
    ProgrammeView,
    RemoveItemView,
)
from cooperation.events.views.reading import EventFileView, EventView, SeatsView

_EVENT = "<uuid:event>/"
_INVITATION = f"{_EVENT}delegation/<uuid:invitation>/"

urlpatterns = [
    path("", EventListView.as_view(), name="events"),
    path("nyt/", EventFormView.as_view(), name="create-event"),
    path("serier/", SeriesListView.as_view(), name="all-series"),
    path("serier/ny/", SeriesFormView.as_view(), name="create-series"),
    path("serier/<uuid:series>/", SeriesView.as_view(), name="series"),
    path("serier/<uuid:series>/ret/", SeriesFormView.as_view(), name="edit-series"),
    path("hvordan-var-det/<slug:token>/", EvaluateByLinkView.as_view(), name="evaluate-by-link"),
    path(_EVENT, EventView.as_view(), name="event"),
    path(f"{_EVENT}seminar.ics", EventFileView.as_view(), name="event-file"),
    path(f"{_EVENT}pladser/", SeatsView.as_view(), name="event-seats"),
    path(f"{_EVENT}ret/", EventFormView.as_view(), name="edit-event"),
    path(f"{_EVENT}vis/", AnnounceView.as_view(), name="announce-event"),
    path(f"{_EVENT}aflys/", CancelEventView.as_view(), name="cancel-event"),
    path(f"{_EVENT}program/", ProgrammeView.as_view(), name="programme"),
    path(f"{_EVENT}program/nyt/", ItemView.as_view(), name="create-part"),
    path(f"{_EVENT}program/<uuid:part>/", ItemView.as_view(), name="edit-part"),
    path(f"{_EVENT}program/<uuid:part>/fjern/", RemoveItemView.as_view(), name="remove-part"),
    path(f"{_EVENT}invitationer/", InvitationsView.as_view(), name="invitations"),
    path(f"{_EVENT}invitationer/ny/", InvitationView.as_view(), name="create-invitation"),
    path(f"{_EVENT}invitationer/send/", SendInvitationsView.as_view(), name="send-invitations"),
    path(
        f"{_EVENT}invitationer/<uuid:invitation>/",
        InvitationView.as_view(),
        name="edit-invitation",
    ),
    path(
        f"{_EVENT}invitationer/<uuid:invitation>/tilbage/",
        WithdrawInvitationView.as_view(),
        name="withdraw-invitation",
    ),
    path(_INVITATION, DelegationView.as_view(), name="delegation"),
    path(f"{_INVITATION}navne/", RegisterView.as_view(), name="register"),
    path(f"{_INVITATION}ingen/", DeclineView.as_view(), name="decline"),
    path(f"{_INVITATION}workshops/", WorkshopsView.as_view(), name="workshops"),
    path(f"{_INVITATION}afbud/<uuid:participant>/", SignOffView.as_view(), name="sign-off"),
    path(f"{_EVENT}behov/<uuid:participant>/", NeedsView.as_view(), name="needs"),
    path(f"{_EVENT}behov/", AllNeedsView.as_view(), name="all-needs"),
    path(f"{_EVENT}deltagere/", ParticipantsView.as_view(), name="participants"),
    path(f"{_EVENT}deltagere.csv", ParticipantsFileView.as_view(), name="participants-csv"),
    path(f"{_EVENT}deltagere.xlsx", ParticipantsBookView.as_view(), name="participants-xlsx"),
    path(f"{_EVENT}fremmoede/", AttendanceView.as_view(), name="event-attendance"),
    path(f"{_EVENT}evaluering/", EvaluateView.as_view(), name="evaluate"),
    path(f"{_EVENT}evaluering/spoergsmaal/", QuestionsView.as_view(), name="questions"),
    path(f"{_EVENT}evaluering/svar/", ResultsView.as_view(), name="results"),
    path(f"{_EVENT}udbytte/", OutputsView.as_view(), name="outputs"),
    path(
        f"{_EVENT}udbytte/<uuid:output>/beslutning/",
        BecomeDecisionView.as_view(),
        name="become-decision",
    ),
    path(
        f"{_EVENT}udbytte/<uuid:output>/opgave/", BecomeActionView.as_view(), name="become-action"
    ),
    path(
        f"{_EVENT}udbytte/<uuid:output>/erfaring/",
        BecomePracticeView.as_view(),
        name="become-practice",
    ),
]
