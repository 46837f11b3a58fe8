"""What the owner does with a report: writes words, sends it round, delivers it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from cooperation.models import HalfYearReport, ReportWords
from cooperation.reports.actions import (
    ReportRefused,
    freeze_report,
    seen_of,
    send_round,
    write_words,
)
from cooperation.reports.content import figure_in
from cooperation.reports.current import content_of
from cooperation.reports.forms import WordsForm
from cooperation.reports.sections import section_of
from cooperation.reports.showing import show
from cooperation.reports.views.base import ALL, READERS, State, WritesMixin


class WriteWordsView(WritesMixin, View):
    """The owner's words beside one section, or about the whole."""

    form_refuses_identity = True  # in its form, at the field

    @property
    def section(self) -> str:
        """The section of the address; empty for the whole report."""
        key = self.kwargs["section"]
        if key == ALL:
            return ""
        if section_of(key) is None:
            raise Http404
        return str(key)

    @property
    def kept(self) -> ReportWords | None:
        """What stands there."""
        return ReportWords.objects.filter(report=self.report, section=self.section).first()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form as it stands; a frozen report is shown instead."""
        if self.report.is_frozen:
            return redirect(self.report)
        kept = self.kept
        initial: dict[str, Any] = {"seen": kept.number if kept else 0}
        if kept is not None:
            initial |= {"text_da": kept.text_da, "text_kl": kept.text_kl}
        return self.draw(WordsForm(initial=initial))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep them; where somebody was faster, both texts are shown."""
        form = WordsForm(request.POST)
        if not form.is_valid():
            return self.draw(form, status=422)
        given = form.cleaned_data
        try:
            write_words(
                self.report, self.section,
                text_da=given["text_da"], text_kl=given["text_kl"], seen=given["seen"] or 0,
                by=self.person, at=timezone.now(),
            )  # fmt: skip
        except ValidationError as refusal:
            elsewhere = None
            if getattr(refusal, "code", "") == "changed":
                elsewhere = self.kept
                data = request.POST.copy()
                data["seen"] = str(elsewhere.number if elsewhere else 0)
                form = WordsForm(data)
                form.full_clean()
            form.add_error(None, refusal.messages[0])
            return self.draw(form, status=422, elsewhere=elsewhere)
        messages.success(request, _("Your words are saved."))
        return redirect(f"{self.report.get_absolute_url()}#{self.section or 'ord'}")

    def draw(
        self, form: WordsForm, status: int = 200, elsewhere: ReportWords | None = None
    ) -> HttpResponse:
        """The page with this form."""
        section = section_of(self.section)
        context = {
            "form": form,
            "report": self.report,
            "title": section.title if section else _("The whole report"),
            "elsewhere": elsewhere,
            "readers": READERS[State(self.report.state)],
        }
        return render(self.request, "cooperation/reports/words.html", context, status=status)


class SendRoundView(WritesMixin, View):
    """Let others read and comment."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send it round."""
        try:
            send_round(self.report, by=self.person, at=timezone.now())
        except ReportRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The report goes round for comment."))
        return redirect(self.report)


class FreezeView(WritesMixin, View):
    """Look once more, then deliver and freeze."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What it means, and what is still missing."""
        if self.report.is_frozen:
            return redirect(self.report)
        content = content_of(self.report, on=self.standing.day)
        shown = show(content, None)
        context = {
            "report": self.report,
            "shown": shown,
            "is_over": self.report.period.is_over(on=self.standing.day),
            "is_delivery": self.report.kind == HalfYearReport.Kind.MUNICIPALITY,
            "without_words": [part.title for part in shown.parts if not part.words],
            "sessions": figure_in(content, "sessions", "all"),
            "seen": seen_of(content),
        }
        return render(request, "cooperation/reports/freeze.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Freeze what was looked at; what has changed since is looked at once more."""
        seen = request.POST.get("seen", "")
        try:
            freeze_report(self.report, seen=seen, by=self.person, at=timezone.now())
        except ReportRefused as refusal:
            messages.error(request, refusal.messages[0])
            if refusal.code == "changed":
                return redirect("cooperation:report-freeze", self.report.pk)
        else:
            messages.success(request, _("The report is frozen. Nothing of it changes any more."))
        return redirect(self.report)
