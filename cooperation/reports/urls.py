"""Addresses of half-year reports, below ``/samarbejde/rapporter/``."""

from django.urls import URLPattern, URLResolver, include, path

from cooperation.reports.views.correcting import CorrectView, DropView
from cooperation.reports.views.files import AskForFileView, FetchFileView, FileView
from cooperation.reports.views.listing import BeginView, ReportsView
from cooperation.reports.views.reading import ReportView, TableView
from cooperation.reports.views.rows import RowsFileView, RowsView
from cooperation.reports.views.writing import FreezeView, SendRoundView, WriteWordsView

_ROWS: list[URLPattern | URLResolver] = [
    path("", RowsView.as_view(), name="report-rows"),
    path("raekker.csv", RowsFileView.as_view(), name="report-rows-csv"),
]
_REPORT: list[URLPattern | URLResolver] = [
    path("", ReportView.as_view(), name="report"),
    path("ord/<slug:section>/", WriteWordsView.as_view(), name="report-words"),
    path("send-rundt/", SendRoundView.as_view(), name="report-send-round"),
    path("aflever/", FreezeView.as_view(), name="report-freeze"),
    path("ret/", CorrectView.as_view(), name="report-correct"),
    path("ret/kasser/", DropView.as_view(), name="report-drop"),
    path("tal/<slug:section>/<slug:figure>/<slug:column>/", include(_ROWS)),
    path("tabel.csv", TableView.as_view(), name="report-csv"),
    path("filer/", AskForFileView.as_view(), name="report-ask-file"),
    path("filer/<uuid:file>/", FileView.as_view(), name="report-file"),
    path("filer/<uuid:file>/hent/", FetchFileView.as_view(), name="report-fetch-file"),
]
urlpatterns = [
    path("", ReportsView.as_view(), name="reports"),
    path("begynd/", BeginView.as_view(), name="report-begin"),
    path("<uuid:report>/", include(_REPORT)),
]
