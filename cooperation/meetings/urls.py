"""Addresses of meetings, below ``/samarbejde/moeder/``."""

from django.urls import path

from cooperation.meetings.views import (
    AttendanceView,
    CancelView,
    EditMeetingView,
    ItemView,
    MeetingFormView,
    MeetingView,
    MoveItemView,
    StepView,
    WriteItemView,
)

urlpatterns = [
    path("gruppe/<uuid:body>/nyt/", MeetingFormView.as_view(), name="create-meeting"),
    path("<uuid:meeting>/", MeetingView.as_view(), name="meeting"),
    path("<uuid:meeting>/ret/", EditMeetingView.as_view(), name="edit-meeting"),
    path("<uuid:meeting>/aflys/", CancelView.as_view(), name="cancel-meeting"),
    path("<uuid:meeting>/skridt/<slug:step>/", StepView.as_view(), name="meeting-step"),
    path("<uuid:meeting>/punkt/", ItemView.as_view(), name="create-item"),
    path("<uuid:meeting>/punkt/<uuid:point>/", ItemView.as_view(), name="edit-item"),
    path("<uuid:meeting>/punkt/<uuid:point>/flyt/", MoveItemView.as_view(), name="move-item"),
    path("<uuid:meeting>/punkt/<uuid:point>/referat/", WriteItemView.as_view(), name="write-item"),
    path("<uuid:meeting>/fremmoede/", AttendanceView.as_view(), name="attendance"),
]
