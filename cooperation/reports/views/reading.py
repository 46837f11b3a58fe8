"""One report: its figures, words and comments, as a page and as a table."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from cooperation.reports.actions import ReportRefused, comment
from cooperation.reports.content import Content
from cooperation.reports.current import (
    before,
    columns_of,
    content_of,
    corrected_since,
    frame_of_report,
)
from cooperation.reports.forms import CommentForm
from cooperation.reports.permissions import (
    commentable_reports,
    readable_reports,
    reports_read_with_comments,
)
from cooperation.reports.sections import Section, section_of
from cooperation.reports.showing import file_name, show, table
from cooperation.reports.views.base import ALL, READERS, OneReportMixin, State
from core.bilingual import Text
from core.forms import offer
from core.spreadsheets import csv_response


class ReportView(OneReportMixin, View):
    """A report: its figures, words and comments, and what can be done with it."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.draw(CommentForm(initial={"key": uuid4()}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Keep a comment; 404 where the report does not go round to the person."""
        get_object_or_404(commentable_reports(self.standing), pk=self.report.pk)
        form = CommentForm(request.POST)
        offer(form, section=self.choices)
        if not form.is_valid():
            return self.draw(form, status=422)
        given = form.cleaned_data
        try:
            comment(
                self.report, given["section"], given["text"],
                key=given["key"], by=self.person, at=timezone.now(),
            )  # fmt: skip
        except ReportRefused as refusal:
            form.add_error(None, refusal)
            return self.draw(form, status=422)
        messages.success(request, _("Your comment is sent."))
        return redirect(f"{self.report.get_absolute_url()}#kommentarer")

    @cached_property
    def content(self) -> Content:
        """What the report says."""
        return content_of(self.report, on=self.standing.day)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The sections one can comment on."""
        parts = [(one["key"], str(Text.choose(one["title"]))) for one in self.content["sections"]]
        return [("", _("The whole report")), *parts]

    def draw(self, form: CommentForm, status: int = 200) -> HttpResponse:
        """The page with this form."""
        report = self.report
        past = before(report)
        shown = show(self.content, past.content, self._opener())
        offer(form, section=self.choices)
        goes_round = report.state == State.ROUND
        context = {
            "report": report,
            "shown": shown,
            "others": past.others,
            "form": form,
            "may_write": self.may_write and not report.is_frozen,
            "may_freeze": report.period.is_over(on=self.standing.day),
            "goes_round": goes_round,
            **self._comments(),
            **self._editions(),
            "titles": dict(self.choices),
            "readers": READERS[State(report.state)],
            "languages": [("da", "Dansk"), ("kl", "Kalaallisut")],
        }
        return render(self.request, "cooperation/reports/report.html", context, status=status)

    def _comments(self) -> dict[str, Any]:
        """What was said of it, to those who read that."""
        found = self.report.comments.select_related("author").order_by("written_at", "pk")
        reads = reports_read_with_comments(self.standing).filter(pk=self.report.pk).exists()
        return {
            "reads_comments": reads,
            "comments": found if reads else found.none(),
            "comment_readers": READERS[State.ROUND],
        }

    def _editions(self) -> dict[str, Any]:
        """What it corrects, and what corrects it as far as the person reads that."""
        newer = readable_reports(self.standing).filter(corrects=self.report).first()
        return {
            "older": self.report.corrects,
            "newer": newer,
            # Whoever writes it reads every edition: to them, none is none.
            "may_correct": self.may_write and self.report.is_frozen and newer is None,
            "may_drop": self.may_write and not self.report.is_frozen,
            "corrected": corrected_since(self.report),
        }

    def _opener(self) -> Any:
        """Gives the address of the rows behind a number, to those who may open them."""
        frame = frame_of_report(self.report, on=self.standing.day)
        asked: dict[tuple[str, str | None], bool] = {}

        def may(section: Section, column: str | None) -> bool:
            key = (section.key, column)
            if key not in asked:
                own = columns_of(frame, column)
                asked[key] = self.opens(section, own)
            return asked[key]

        def address(section_key: str, figure: str, column: str | None) -> str:
            section = section_of(section_key)
            if section is None or not may(section, column):
                return ""
            return reverse(
                "cooperation:report-rows",
                args=[self.report.pk, section_key, figure, column or ALL],
            )

        return address


class TableView(OneReportMixin, View):
    """The report as CSV."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The table."""
        content = content_of(self.report, on=self.standing.day)
        shown = show(content, before(self.report).content)
        name = file_name(shown, "csv").removesuffix(".csv")
        return csv_response(name, *table(shown))
