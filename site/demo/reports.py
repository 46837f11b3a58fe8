"""The demo's half-year reports: two of the country to compare, one municipality not delivered.

One of the half-year before was corrected after the country's had gone out.
"""

import uuid
from datetime import datetime, timedelta

from cooperation.models import HalfYearReport, Initiative
from cooperation.reports.actions import (
    begin_report,
    comment,
    correct_report,
    freeze_report,
    send_round,
    write_words,
)
from cooperation.reports.content import Scope
from cooperation.reports.halves import HalfYear
from people.models import Organisation, Person

#: Whose report of the last half-year has not come.
NOT_DELIVERED = "kujalleq"
_SUMMARY = (
    "Demodata. Kollegerne fører selv ordet oftere end i begyndelsen af halvåret.\n"
    "Kommune Kujalleq har ikke afleveret; vi ved altså ikke, hvad der er sket dér."
)
_INTERPRETERS = "Tolk skal bestilles ugen før. Det gælder især, hvor forbindelsen er svag."
#: Whose report of the half-year before was wrong, and what was.
CORRECTED = "qeqqata"
_REASON = "To sessioner i Maniitsoq blev logget efter afleveringen. De er med nu."
_COMMENT = "Tolkningen i maj mangler i ordene. Den blev bestilt, men kom ikke."


def load_reports(people: dict[str, Person], *, at: datetime) -> None:
    """Two frozen half-years of the country, and one report that goes round; once."""
    if HalfYearReport.objects.exists():
        return
    half, national = HalfYear.ended(at=at), people["koordinator1"]
    moments = {half.before: half.before.ends_at + timedelta(days=40), half: at}
    for one, moment in moments.items():
        for municipality in Organisation.objects.valid_on(one.last_day).filter(kind="municipality"):
            if one == half and municipality.key == NOT_DELIVERED:
                continue
            own = people["koordinator2"] if municipality.key == "avannaata" else national
            report = begin_report(Scope(municipality=municipality), one, by=own, at=moment)
            freeze_report(report, by=own, at=moment)
        report = begin_report(Scope(), one, by=national, at=moment)
        if one == half:
            for section, text in (("", _SUMMARY), ("languages", _INTERPRETERS)):
                write_words(
                    report, section, text_da=text, text_kl="", seen=0, by=national, at=moment
                )
        freeze_report(report, by=national, at=moment)
    _correct(half.before, by=national, at=moments[half.before] + timedelta(days=9))
    initiative = Initiative.objects.filter(number=6).first()
    if initiative is not None:
        report = begin_report(Scope(initiative=initiative), half, by=national, at=at)
        send_round(report, by=national, at=at)
        leader = people["teamleder1"]
        comment(report, "languages", _COMMENT, key=uuid.uuid4(), by=leader, at=at)


def _correct(half: HalfYear, *, by: Person, at: datetime) -> None:
    older = HalfYearReport.objects.of_half(half).get(municipality__key=CORRECTED)
    newer = correct_report(older, reason=_REASON, by=by, at=at)
    freeze_report(newer, by=by, at=at)
