"""What half-year reports have to say on the start page, and on that of the cooperation."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperation.models import HalfYearReport
from cooperation.models.report import ReportQuerySet
from cooperation.permissions import coordinates_country
from cooperation.reports.halves import HalfYear
from cooperation.reports.permissions import ROLES, answered_on, commentable_reports
from core.periods import PeriodQuerySet
from core.start_page import Section
from people.models import Organisation
from people.permissions import Standing

SHOWN = 5


def missing(standing: Standing) -> PeriodQuerySet[Organisation]:
    """Which of the own municipalities have not delivered the half-year that ended last."""
    half = HalfYear.ended(at=timezone.now())
    delivered = HalfYearReport.objects.of_municipalities().of_half(half).frozen()
    there = Organisation.objects.valid_on(half.last_day)
    own = there.filter(kind=Organisation.Kind.MUNICIPALITY)
    if not coordinates_country(standing):
        own = Organisation.objects.filter(pk__in=answered_on(standing, half.last_day))
    return own.exclude(pk__in=delivered.values("municipality"))


def going_round(standing: Standing) -> ReportQuerySet:
    """What others have sent round for comment."""
    return commentable_reports(standing).exclude(begun_by=standing.person)


def reports_due(_request: HttpRequest, standing: Standing) -> Section | None:
    """Which of the own municipalities have not delivered, and what goes round; two queries."""
    if not standing.has(*ROLES):
        return None
    half = HalfYear.ended(at=timezone.now())
    going = going_round(standing).select_related("municipality", "initiative")
    context = {
        "half": half,
        "is_late": standing.day > half.due_on,
        "missing": list(missing(standing).order_by("name", "pk")[:SHOWN]),
        "round": list(going.order_by("sent_round_at", "pk")[:SHOWN]),
    }
    if not context["missing"] and not context["round"]:
        return None
    return Section(_("Half-year report"), "cooperation/reports/start.html", context, order=8)


def reports_here(_request: HttpRequest, standing: Standing) -> Section | None:
    """Where the reports are, and how many municipalities have delivered; one query."""
    if not standing.has(*ROLES):
        return None
    half = HalfYear.ended(at=timezone.now())
    delivered = HalfYearReport.objects.of_municipalities().of_half(half).delivered()
    return Section(
        _("Half-year reports"),
        "cooperation/reports/section.html",
        {"half": half, "delivered": delivered.count()},
        order=30,
    )
