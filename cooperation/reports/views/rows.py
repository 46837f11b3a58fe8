"""The rows behind one number: read page by page, or taken along as CSV."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View

from cooperation.reports.content import Content, figure_in
from cooperation.reports.current import Opened, content_of, frame_of_report, open_rows
from cooperation.reports.sections import Section, section_of
from cooperation.reports.showing import said
from cooperation.reports.views.base import ALL, OneReportMixin
from core import access_log
from core.bilingual import Text
from core.spreadsheets import csv_response

PER_PAGE = 50


class RowsMixin(OneReportMixin):
    """The rows behind one number; 404 for whoever may not open them."""

    @cached_property
    def section(self) -> Section:
        """The section of the address."""
        found = section_of(self.kwargs["section"])
        if found is None:
            raise Http404
        return found

    @property
    def column(self) -> str | None:
        """The column of the address; none for all."""
        key = str(self.kwargs["column"])
        return None if key == ALL else key

    @cached_property
    def content(self) -> Content:
        """What the report says."""
        return content_of(self.report, on=self.standing.day)

    @cached_property
    def opened(self) -> Opened:
        """The rows; 404 without such a figure, for a hidden number and without the right."""
        frame = frame_of_report(self.report, on=self.standing.day)
        figure = str(self.kwargs["figure"])
        found = open_rows(frame, self.content, self.section, figure, self.column)
        if found is None or not self.opens(self.section, found.columns):
            raise Http404
        return found

    @property
    def figure(self) -> dict[str, Any]:
        """What the report says in that place."""
        found = figure_in(self.content, self.kwargs["section"], self.kwargs["figure"])
        return dict(found or {})

    def note(self, action: str, rows: Sequence[Any]) -> None:
        """Note in the access log what was shown."""
        about = list(self.section.about(rows))
        access_log.record(self.account, action, about, at=timezone.now())


class RowsView(RowsMixin, View):
    """The rows, page by page."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """One page of them."""
        page = Paginator(self.opened.rows, PER_PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
        if self.section.opened_by != "readers":
            self.note("list", rows)
        names = {
            one.key: one.name for one in frame_of_report(self.report, on=self.standing.day).columns
        }
        header = list(self.section.header())
        context = {
            "report": self.report,
            "section": self.section,
            "label": Text.choose(self.figure["label"]),
            "where": names.get(self.column or "", ""),
            "number": said(self.content, self.section.key, self.figure["key"], self.column),
            "differs": self.opened.number != self.opened.number_now(self.figure["unit"]),
            "columns": [{"label": one} for one in header],
            "table": [list(cells) for cells in self.section.cells(rows)],
            "page": page,
        }
        return render(request, "cooperation/reports/rows.html", context)


class RowsFileView(RowsMixin, View):
    """The same rows as CSV, sent while they are read."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The file; what it holds is noted some hundred at a time."""
        name = f"halvaarsrapport-{self.report.period.key}-{self.section.key}"
        header = [str(one) for one in self.section.header()]
        return csv_response(name, header, self._lines(self.opened.rows))

    def _lines(self, rows: Any) -> Any:
        some: list[Any] = []
        for row in rows.iterator(chunk_size=500):
            some.append(row)
            if len(some) == 500:
                yield from self._noted(some)
                some = []
        yield from self._noted(some)

    def _noted(self, rows: list[Any]) -> list[Any]:
        if self.section.opened_by != "readers":
            self.note("export", rows)
        return list(self.section.cells(rows))
