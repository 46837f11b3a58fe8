"""Counting who stands in the tables about people: once for each edition, and then never again.

Whoever reads a draft twice, two drafts that are open at once, or a draft and what is frozen, reads
them side by side. So a draft has told what it shows, as much as a frozen report has: its tables
about people are counted when it is begun, or as soon as the half-year is over, beside all that was
told by then. The draft shows these, and with these it is frozen.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cooperation.models import HalfYearReport, ToldTables
from cooperation.reports.content import Content, Told, frame_of, tables_about_people
from core.periods import local_day
from people.models import Organisation

#: What names an edition. Not its report, which goes when a correction is thrown away.
EDITION = ("municipality", "year", "half", "edition")


@transaction.atomic
def count_people(report: HalfYearReport, *, at: datetime) -> bool:
    """Count them for a municipality's report, if it is time and nobody has; whether it was done.

    Locks the municipality: of two drafts that are begun at once the second is held against the
    first.
    """
    municipality = report.municipality
    if municipality is None or report.is_frozen or not report.period.is_over(on=local_day(at)):
        return False
    about = _about_the_same_people(municipality)
    list(Organisation.objects.select_for_update(no_key=True).filter(about).order_by("pk"))
    if counted(report) is not None:
        return False
    frame = frame_of(report.scope, report.period, (), on=local_day(at))
    tables = tables_about_people(frame, told_before(report))
    ToldTables.objects.create(**_edition(report), tables=tables, counted_on=local_day(at))
    return True


def count_due(at: datetime) -> int:
    """Count for the drafts that were begun before their half-year was over; runs again.

    Returns:
        For how many it was done.
    """
    done = ToldTables.objects.filter(**{name: OuterRef(name) for name in EDITION})
    waiting = HalfYearReport.objects.of_municipalities().filter(
        ~Exists(done), ~Q(state=HalfYearReport.State.FROZEN)
    )
    found = waiting.select_related("municipality", "initiative").order_by("year", "half", "pk")
    return sum(count_people(report, at=at) for report in found)


def counted(report: HalfYearReport) -> ToldTables | None:
    """What was counted for this edition; one query."""
    return ToldTables.objects.filter(**_edition(report)).first()


def told_before(report: HalfYearReport) -> Told:
    """What its municipality has told by now, as it was told: every draft and every edition.

    Also those that it came of and that came of it: they are about the same people.
    """
    municipality = report.municipality
    if municipality is None:
        return Told()
    same = Organisation.objects.filter(_about_the_same_people(municipality)).values("pk")
    frozen = HalfYearReport.objects.frozen().of_municipalities().filter(municipality__in=same)
    kept = ToldTables.objects.filter(municipality__in=same)
    nothing: Content = {"sections": []}
    told: list[tuple[HalfYearReport | ToldTables, Content]] = [
        *((one, one.content or nothing) for one in frozen.order_by("edition", "pk")),
        *((one, one.tables) for one in kept.order_by("edition", "pk")),
    ]
    mine = (report.year, report.half)
    editions: list[Content] = []
    before: list[Content] = []
    after: list[Content] = []
    for one, content in sorted(told, key=lambda pair: (pair[0].year, pair[0].half)):
        half = (one.year, one.half)
        if half == mine and one.municipality_id == municipality.pk:
            editions.append(content)
        elif half <= mine:
            before.append(content)
        else:
            after.append(content)
    return Told(editions, before, after)


def _edition(report: HalfYearReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in EDITION}


def _about_the_same_people(municipality: Organisation) -> Q:
    keys = {
        municipality.pk,
        *municipality.predecessors.values_list("pk", flat=True),
        *municipality.successors.values_list("pk", flat=True),
    }
    return Q(pk__in=keys)
