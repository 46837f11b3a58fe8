"""The addresses below ``/api/v1/`` where a device sends its records; they have no language."""

from django.urls import path

from devices.records.views import RecordView, schema

app_name = "records"
urlpatterns = [
    path("records/<uuid:record>", RecordView.as_view(), name="record"),
    path("records/schema/", schema, name="schema"),
]
