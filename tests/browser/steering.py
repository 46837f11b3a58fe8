"""What a seminar leads to: a decision, an action that is late at the next meeting, a report."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from cooperation.models import Action, Body, Decision, Event, HalfYearReport, Initiative, Meeting
from cooperation.reports.actions import begin_report, freeze_report
from cooperation.reports.content import Scope
from cooperation.reports.halves import HalfYear
from core.periods import local_day
from people.models import Person
from tests.browser.steps import follow, follow_to, look, press, said

ACTION = "Skriv tolk ind i skabelonen for indkaldelsen."
MINUTES = "Skabelonen er ikke rettet. Den nye dag er om fjorten dage."


def give_an_action(page: Page, decision: Decision, owner: Person) -> Action:
    """Somebody is to do something about the decision, within three weeks."""
    page.goto(decision.get_absolute_url())
    look(page, decision.title_da)
    follow(page, "Giv en opgave")
    page.get_by_label("Hvad skal gøres?").fill(ACTION)
    page.get_by_label("Hvem gør det?").select_option(label=owner.name)
    due_on = local_day(timezone.now()) + timedelta(days=21)
    page.get_by_label("Inden hvilken dag?").fill(due_on.isoformat())
    press(page, "Giv opgaven")
    said(page, "Opgaven er givet.")
    action = decision.actions.get()
    assert (action.text, action.owner, action.due_on) == (ACTION, owner, due_on)
    return action


def plan_the_next_meeting(page: Page, body: Body) -> Meeting:
    """A meeting in a month; nobody puts anything on its agenda."""
    page.goto(body.get_absolute_url())
    follow(page, "Planlæg et møde")
    day = local_day(timezone.now()) + timedelta(days=30)
    page.get_by_label("Hvilken dag?").fill(day.isoformat())
    page.get_by_label("Hvornår begynder det?").fill("09:30")
    page.get_by_label("I hvilken by?").select_option(label="Ilulissat")
    press(page, "Gem mødet")
    said(page, "Mødet er planlagt.")
    meeting = body.meetings.get()
    assert not meeting.items.exists()
    return meeting


def be_late_at_the_meeting(page: Page, meeting: Meeting, action: Action) -> None:
    """A month goes by and the action is not done: it stands on the agenda by itself."""
    now = timezone.now()
    Action.objects.filter(pk=action.pk).update(due_on=local_day(now) - timedelta(days=9))
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now - timedelta(minutes=5))
    page.goto(meeting.get_absolute_url())
    look(page)
    expect(page.get_by_role("heading", name="Åbent siden sidst")).to_be_visible()
    line = page.get_by_role("listitem").filter(has_text=ACTION)
    expect(line.get_by_text("For sent")).to_be_visible()
    assert not meeting.items.exists()

    press(page, "Begynd referatet")
    item = meeting.items.get(action=action)
    follow(page, re.compile(f"^Skriv referat.*{re.escape(ACTION)}$"))
    page.get_by_label("Hvad blev sagt?").fill(MINUTES)
    press(page, "Gem referatet")
    said(page, "Referatet er gemt.")
    press(page, "Send referatet til medlemmerne")
    press(page, "Godkend referatet")
    expect(page.get_by_text(MINUTES)).to_be_visible()
    meeting.refresh_from_db()
    kept = {one["id"]: one["minutes"] for one in meeting.content["items"]}
    assert (meeting.state, kept[str(item.pk)]) == (Meeting.State.APPROVED, MINUTES)
    assert Action.objects.open().filter(pk=action.pk).exists()  # and on the agenda after this one


def let_it_lie_in_the_half_year(event: Event, initiative: Initiative, by: Person) -> HalfYear:
    """The seminar was held in the half-year that is over; of the one before there is a report."""
    now = timezone.now()
    half = HalfYear.ended(at=now)
    starts_on = half.starts_on + timedelta(days=100)
    Event.objects.filter(pk=event.pk).update(
        answer_by=starts_on - timedelta(days=20),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=2),
        evaluate_until=starts_on + timedelta(days=9),
    )
    scope = Scope(initiative=initiative)
    freeze_report(begin_report(scope, half.before, by=by, at=now), by=by, at=now)
    return half


def report_and_freeze(page: Page, event: Event, initiative: Initiative, half: HalfYear) -> None:
    """One municipality has not delivered; the report is frozen beside the half-year before."""
    page.goto(f"/da/samarbejde/rapporter/?halvaar={half.key}")
    look(page, "Halvårsrapporter")
    press(page, re.compile(f"^Begynd.*{re.escape(str(initiative))}$"))
    expect(page.get_by_role("heading", name="Ikke afleveret")).to_be_visible()
    look(page)
    report = HalfYearReport.objects.of_half(half).get(initiative=initiative)

    held = page.locator("#events tbody tr").first
    expect(held.get_by_role("cell", name="Ikke afleveret", exact=True)).to_have_count(1)
    expect(held.get_by_role("cell", name="+1", exact=True)).to_be_visible()  # since the one before
    expect(page.locator("#evaluations").get_by_text("Skjult").first).to_be_visible()
    held.get_by_role("link").last.click()
    expect(page.get_by_text("1 række.")).to_be_visible()
    expect(page.get_by_role("rowheader", name=event.title_da)).to_be_visible()

    page.goto(report.get_absolute_url())
    table = page.locator("#events table").inner_text()
    follow(page, "Aflever og lås")
    expect(page.get_by_role("main").get_by_text("Kommune Kujalleq").first).to_be_visible()
    press(page, "Aflever og lås")
    expect(page.get_by_text("Låst").first).to_be_visible()
    Event.objects.filter(pk=event.pk).update(state=Event.State.CANCELLED, cancelled_reason="Nej")
    page.goto("/da/samarbejde/rapporter/")
    follow_to(page, report)
    assert page.locator("#events table").inner_text() == table
