"""One thing of each kind of the cooperation, of one municipality."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from cooperation.models import (
    Action,
    Body,
    Decision,
    HalfYearReport,
    Initiative,
    Pact,
    Paper,
    Partner,
    Practice,
    PracticeVersion,
    ReportFile,
)
from people.models import Organisation, Person, Place

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer << >>\n%%EOF\n"


def cooperate(
    keeper: Organisation,
    place: Place,
    *,
    member: Person | None = None,
    chair: Person | None = None,
    owner: Person | None = None,
) -> dict[str, Any]:
    """A group with a meeting, a decision and an action; an initiative, an example, a partner.

    Without people nobody of the table has a hand in any of it. The example of whoever is named is
    approved and waits to be looked through once more; that of nobody is a draft.
    """
    now, today = timezone.now(), timezone.localdate()
    body = Body.objects.create(
        kind=Body.Kind.WORKING_GROUP,
        name_da=f"Gruppe i {keeper.name}",
        keeper=keeper,
        starts_on=today,
        created_at=now,
    )
    somebody = member or Person.objects.create(name="Ukendt Siddende", email="")
    seat = body.members.create(person=somebody, organisation=keeper, starts_on=today)
    if chair is not None:
        body.members.create(person=chair, organisation=keeper, role="chair", starts_on=today)
    meeting = body.meetings.create(starts_at=now + timedelta(hours=1), created_at=now)
    item = meeting.items.create(position=1, title="Punkt", written_at=now)
    paper = Paper(meeting=meeting, title="Bilag", size=len(PDF), uploaded_at=now)
    paper.file.save("bilag.pdf", ContentFile(PDF), save=False)
    paper.save()
    decision = Decision.objects.create(
        body=body, year=today.year, number=1, title_da="Sag", decided_on=today, written_at=now
    )
    action = Action.objects.create(
        body=body,
        text="Gør noget",
        owner=owner or somebody,
        due_on=today + timedelta(days=20),
        written_at=now,
    )
    initiative = Initiative.objects.create(
        title_da=f"Indsats i {keeper.name}", owner=keeper, starts_on=today, created_at=now
    )
    aim = initiative.goals.create(text_da="Mål", indicator="Antal")
    practice = Practice.objects.create(
        title_da="Eksempel", organisation=keeper, author=member, written_at=now
    )
    if member is not None:
        content = practice.working_content()
        practice.live = PracticeVersion.objects.create(
            practice=practice,
            number=1,
            content=content,
            folded=PracticeVersion.folded_of(content),
            approved_at=now,
        )
        practice.state = Practice.State.REVIEW
        practice.save()
    partner = Partner.objects.create(
        keeper=keeper,
        place=place,
        sector="school",
        name_da=f"Skolen i {place.name}",
        phone="+299 12 34 56",
        checked_on=today,
    )
    pact = Pact.objects.create(
        keeper=keeper, title_da=f"Aftale i {keeper.name}", starts_on=today, created_at=now
    )
    pact.parties.add(keeper)
    return {
        "body": body.pk,
        "seat": seat.pk,
        "meeting": meeting.pk,
        "point": item.pk,
        "paper": paper.pk,
        "decision": decision.pk,
        "action": action.pk,
        "initiative": initiative.pk,
        "aim": aim.pk,
        "practice": practice.pk,
        "partner": partner.pk,
        "pact": pact.pk,
    }


def frozen_report(municipality: Organisation, year: int = 2018) -> HalfYearReport:
    """A report that was delivered long ago."""
    now = timezone.now()
    return HalfYearReport.objects.create(
        kind="municipality", municipality=municipality, year=year, half=2, state="frozen",
        begun_at=now, frozen_at=now, content={"sections": []}, sha256="0" * 64,
    )  # fmt: skip


def begun_correction(municipality: Organisation) -> HalfYearReport:
    """A newer edition of such a report that is not delivered."""
    older = frozen_report(municipality, 2017)
    return HalfYearReport.objects.create(
        kind="municipality", municipality=municipality, year=older.year, half=older.half,
        edition=2, corrects=older, reason="Et tal er læst forkert.", begun_at=timezone.now(),
    )  # fmt: skip


def report_of(municipality: Organisation, asks: Person | None, state: str) -> dict[str, Any]:
    """A report of long ago, and a file of it that somebody has asked for."""
    assert asks is not None
    now = timezone.now()
    report = HalfYearReport.objects.create(
        kind="municipality",
        municipality=municipality,
        year=2019,
        half=1,
        state=state,
        begun_at=now,
    )
    file = ReportFile.objects.create(
        report=report, kind="xlsx", language="da", person=asks, asked_at=now, ready_at=now
    )
    file.file.save("report", ContentFile(b"PK"))
    return {"report": report.pk, "file": file.pk}
