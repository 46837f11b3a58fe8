"""Every report of a half-year: who has delivered, and what one can begin."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from cooperation.models import HalfYearReport, Initiative
from cooperation.reports.actions import ReportRefused, begin_report
from cooperation.reports.columns import columns_on
from cooperation.reports.content import Scope
from cooperation.reports.halves import HalfYear
from cooperation.reports.permissions import (
    readable_reports,
    reported_initiatives,
    reported_municipalities,
)
from cooperation.reports.views.base import ReportsMixin, State
from people.models import Organisation


class ReportsView(ReportsMixin, View):
    """Every report of a half-year: who has delivered, what can be begun."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """The half-year of the address, or the last one that is over."""
        now = timezone.now()
        ended = HalfYear.ended(at=now)
        half = HalfYear.parse(request.GET.get("halvaar", "")) or ended
        reports, corrections = _editions(half)
        readable = set(readable_reports(self.standing).of_half(half).values_list("pk", flat=True))
        own = reported_municipalities(self.standing, half)
        country = self.standing.coordinates("country")
        municipalities = [
            self._row(reports.get((UUID(column.key), None)), readable, column.name, column.key)
            | {"may_begin": UUID(column.key) in own}
            | _correction(corrections.get((UUID(column.key), None)), readable)
            for column in columns_on(half.last_day)
        ]
        whole = self._row(reports.get((None, None)), readable, _("The whole country"), "")
        initiatives = [
            self._row(reports.get((None, one.pk)), readable, str(one), str(one.pk))
            | {"may_begin": True}
            | _correction(corrections.get((None, one.pk)), readable)
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
            "whole": whole
            | {"may_begin": country}
            | _correction(corrections.get((None, None)), readable),
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
            "correction": None,
        }


#: Whom a report is about: municipality and initiative, or neither.
Subject = tuple[UUID | None, UUID | None]


def _editions(
    half: HalfYear,
) -> tuple[dict[Subject, HalfYearReport], dict[Subject, HalfYearReport]]:
    """Of each report the newest frozen edition, or the draft; and the corrections under way."""
    reports: dict[Subject, HalfYearReport] = {}
    corrections: dict[Subject, HalfYearReport] = {}
    found = HalfYearReport.objects.of_half(half).defer("content").order_by("edition", "pk")
    for one in found:
        subject = (one.municipality_id, one.initiative_id)
        if one.is_frozen or subject not in reports:
            reports[subject] = one
        else:
            corrections[subject] = one
    return reports, corrections


def _correction(report: HalfYearReport | None, readable: set[Any]) -> dict[str, Any]:
    can_read = report is not None and report.pk in readable
    return {"correction": report if can_read else None}


class BeginView(ReportsMixin, View):
    """Begin a report, or go to the one there is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin it; 404 for what the person does not report on."""
        half = HalfYear.parse(request.POST.get("halvaar", ""))
        scope = self._scope(half) if half is not None else None
        if half is None or scope is None:
            raise Http404
        try:
            report = begin_report(scope, half, by=self.person, at=timezone.now())
        except ReportRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect("cooperation:reports")
        return redirect(report)

    def _scope(self, half: HalfYear) -> Scope | None:
        kind = self.request.POST.get("om", "")
        if kind == HalfYearReport.Kind.COUNTRY:
            return Scope() if self.standing.coordinates("country") else None
        key = _uuid(self.request.POST.get("id", ""))
        if kind == HalfYearReport.Kind.MUNICIPALITY and key in reported_municipalities(
            self.standing, half
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
