"""The pages of half-year reports: the list, one report, its words, its rows, its files."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from cooperation.models import HalfYearReport, Initiative, ReportFile, ReportWords
from cooperation.reports.actions import (
    ReportRefused,
    ask_for_file,
    begin_report,
    comment,
    freeze_report,
    send_round,
    write_words,
)
from cooperation.reports.columns import Column, columns_on
from cooperation.reports.content import Content, Scope, figure_in
from cooperation.reports.current import (
    Opened,
    before,
    columns_of,
    content_of,
    frame_of_report,
    open_rows,
)
from cooperation.reports.forms import CommentForm, WordsForm
from cooperation.reports.halves import HalfYear
from cooperation.reports.permissions import (
    ROLES,
    commentable_reports,
    opens,
    readable_reports,
    reported_initiatives,
    reported_municipalities,
    writable_reports,
)
from cooperation.reports.sections import Section, section_of
from cooperation.reports.showing import file_name, show, table
from core import access_log
from core.bilingual import Text
from core.spreadsheets import csv_response
from people.access import RoleRequiredMixin
from people.models import Organisation

#: The column of an address that means all of them.
ALL = "alle"
PER_PAGE = 50
State = HalfYearReport.State
READERS = {
    State.DRAFT: gettext_lazy("those who coordinate what the report is about"),
    State.ROUND: gettext_lazy("those who lead or coordinate in the places it is about"),
    State.FROZEN: gettext_lazy("everybody who leads or coordinates"),
}


class ReportsMixin(RoleRequiredMixin):
    """For those who lead or coordinate."""

    required_roles = ROLES


class OneReportMixin(ReportsMixin):
    """One report that the person reads; 404 for any other."""

    @cached_property
    def report(self) -> HalfYearReport:
        """The report of the address."""
        found = readable_reports(self.standing).select_related("municipality", "initiative")
        return get_object_or_404(found, pk=self.kwargs["report"])

    def opens(self, section: Section, columns: Sequence[Column]) -> bool:
        """Whether the rows of a section are opened to the person, for these municipalities."""
        return opens(self.standing, section, columns, is_country=self.report.municipality is None)

    @cached_property
    def may_write(self) -> bool:
        """Whether the person writes and freezes it."""
        return writable_reports(self.standing).filter(pk=self.report.pk).exists()


class WritesMixin(OneReportMixin):
    """One report that the person writes; 404 for any other."""

    @cached_property
    def report(self) -> HalfYearReport:
        """The report of the address."""
        found = writable_reports(self.standing).select_related("municipality", "initiative")
        return get_object_or_404(found, pk=self.kwargs["report"])


# --- All of them ----------------------------------------------------------------------------------


class ReportsView(ReportsMixin, View):
    """Every report of a half-year: who has delivered, what can be begun."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The half-year of the address, or the last one that is over."""
        now = timezone.now()
        ended = HalfYear.ended(at=now)
        half = HalfYear.parse(request.GET.get("halvaar", "")) or ended
        reports = {
            (one.municipality_id, one.initiative_id): one
            for one in HalfYearReport.objects.of_half(half).defer("content")
        }
        readable = set(readable_reports(self.standing).of_half(half).values_list("pk", flat=True))
        own = reported_municipalities(self.standing)
        country = self.standing.coordinates("country")
        municipalities = [
            self._row(reports.get((UUID(column.key), None)), readable, column.name, column.key)
            | {"may_begin": UUID(column.key) in own}
            for column in columns_on(half.last_day)
        ]
        whole = self._row(reports.get((None, None)), readable, _("The whole country"), "")
        initiatives = [
            self._row(reports.get((None, one.pk)), readable, str(one), str(one.pk))
            | {"may_begin": True}
            for one in reported_initiatives(self.standing)
        ]
        mine = {row["key"] for row in initiatives}
        initiatives += [
            self._row(one, readable, str(one.initiative), str(one.initiative_id))
            for one in reports.values()
            if one.initiative_id and str(one.initiative_id) not in mine and one.pk in readable
        ]
        context = {
            "half": half,
            "earlier": half.before,
            "later": half.after if half.after.starts_on <= self.standing.day else None,
            "has_begun": half.starts_on <= self.standing.day,
            "municipalities": municipalities,
            "whole": whole | {"may_begin": country},
            "initiatives": initiatives,
            "delivered": sum(row["state"] == State.FROZEN for row in municipalities),
        }
        return render(request, "cooperation/reports/list.html", context)

    def _row(
        self, report: HalfYearReport | None, readable: set[Any], name: str, key: str
    ) -> dict[str, Any]:
        can_read = report is not None and report.pk in readable
        return {
            "name": name,
            "key": key,
            "report": report if can_read else None,
            "state": report.state if report is not None else "",
            "exists": report is not None,
            "may_begin": False,
        }


class BeginView(ReportsMixin, View):
    """Begin a report, or go to the one there is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin it; 404 for what the person does not report on."""
        half = HalfYear.parse(request.POST.get("halvaar", ""))
        scope = self._scope()
        if half is None or scope is None:
            raise Http404
        try:
            report = begin_report(scope, half, by=self.person, at=timezone.now())
        except ReportRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("cooperation:reports")
        return redirect(report)

    def _scope(self) -> Scope | None:
        kind = self.request.POST.get("om", "")
        if kind == HalfYearReport.Kind.COUNTRY:
            return Scope() if self.standing.coordinates("country") else None
        key = _uuid(self.request.POST.get("id", ""))
        if kind == HalfYearReport.Kind.MUNICIPALITY and key in reported_municipalities(
            self.standing
        ):
            return Scope(municipality=Organisation.objects.get(pk=key))
        if kind == HalfYearReport.Kind.INITIATIVE:
            return self._initiative(key)
        return None

    def _initiative(self, key: UUID | None) -> Scope | None:
        found: Initiative | None = next(
            (one for one in reported_initiatives(self.standing) if one.pk == key), None
        )
        return Scope(initiative=found) if found else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# --- One ------------------------------------------------------------------------------------------


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
        form.fields["section"].choices = self.choices  # type: ignore[attr-defined]
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
        form.fields["section"].choices = self.choices  # type: ignore[attr-defined]
        goes_round = report.state == State.ROUND
        context = {
            "report": report,
            "shown": shown,
            "others": past.others,
            "form": form,
            "may_write": self.may_write and not report.is_frozen,
            "may_freeze": report.period.is_over(on=self.standing.day),
            "goes_round": goes_round,
            "comments": report.comments.select_related("author").order_by("written_at", "pk"),
            "titles": dict(self.choices),
            "readers": READERS[State(report.state)],
            "languages": [("da", "Dansk"), ("kl", "Kalaallisut")],
        }
        return render(self.request, "cooperation/reports/report.html", context, status=status)

    def _opener(self) -> Any:
        """Gives the address of the rows behind a number, to those who may open them."""
        frame = frame_of_report(self.report)
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
        }
        return render(request, "cooperation/reports/freeze.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Freeze it."""
        try:
            freeze_report(self.report, by=self.person, at=timezone.now())
        except ReportRefused as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, _("The report is frozen. Nothing of it changes any more."))
        return redirect(self.report)


# --- Rows -----------------------------------------------------------------------------------------


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
        frame = frame_of_report(self.report)
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
        names = {one.key: one.name for one in frame_of_report(self.report).columns}
        header = list(self.section.header())
        context = {
            "report": self.report,
            "section": self.section,
            "label": Text.choose(self.figure["label"]),
            "where": names.get(self.column or "", ""),
            "number": self.opened.number,
            "is_count": self.figure["unit"] == "count",
            "differs": self.report.is_frozen
            and self.figure["unit"] == "count"
            and self.opened.number != page.paginator.count,
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


# --- Files ----------------------------------------------------------------------------------------


class TableView(OneReportMixin, View):
    """The report as CSV."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The table."""
        content = content_of(self.report, on=self.standing.day)
        shown = show(content, before(self.report).content)
        name = file_name(shown, "csv").removesuffix(".csv")
        return csv_response(name, *table(shown))


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
