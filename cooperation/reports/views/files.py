"""A report as a file: asked for, waited for, fetched."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View

from cooperation.models import ReportFile
from cooperation.reports.actions import ask_for_file
from cooperation.reports.views.base import OneReportMixin


class AskForFileView(OneReportMixin, View):
    """Begin a file."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Begin it, and show how far it is."""
        kind, language = request.POST.get("slags", ""), request.POST.get("sprog", "")
        if kind not in ReportFile.Kind.values or language not in {"da", "kl"}:
            raise Http404
        file = ask_for_file(self.report, kind, language, by=self.person, at=timezone.now())
        return redirect("cooperation:report-file", self.report.pk, file.pk)


class OwnFileMixin(OneReportMixin):
    """A file that the person asked for, of a report that is still read."""

    @cached_property
    def file(self) -> ReportFile:
        """The file of the address; 404 for one of somebody else."""
        return get_object_or_404(
            ReportFile, pk=self.kwargs["file"], report=self.report, person=self.person
        )


class FileView(OwnFileMixin, View):
    """How far a file is; it can be left and found again."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        file = self.file
        context = {
            "report": self.report,
            "file": file,
            "can_be_fetched": file.can_be_fetched(at=timezone.now()),
            "said_in": {"da": "Dansk", "kl": "Kalaallisut"}[file.language],
        }
        return render(request, "cooperation/reports/file.html", context)


class FetchFileView(OwnFileMixin, View):
    """The file itself."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Send it."""
        file = self.file
        if not file.can_be_fetched(at=timezone.now()):
            raise Http404
        try:
            made = file.file.open("rb")
        except FileNotFoundError:  # a restored backup may be without it
            raise Http404 from None
        response = FileResponse(
            made,
            as_attachment=True,
            filename=f"halvaarsrapport-{self.report.period.key}-{file.language}.{file.kind}",
        )
        response["Cache-Control"] = "no-store"
        return response
