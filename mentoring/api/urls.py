"""The addresses below ``/api/v1/``; they have no language of their own."""

from django.urls import path

from mentoring.api.schema import schema
from mentoring.api.views import SessionView

app_name = "api"
urlpatterns = [
    path("sessions/<uuid:session>", SessionView.as_view(), name="session"),
    path("schema/", schema, name="schema"),
]
