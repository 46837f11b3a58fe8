"""What the catalogue of pages shows of the cooperation, beside what the demo brings."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from cooperation.decisions.actions import finish_action, give_action, settle_decision
from cooperation.meetings import actions as meetings
from cooperation.models import (
    Action,
    Body,
    Decision,
    HalfYearReport,
    Initiative,
    Meeting,
    Pact,
    Practice,
    ReportFile,
)
from cooperation.practice import actions as practice
from cooperation.reports.actions import begin_report, correct_report
from cooperation.reports.content import Scope
from cooperation.reports.halves import HalfYear
from demo.content import demo_id
from people.models import Organisation, Person


def cooperation(demo: dict[str, Person], *, at: datetime, today: date) -> dict[str, Any]:
    """Things in the states that the demo does not show, and the ids of all of them."""
    agency = Organisation.objects.get(key="socialstyrelsen")
    chair = demo["koordinator1"]
    empty = Body.objects.create(
        kind="working_group", name_da="Ny gruppe", keeper=agency, starts_on=today, created_at=at
    )
    body = Body.objects.get(pk=demo_id("body", "styregruppe"))
    begun = Meeting.objects.get(pk=demo_id("meeting", "styregruppe-efteraar"))
    bare = meetings.save_meeting(
        empty,
        key=uuid.uuid4(),
        starts_at=at + timedelta(hours=1),
        duration_minutes=60,
        place=None,
        room="",
        note="",
        seen=None,
        by=chair,
        at=at,
    )
    cancelled = meetings.save_meeting(
        empty,
        key=uuid.uuid4(),
        starts_at=at + timedelta(days=9),
        duration_minutes=60,
        place=None,
        room="",
        note="",
        seen=None,
        by=chair,
        at=at,
    )
    meetings.cancel(cancelled, reason="Vejret.", by=chair, at=at)
    sent = meetings.save_meeting(
        body,
        key=uuid.uuid4(),
        starts_at=at - timedelta(days=3),
        duration_minutes=60,
        place=None,
        room="På skærm",
        note="",
        seen=None,
        by=chair,
        at=at - timedelta(days=9),
    )
    meetings.begin(sent, by=chair, at=at)
    meetings.send_minutes(sent, by=chair, at=at)
    settled = Decision.objects.create(
        body=empty,
        year=today.year,
        number=1,
        title_da="Prøvet og lagt væk",
        text_da="Vi prøver det i et halvt år.",
        decided_on=today,
        written_at=at,
        source="Seminar i Sisimiut",
    )
    settle_decision(settled, state="dropped", reason="Det virkede ikke.", by=chair, at=at)
    done = give_action(
        empty, key=uuid.uuid4(), text="Ring rundt", owner=chair, due_on=today, by=chair, at=at
    )
    finish_action(done, note="Alle har svaret.", by=chair, at=at)
    returned = Practice.objects.create(
        title_da="Sendt tilbage",
        organisation=Organisation.objects.get(key="qeqqata"),
        author=demo["sagsbehandler1"],
        written_at=at,
        state="returned",
        note="Skriv, hvem man kan spørge.",
    )
    quiet = Initiative.objects.get(number=1)
    goal = Initiative.objects.get(pk=demo_id("initiative", "sammen-om-barnet")).goals.get()
    shelved = practice.save_practice(
        uuid.uuid4(),
        seen=None,
        title_da="Taget ned",
        problem_da="Et problem.",
        done_da="Noget.",
        ask="Et kontor",
        source="Opdigtet",
        organisation=agency,
        initiatives=[],
        by=demo["teamleder1"],
        at=at,
    )
    shelved = practice.send_for_review(shelved, by=demo["teamleder1"], at=at)
    seen = practice.practice_seen(shelved)
    practice.approve(shelved, seen=seen, by=demo["godkender1"], at=at)
    practice.withdraw(shelved, at=at)
    return {
        **reports(demo, at=at),
        "initiative": goal.initiative_id,
        "aim": goal.pk,
        "quiet_initiative": quiet.pk,
        "municipality": Organisation.objects.get(key="qeqqata").pk,
        "body": body.pk,
        "seat": body.members.get(person=demo["fagchef2"]).pk,
        "empty_body": empty.pk,
        "meeting": demo_id("meeting", "styregruppe-vinter"),
        "approved_meeting": demo_id("meeting", "styregruppe-foraar"),
        "begun_meeting": begun.pk,
        "begun_item": begun.items.filter(kind="own").earliest("position").pk,
        "taken_up": begun.items.filter(kind="decision").first().pk,
        "item": demo_id("item", "styregruppe-vinter:0"),
        "sent_meeting": sent.pk,
        "bare_meeting": bare.pk,
        "cancelled_meeting": cancelled.pk,
        "decision": demo_id("decision", "tolk-i-tide"),
        "settled_decision": settled.pk,
        "action": demo_id("action", "tolkeliste"),
        "done_action": done.pk,
        "practice": demo_id("practice", "sagslisten"),
        "waiting_practice": demo_id("practice", "netvaerksmoede"),
        "returned_practice": returned.pk,
        "shelved_practice": shelved.pk,
        "partner": demo_id("partner", "ilulissat:Skolen (opdigtet)"),
        "pact": Pact.objects.get(pk=demo_id("pact", "skole-familie")).pk,
        "some_action": Action.objects.open().earliest("due_on").pk,
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
    before = HalfYearReport.objects.of_half(half.before)
    older = before.get(municipality__key="qeqqata", edition=1)
    corrected = before.get(municipality__key="sermersooq", edition=1)
    newer, correction = (
        older.corrected_by,
        correct_report(corrected, reason="Et tal er læst forkert.", by=demo["koordinator1"], at=at),
    )
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
        "older_report": older.pk,
        "newer_report": newer.pk,
        "corrected_report": corrected.pk,
        "correction": correction.pk,
        "round_report": found.get(kind="initiative").pk,
        "draft_report": draft.pk,
        "running_report": running.pk,
        **{f"file_{name}": one.pk for name, one in files.items()},
    }
