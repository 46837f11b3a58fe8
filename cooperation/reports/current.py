"""What a report says now: computed while it is written, read back once it is frozen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from cooperation.models import HalfYearReport
from cooperation.models.report import standing_words
from cooperation.reports.columns import Column
from cooperation.reports.content import (
    DELIVERED,
    MUNICIPALITY,
    Content,
    Delivery,
    Scope,
    build,
    figure_in,
    frame_of,
)
from cooperation.reports.counting import counted
from cooperation.reports.frame import Frame
from cooperation.reports.halves import HalfYear
from cooperation.reports.sections import Section
from cooperation.reports.sections.base import ADDED_UP
from core.periods import local_day


@dataclass(frozen=True)
class Before:
    """What is known of the half-year before.

    ``content`` is what the numbers are compared with; ``others`` are the reports of municipalities
    that this one came of and that covered another area: they can be read, not compared.
    """

    content: Content | None
    others: tuple[HalfYearReport, ...] = ()


def frame_of_report(report: HalfYearReport, *, on: date) -> Frame:
    """What the rows of a report are asked about: of a frozen one, who had delivered then."""
    if report.content is None:
        delivering = list(deliveries(report.period, report.scope))
        return frame_of(report.scope, report.period, delivering, on=on)
    delivered = {one["key"] for one in report.content["columns"] if one["state"] == DELIVERED}
    columns = tuple(report.scope.columns(report.period))
    return Frame(report.period, columns, frozenset(delivered), on, report.scope.initiative)


def content_of(report: HalfYearReport, *, on: date) -> Content:
    """What the report says, with its owner's words."""
    if report.content is not None:
        found: Content = report.content
        return found
    return computed(report, on=on)


def computed(report: HalfYearReport, *, on: date) -> Content:
    """What it would be frozen with on that day."""
    delivered = deliveries(report.period, report.scope)
    frame = frame_of(report.scope, report.period, list(delivered), on=on)
    tables = counted(report) if report.municipality_id is not None else None
    if tables is not None:
        delivered = {one.key: Delivery(one.key, tables.tables) for one in frame.columns}
    day = tables.counted_on if tables is not None else None
    content = build(frame, report.scope, delivered, on=on, counted_on=day)
    return content | {"words": standing_words(report)} | _edition_of(report)


def _edition_of(report: HalfYearReport) -> Content:
    """What it corrects, and why; nothing of a first edition."""
    older = report.corrects
    if older is None or older.frozen_at is None:
        return {}
    frozen_on = local_day(older.frozen_at).isoformat()
    return {
        "edition": {"number": report.edition, "corrects": frozen_on, "reason": report.reason},
    }


def deliveries(half: HalfYear, scope: Scope) -> dict[str, Delivery]:
    """What municipalities have delivered for ``half``, by column; a municipality needs none.

    What was corrected counts as it is now.
    """
    if scope.kind == MUNICIPALITY:
        return {}
    found = HalfYearReport.objects.of_municipalities().of_half(half).delivered()
    return {
        str(one.municipality_id): Delivery(str(one.municipality_id), one.content)
        for one in found
        if one.content is not None
    }


def report_about(scope: Scope, half: HalfYear) -> HalfYearReport | None:
    """The report of that half-year, if there is one."""
    return HalfYearReport.objects.of_half(half).about(scope).newest().first()


def before(report: HalfYearReport) -> Before:
    """The frozen report of the half-year before, or those of the municipalities it came of."""
    half = report.period.before
    frozen = HalfYearReport.objects.of_half(half).delivered()
    same = frozen.about(report.scope).first()
    if same is not None:
        return Before(same.content)
    municipality = report.scope.municipality
    if municipality is None:
        return Before(None)
    parents = list(municipality.predecessors.order_by("name", "pk"))
    found = frozen.of_municipalities().filter(municipality__in=parents)
    others = tuple(found.select_related("municipality").order_by("municipality__name", "pk"))
    # Renamed: the same area under another name. Divided or joined: not the same area.
    if len(parents) == 1 and parents[0].successors.count() == 1:
        return Before(others[0].content if others else None)
    return Before(None, others)


def corrected_since(report: HalfYearReport) -> list[HalfYearReport]:
    """What was corrected after it had gone into this frozen report, which stays; one query."""
    if report.frozen_at is None or report.kind == HalfYearReport.Kind.MUNICIPALITY:
        return []
    found = HalfYearReport.objects.of_municipalities().of_half(report.period).delivered()
    newer = found.filter(edition__gt=1, frozen_at__gt=report.frozen_at)
    columns = {one["key"] for one in (report.content or {}).get("columns", [])}
    return [
        one
        for one in newer.select_related("municipality").order_by("municipality__name", "pk")
        if str(one.municipality_id) in columns
    ]


def columns_of(frame: Frame, column: str | None) -> list[Column]:
    """The columns behind a number: one, or all that have delivered."""
    delivered = [one for one in frame.columns if one.key in frame.delivered]
    return [one for one in delivered if column is None or one.key == column]


@dataclass(frozen=True)
class Opened:
    """A number with the rows that it counts, and the municipalities they lie in."""

    number: int
    rows: "QuerySet[Any]"
    columns: list[Column]

    def number_now(self, unit: str) -> int:
        """What its rows come to today; one query."""
        if unit in ADDED_UP:
            return self.rows.aggregate(now=Sum(ADDED_UP[unit], default=0))["now"] or 0
        return self.rows.count()


def open_rows(
    frame: Frame, content: Content, section: Section, figure: str, column: str | None
) -> Opened | None:
    """What a number counts; none for a number that is not shown.

    Behind a sum stand the municipalities whose number is shown in it, and no other.
    """
    said = figure_in(content, section.key, figure)
    if said is None:
        return None
    number = said["total"] if column is None else said["cells"].get(column)
    if not isinstance(number, int):
        return None
    columns = columns_of(frame, column)
    if not section.is_whole:
        columns = [one for one in columns if isinstance(said["cells"].get(one.key), int)]
    if not section.is_whole:
        frame = frame.narrowed({one.key for one in columns})
    rows = section.rows(frame, figure) if section.is_for(frame) else None
    return None if rows is None else Opened(number, rows, columns)
