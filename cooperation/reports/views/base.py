"""What the pages of reports share: whose pages they are, and which report."""

from collections.abc import Sequence

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from cooperation.models import HalfYearReport
from cooperation.reports.columns import Column
from cooperation.reports.permissions import ROLES, opens, readable_reports, writable_reports
from cooperation.reports.sections import Section
from people.access import RoleRequiredMixin

#: The part of an address that means all of them: columns, or sections.
ALL = "alle"
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
        found = readable_reports(self.standing).select_related(
            "municipality", "initiative", "corrects"
        )
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
        found = writable_reports(self.standing).select_related(
            "municipality", "initiative", "corrects"
        )
        return get_object_or_404(found, pk=self.kwargs["report"])
