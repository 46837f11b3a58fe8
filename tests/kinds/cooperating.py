"""What the catalogue of pages shows of the cooperation, beside what the demo brings."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from cooperation.models import Body, HalfYearReport, Initiative, ReportFile
from cooperation.reports.actions import begin_report
from cooperation.reports.content import Scope
from cooperation.reports.halves import HalfYear
from people.models import Organisation, Person


def cooperation(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """Initiatives with and without words, bodies with and without members."""
    agency = Organisation.objects.get(key="socialstyrelsen")
    said = Initiative.objects.get(number=6)
    goal = said.goals.create(
        text_da="Sager lukkes inden for fristen", indicator="Kommuner, der når det", unit="kommuner"
    )
    goal.values.create(measured_on=today - timedelta(days=90), value=2, written_at=at)
    said.updates.create(
        state="at_risk",
        said_on=today - timedelta(days=7),
        words="To kommuner mangler tolk.",
        written_at=at,
        published_at=at,
    )
    body = Body.objects.create(
        kind="steering",
        name_da="Styregruppen",
        purpose_da="Følger indsatserne og beslutter, hvad der skal ske.",
        keeper=agency,
        starts_on=today - timedelta(days=400),
        created_at=at,
    )
    for key in ("koordinator1", "koordinator2", "teamleder1"):
        body.members.create(
            person=demo[key],
            organisation=demo[key].affiliations.get().organisation,
            starts_on=today - timedelta(days=400),
        )
    empty = Body.objects.create(
        kind="working_group",
        name_da="Arbejdsgruppen om tolkning",
        keeper=agency,
        starts_on=today,
        created_at=at,
    )
    return {
        **reports(demo, at=at),
        "initiative": said.pk,
        "quiet_initiative": Initiative.objects.get(number=1).pk,
        "body": body.pk,
        "empty_body": empty.pk,
    }


def reports(demo: dict[str, Person], *, at: datetime) -> dict[str, Any]:
    """What the demo froze and sent round, a draft of nothing, and files in each state."""
    half = HalfYear.ended(at=at)
    found = HalfYearReport.objects.of_half(half)
    frozen = found.get(kind="country")
    own = found.get(municipality__key="avannaata")
    kujalleq = Organisation.objects.get(key="kujalleq")
    draft = begin_report(Scope(municipality=kujalleq), half, by=demo["koordinator1"], at=at)
    running = begin_report(Scope(municipality=kujalleq), half.after, by=demo["koordinator1"], at=at)
    files = {
        name: ReportFile.objects.create(
            report=frozen,
            person=demo["koordinator1"],
            kind=kind,
            language=language,
            asked_at=at,
            **state,
        )
        for name, kind, language, state in (
            ("waiting", "pdf", "da", {}),
            ("under_way", "pdf", "kl", {"done_count": 1, "total_count": 3}),
            ("failed", "xlsx", "kl", {"failed_at": at}),
            ("ready", "xlsx", "da", {"done_count": 3, "total_count": 3, "ready_at": at}),
        )
    }
    files["ready"].file.save("report", ContentFile(b"PK"))
    return {
        "report": frozen.pk,
        "own_report": own.pk,
        "round_report": found.get(kind="initiative").pk,
        "draft_report": draft.pk,
        "running_report": running.pk,
        **{f"file_{name}": one.pk for name, one in files.items()},
    }
