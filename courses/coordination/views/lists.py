"""Who is where with what: the list, the numbers, and both as tables to take along."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from core.spreadsheets import csv_response, xlsx_response
from courses.coordination import progress
from courses.coordination.exporting import Export
from courses.coordination.forms import (
    NameSearchForm,
)
from courses.coordination.oversight import ALL, SORTS, STATES, WAITING, Report, totals_for
from courses.coordination.views.base import CoordinatorMixin, keys_in
from courses.models import Assignment, LearningPath
from people.models import Person, Role
from people.permissions import TRAINING_CHOICES

PER_PAGE = 25


#: The tables of progress: their heading, what a line is, and who reads them.
PROGRESS: dict[str, tuple[Any, Any, Any]] = {
    "by": (gettext_lazy("By town"), gettext_lazy("Town"), progress.by_town),
    "forloeb": (gettext_lazy("By learning path"), gettext_lazy("Learning path"), progress.by_path),
}


class OversightView(CoordinatorMixin, View):
    """Who is late, who is stuck, who has no path; searched by POST. A leader reads totals."""

    form_refuses_identity = True  # in its form, at the field

    def may_open(self) -> bool:
        """Coordinators by name, leaders in totals."""
        return self.standing.has(Role.Key.COORDINATOR, Role.Key.LEADER)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self._list(NameSearchForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The list, searched: the text stands in no address and no log."""
        return self._list(NameSearchForm(request.POST))

    def _list(self, search: NameSearchForm) -> HttpResponse:
        now = timezone.now()
        leads = self.standing.has(Role.Key.LEADER)
        context: dict[str, Any] = {
            "totals": totals_for(self.standing, at=now) if leads else None,
            "leads": leads,
            "coordinates": self.standing.has(Role.Key.COORDINATOR),
            "form": search,  # for the page title of an error
            "search": search,
        }
        if context["coordinates"]:
            context |= self._report(search, now)
        status = 422 if search.errors else 200
        return render(self.request, "courses/coordination/oversight.html", context, status=status)

    def _report(self, search: NameSearchForm, now: Any) -> dict[str, Any]:
        query = search.cleaned_data["q"] if search.is_bound and search.is_valid() else ""
        report = Report.asked(self.standing, self.request.GET, at=now, query=query)
        counts = report.counts()
        # A search shows its first page alone: the next one would put the text into an address.
        page = Paginator(range(0 if search.errors else counts[report.state]), PER_PAGE).get_page(
            1 if query else self.request.GET.get("page")
        )
        begin, end = page.start_index() - 1 if page.object_list else 0, page.end_index()
        rows: list[Any] = []
        if report.state == WAITING:
            waiting = report.waiting.prefetch_related(report.with_roles("roles"))
            rows = list(waiting.order_by("name", "pk")[begin:end])
        elif page.object_list:
            rows = list(report.on_page(begin, end, counts))
        people = [row if report.state == WAITING else row.person for row in rows]
        self.log("list", people)
        if report.state != WAITING:
            for row in rows:
                row.shown_state = report.state_of(row)
        return {
            "report": report,
            "page": page,
            "rows": rows,
            "query": query,
            "is_waiting": report.state == WAITING,
            "states": [
                {
                    "title": f"{label} ({counts[key]})",
                    "url": f"?{report.address(tilstand=key if key != ALL else '')}".rstrip("&"),
                    "is_current": key == report.state,
                }
                for key, label in STATES.items()
            ],
            "kept": report.address(),
            "areas": report.areas,
            "paths": list(LearningPath.objects.order_by("position", "key")),
            "roles": TRAINING_CHOICES,
            "sorts": SORTS.items(),
            "batch": self._undoable(),
        }

    def _undoable(self) -> str:
        """The batch just given, from the address, so that it can be undone with one press."""
        keys = keys_in([self.request.GET.get("tildelt", "")])
        own = Assignment.objects.active().filter(batch__in=keys, assigned_by=self.person)
        return str(keys[0]) if keys and own.exists() else ""


class ProgressView(CoordinatorMixin, TemplateView):
    """How far everybody is, by town and by path."""

    template_name = "courses/coordination/progress.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One table for each."""
        tables = [
            {
                "key": key,
                "title": title,
                "first": first,
                "lines": lines,
                "has_waiting": bool(lines) and lines[0].waiting is not None,
            }
            for key, (title, first, read) in PROGRESS.items()
            for lines in [read(self.standing, at=timezone.now())]
        ]
        return super().get_context_data(**(kwargs | {"tables": tables}))


class ProgressTableView(CoordinatorMixin, View):
    """One of these tables to take along."""

    def get(self, request: HttpRequest, table: str, kind: str) -> HttpResponseBase:
        """The table as CSV or as a workbook.

        Raises:
            Http404: For a table that there is not.
        """
        if table not in PROGRESS:
            raise Http404
        _title, first, read = PROGRESS[table]
        lines = read(self.standing, at=timezone.now())
        answer = csv_response if kind == "csv" else xlsx_response
        name = f"laering-{table}-{self.standing.day.isoformat()}"
        return answer(name, progress.header(str(first), lines), progress.rows(lines))


class ExportView(CoordinatorMixin, View):
    """The list as it is narrowed, as a table to take along: CSV or a workbook."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The table. That it was taken stands in the access log, a line per person."""
        report = Report.asked(self.standing, request.GET, at=timezone.now())
        export = Export(report, lambda keys: self.log("export", (Person(pk=key) for key in keys)))
        name = f"laering-{report.day.isoformat()}"
        if kind == "xlsx":
            return xlsx_response(name, export.header(), export.rows())
        return csv_response(name, export.header(), export.rows())
