"""A frozen report gets a newer edition, or keeps the old one; what was frozen stays as it is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from cooperation.models import HalfYearReport
from cooperation.reports.actions import ReportRefused, correct_report, drop_correction
from cooperation.reports.forms import CorrectForm
from cooperation.reports.permissions import writable_reports
from cooperation.reports.views.base import READERS, State, WritesMixin


class CorrectView(WritesMixin, View):
    """Ask why, then begin the newer edition."""

    form_refuses_identity = True  # in its form, at the field

    @cached_property
    def report(self) -> HalfYearReport:
        """A frozen report that one writes: any other is changed as it is."""
        found = writable_reports(self.standing).frozen()
        return get_object_or_404(
            found.select_related("municipality", "initiative"), pk=self.kwargs["report"]
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What it means; where a newer edition is begun, that one."""
        begun = HalfYearReport.objects.filter(corrects=self.report).first()
        return redirect(begun) if begun else self.draw(CorrectForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Begin it; pressed twice, it is begun once."""
        form = CorrectForm(request.POST)
        if not form.is_valid():
            return self.draw(form, status=422)
        try:
            newer = correct_report(
                self.report,
                reason=form.cleaned_data["reason"],
                by=self.person,
                at=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
            return self.draw(form, status=422)
        messages.success(request, _("The new edition is begun. Look it through, then deliver it."))
        return redirect(newer)

    def draw(self, form: CorrectForm, status: int = 200) -> HttpResponse:
        """The page with this form."""
        context = {"form": form, "report": self.report, "readers": READERS[State.FROZEN]}
        return render(self.request, "cooperation/reports/correct.html", context, status=status)


class DropView(WritesMixin, View):
    """Look once more, then throw away a newer edition that is not delivered."""

    @cached_property
    def report(self) -> HalfYearReport:
        """A newer edition that one writes; a first one is never thrown away."""
        found = writable_reports(self.standing).filter(corrects__isnull=False)
        return get_object_or_404(
            found.select_related("municipality", "initiative", "corrects"),
            pk=self.kwargs["report"],
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What goes, and what stays."""
        if self.report.is_frozen:
            return redirect(self.report)
        context = {
            "report": self.report,
            "older": self.report.corrects,
            "comments": self.report.comments.count(),
        }
        return render(request, "cooperation/reports/drop.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Throw it away, and go back to the edition that counts."""
        try:
            older = drop_correction(self.report, by=self.person, at=timezone.now())
        except ReportRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(self.report)
        messages.success(request, _("The new edition is thrown away. This one counts."))
        return redirect(older)
