"""A whole round of side-by-side training, from what a town needs to what was seen afterwards.

The coordinator works at 1,280 px; mentors, caseworker, leader and travelling caseworker on a phone.
"""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.periods import local_day
from mentoring.models import (
    Agreement,
    FollowUp,
    Goal,
    Handover,
    Mode,
    Need,
    Pairing,
    Proposal,
    Round,
    Session,
    Stay,
)
from people.models import Organisation, Person
from tests.browser.steps import DESK, PHONE, follow, follow_to, look, press, said, start

pytestmark = pytest.mark.browser

#: Short enough for the mentors to be asked for their handover from the first day.
WEEKS = 6

TITLE = "Seks uger i Upernavik"
TOWN = "Upernavik"
WHY = "Så kvitteringen er klar samme dag."
WENT_WELL = "Kvitteringen blev skrevet efter skabelonen, og andet udkast var klart."
NEXT_STEP = "Skriv den næste kvittering alene, og læs den sammen."
ABOUT = "Kvitteringen sidder. Øv afgørelsen med klagevejledning."
TEAM = "Hold fast i den ugentlige gennemgang af sags- og tyngdelisten."
NOTE = "Rettede tiden: vi tog også gennemgangen med."
SEEN = "Kvitteringen skrives nu alene. Gennemgangen holdes hver uge."


def test_a_round_from_need_to_follow_up(visit, people, watch):
    coordinator = visit("koordinator2", "/da/start/", **DESK)
    leader = visit("fagchef2", None, **PHONE)
    mentor, other = visit("mentor6", None, **PHONE), visit("mentor7", None, **PHONE)
    caseworker = visit("sagsbehandler7", None, **PHONE)
    travelling = visit("rejsende1", None, **PHONE)
    trainee = people("sagsbehandler7")

    planned = plan_a_round(coordinator)
    need = enter_what_the_town_needs(coordinator, planned, owner=people("fagchef2"))
    for key in ("mentor6", "mentor7"):
        enter_when_a_mentor_can_come(coordinator, planned, people(key))
    proposal = have_a_proposal_made(coordinator, planned)
    read_the_reasons(coordinator, proposal)
    pairing = accept(coordinator, proposal, need)
    tick_off_what_must_be_ready(leader, need)
    begin(coordinator, need, pairing)

    goal = propose_a_goal(mentor, trainee)
    agree(caseworker, goal)
    plan_the_weeks(mentor, goal)
    first = log(mentor, trainee, mode=Mode.IN_FRONT, minutes=60, next_step=NEXT_STEP)
    second = log(other, trainee, mode=Mode.BESIDE, minutes=90, agreed=NEXT_STEP)
    for session in (first, second):
        confirm(caseworker, session)
    amend(mentor, first, minutes=75)
    confirm_anew(caseworker, first, minutes=75)

    for page in (mentor, other):
        hand_over(page, pairing, trainee, to=people("rejsende1"))
    watch.expect(404)  # what the mentors see of it afterwards
    read_and_take_over(travelling, pairing, of=people("mentor6"))
    see_nothing_any_more(mentor, first)
    read_and_take_over(travelling, pairing, of=people("mentor7"), is_last=True)
    see_nothing_any_more(other, first)
    follow_up = write_how_it_goes(travelling, pairing)
    read_how_it_goes(coordinator, follow_up)


# --- Every step -----------------------------------------------------------------------------------


def today() -> date:
    return local_day(timezone.now())


# --- The coordinator plans ------------------------------------------------------------------------


def plan_a_round(page: Page) -> Round:
    look(page)
    follow(page, "Alle runder")
    look(page, "Runder")
    follow(page, "Planlæg en runde")
    look(page, "Planlæg en runde")
    page.get_by_label("Hvad hedder runden?").fill(TITLE)
    page.get_by_label(Organisation.objects.get(key="avannaata").name).check()
    page.get_by_label("Første dag").fill(today().isoformat())
    page.get_by_label("Sidste dag").fill((today() + timedelta(weeks=WEEKS, days=-1)).isoformat())
    press(page, "Gem runden")
    said(page, "Runden er gemt.")
    look(page, TITLE)

    planned = Round.objects.get(title=TITLE)
    assert planned.state == Round.State.PLANNED
    assert (planned.ends_on - planned.starts_on).days == 7 * WEEKS
    assert [one.key for one in planned.municipalities.all()] == ["avannaata"]
    return planned


def enter_what_the_town_needs(page: Page, planned: Round, *, owner: Person) -> Need:
    follow(page, "Tilføj et sted")
    look(page, "Hvad har et sted brug for?")
    page.get_by_label("By", exact=True).select_option(label=TOWN)
    page.get_by_label("Hvor mange mentorer?").fill("2")
    page.get_by_label("Dansk").select_option(label="I arbejdet")
    page.get_by_label("Hvem sørger for det på stedet?").select_option(label=owner.name)
    press(page, "Gem stedets behov")
    said(page, "Det er gemt.")

    need = planned.needs.get()
    assert (need.place.name, need.kind, need.seats) == (TOWN, Pairing.Kind.ON_SITE, 2)
    assert [(one.language, one.level) for one in need.languages.all()] == [("da", 2)]
    late = need.items.filter(due_on__lt=need.starts_on).count()
    assert late == need.items.count() > 0  # the arrival is today
    row = page.get_by_role("row", name=f"{TOWN}, på stedet")
    expect(row).to_contain_text(f"{late} forsinkede")
    assert {item.owner for item in need.items.all()} == {owner}
    return need


def enter_when_a_mentor_can_come(page: Page, planned: Round, mentor: Person) -> None:
    follow(page, "Tilføj en mentor")
    look(page, "Hvad kommer en mentor med?")
    page.get_by_label("Mentor", exact=True).select_option(value=str(mentor.pk))
    page.get_by_label("Fag", exact=True).select_option(label="Socialrådgiver")
    window = page.get_by_role("group", name="Periode 1")
    window.get_by_label("Form").select_option(label="På stedet")
    window.get_by_label("Første dag").fill(planned.starts_on.isoformat())
    window.get_by_label("Sidste dag").fill(planned.last_day.isoformat())
    page.get_by_label("1. ønske").select_option(label=TOWN)
    press(page, "Gem mentorens ophold")
    said(page, "Det er gemt.")

    stay = Stay.objects.get(round=planned, person=mentor)
    assert [(one.kind, one.starts_on, one.ends_on) for one in stay.windows.all()] == [
        (Pairing.Kind.ON_SITE, planned.starts_on, planned.ends_on)
    ]
    assert [wish.place.name for wish in stay.wishes.all()] == [TOWN]
    expect(page.get_by_role("row").filter(has_text=mentor.name)).to_contain_text(TOWN)


def have_a_proposal_made(page: Page, planned: Round) -> Proposal:
    follow(page, "Lav et forslag")
    look(page, "Lav et forslag")
    press(page, "Lav forslaget")
    look(page, "Forslag 1")

    proposal = planned.proposals.get()
    assert (proposal.covered, proposal.seats, proposal.is_proven) == (2, 2, True)
    expect(page.get_by_role("main")).to_contain_text("2 af 2 pladser er dækket.")
    expect(page.get_by_role("main")).to_contain_text("Bevist bedst")
    return proposal


def read_the_reasons(page: Page, proposal: Proposal) -> None:
    """Each pair says in words and numbers why; no seat is left, and nobody waits."""
    pairs = list(proposal.pairs.select_related("stay__person"))
    assert len(pairs) == 2
    for pair in pairs:
        shown = page.get_by_role("listitem").filter(has_text=f"{pair.stay.person.name} ·")
        expect(shown).to_contain_text(f"{pair.score} point")
        for words, term in (
            (f"{7 * WEEKS} dage sammen", "overlap"),
            ("Dansk: flydende", "language"),
            ("Har været i byen før", "continuity"),
            ("Ønske nummer 1", "wishes"),
        ):
            points, _found = pair.reasons[term]
            expect(shown).to_contain_text(f"{words} ({points})")
        for one in proposal.colleagues.filter(stay=pair.stay):
            expect(shown).to_contain_text(one.person.name)
    assert proposal.uncovered == []


def accept(page: Page, proposal: Proposal, need: Need) -> Pairing:
    follow(page, "Brug forslaget")
    look(page, "Brug forslaget")
    press(page, "Planlæg forløbene, og giv alle besked")
    said(page, "1 forløb er planlagt, og alle i det har fået besked.")
    expect(page.get_by_role("link", name="Gå til forløbet")).to_be_visible()

    need.refresh_from_db()
    proposal.refresh_from_db()
    assert proposal.accepted_at is not None
    pairing = need.pairing
    assert pairing is not None
    assert pairing.state == Pairing.State.PLANNED
    members = pairing.members.values_list("side", "person__name").order_by("person__name")
    assert list(members) == [
        ("mentor", "Mentor Demo 6"),
        ("mentor", "Mentor Demo 7"),
        ("caseworker", "Sagsbehandler Demo 7"),
        ("caseworker", "Sagsbehandler Demo 8"),
    ]
    return pairing


# --- The place makes ready ------------------------------------------------------------------------


def tick_off_what_must_be_ready(page: Page, need: Need) -> None:
    start(page)
    follow(page, "Alt, der skal være klar")
    look(page, "Klar til ankomst")
    follow(page, f"{TOWN}, på stedet")
    look(page, f"{TOWN}, på stedet")
    count = need.items.count()
    for done in range(count):
        expect(page.get_by_role("main")).to_contain_text(f"{done} af {count} klar")
        press(page, re.compile("^Færdig"))
        said(page, "Det er klaret.")
    expect(page.get_by_role("main")).to_contain_text(f"{count} af {count} klar")

    assert not need.items.filter(done_at=None).exists()
    assert {item.done_by.name for item in need.items.all()} == {"Fagchef Demo 2"}


def begin(page: Page, need: Need, pairing: Pairing) -> None:
    """With everything ready, the round goes ahead and the training begins."""
    page.reload()
    expect(page.get_by_role("row", name=f"{TOWN}, på stedet")).to_contain_text("Alt er klar")
    page.get_by_text("Sæt til: Gennemføres").first.click()
    press(page, "Sæt til: Gennemføres")
    said(page, "Tilstanden er ændret.")
    need.round.refresh_from_db()
    assert need.round.state == Round.State.GOING

    follow(page, "Gå til forløbet")
    for name, state in (("Klar", Pairing.State.READY), ("I gang", Pairing.State.ACTIVE)):
        press(page, f"Sæt til: {name}")
        expect(page.get_by_role("definition").first).to_have_text(name)
        look(page)
        pairing.refresh_from_db()
        assert pairing.state == state


# --- Mentor and caseworker agree on a goal --------------------------------------------------------


def propose_a_goal(page: Page, trainee: Person) -> Goal:
    start(page)
    expect(page.get_by_role("main")).to_contain_text(f"Du er med i sidemandsoplæring i {TOWN}.")
    follow(page, re.compile(f"^Mål og færdigheder.*{trainee.name}"))
    look(page, f"Mål for {trainee.name}")
    follow(page, "Foreslå et mål")
    look(page, "Foreslå et mål")
    page.get_by_label("Hvad skal øves?").select_option(index=1)
    page.get_by_role("group", name="Hvor er din kollega i dag?").get_by_label("Med hjælp").check()
    page.get_by_role("group", name="Hvor vil din kollega hen?").get_by_label("Alene").check()
    page.get_by_label("Inden hvilken dag?").fill((today() + timedelta(weeks=4)).isoformat())
    page.get_by_label("Hvorfor dette mål?").fill(WHY)
    press(page, "Foreslå målet")
    said(page, "Foreslået. Det gælder, når den anden siger ja.")

    goal = Goal.objects.get(person=trainee, terms__why=WHY)
    assert goal.state == Goal.State.PROPOSED
    return goal


def agree(page: Page, goal: Goal) -> None:
    start(page)
    follow_to(page, goal)
    expect(page.get_by_role("main")).to_contain_text(WHY)
    look(page)
    press(page, "Aftal det")
    expect(page.get_by_role("heading", name="Det har I aftalt")).to_be_visible()
    look(page)

    goal.refresh_from_db()
    assert goal.state == Goal.State.AGREED
    held = goal.terms.get(state="holds")
    assert (held.start, held.target, held.answered_by) == ("with_help", "alone", goal.person)


def plan_the_weeks(page: Page, goal: Goal) -> None:
    """From in front, to beside, to behind."""
    page.reload()
    expect(page.get_by_role("heading", name="Det har I aftalt")).to_be_visible()
    follow(page, "Planlæg ugerne")
    look(page, "Planlæg ugerne")
    follow(page, re.compile("^Udfyld med et forslag"))
    press(page, "Gem planen")
    said(page, "Planen er gemt.")

    modes = list(goal.weeks.order_by("week_on").values_list("mode", flat=True))
    assert list(dict.fromkeys(modes)) == [Mode.IN_FRONT, Mode.BESIDE, Mode.BEHIND]
    expect(page.get_by_role("main")).to_contain_text("Gå bagved")


# --- Sessions -------------------------------------------------------------------------------------


def log(
    page: Page, trainee: Person, *, mode: str, minutes: int, next_step: str = "", agreed: str = ""
) -> Session:
    """Log a session; what was ``agreed`` at the last one stands at the top."""
    start(page)
    follow(page, "Log en session")
    look(page, "Log en session")
    if agreed:
        expect(page.get_by_role("group", name="Aftaler fra sidst")).to_contain_text(agreed)
    page.locator(f'[name=participants][value="{trainee.pk}"]').check()
    page.get_by_label("Hvor mange minutter?").fill(str(minutes))
    page.locator("[name=topics]").first.check()
    page.locator(f"[name=mode][value={mode}]").check()
    page.get_by_label("Hvad gik godt?").fill(WENT_WELL)
    if next_step:
        page.get_by_label(re.compile("^Næste skridt")).fill(next_step)
        page.locator("summary", has_text=re.compile(r"^Mere\b")).click()
        page.get_by_label("Hvem gør det?").select_option(label=trainee.name)
        look(page)
    press(page, "Send session")
    look(page, "Sessionen er modtaget")

    session = Session.objects.latest("received_at")
    assert session.is_open
    assert (session.minutes, session.mode, session.held_on) == (minutes, mode, today())
    assert Agreement.objects.filter(session=session, owner=trainee).exists() == bool(next_step)
    return session


def confirm(page: Page, session: Session) -> None:
    """One press on the start page."""
    start(page)
    with page.expect_navigation():
        page.locator(f'button[name="version"][value="{session.current_id}"]').click()
    look(page, "Du har bekræftet 1 session")
    expect(page.get_by_role("main")).to_contain_text("låst")

    session.refresh_from_db()
    assert session.locked_at is not None


def amend(page: Page, session: Session, *, minutes: int) -> None:
    """Say what the locked session is to say, and why; it holds as it is until then."""
    page.goto(session.get_absolute_url())
    look(page)
    follow(page, "Ret den låste session")
    look(page, "Ret en låst session")
    page.get_by_label("Dagen, byen eller minutterne er forkerte").check()
    page.get_by_label("Skriv mere, hvis det hjælper").fill(NOTE)
    page.get_by_label("Hvor mange minutter?").fill(str(minutes))
    press(page, "Send rettelsen")
    look(page, "Sessionen er modtaget")

    locked = session.locked_at
    session.refresh_from_db()
    waiting = session.amendments.pending().get()
    assert (waiting.reason, waiting.note) == ("time", NOTE)
    assert (session.minutes, session.locked_at) == (60, locked)
    assert session.current_id == waiting.amends_id


def confirm_anew(page: Page, session: Session, *, minutes: int) -> None:
    start(page)
    amendment = session.amendments.pending().get()
    waiting = page.locator(f'button[name="version"][value="{amendment.version_id}"]')
    expect(waiting).to_be_visible()
    follow_to(page, session)
    expect(page.get_by_role("heading", name="En rettelse venter")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(NOTE)
    look(page)
    press(page, "Bekræft rettelsen")
    look(page, "Du har bekræftet 1 session")

    session.refresh_from_db()
    assert session.current_id == amendment.version_id
    assert session.minutes == minutes
    page.goto(session.get_absolute_url())
    for number, spent in ((1, 60), (2, minutes)):
        version = page.get_by_role("group").filter(has_text=f"Udgave {number},")
        version.locator("summary").click()
        expect(
            version.get_by_role("definition").get_by_text(f"{spent}", exact=True)
        ).to_be_visible()
    look(page)


# --- Handing over ---------------------------------------------------------------------------------


def hand_over(page: Page, pairing: Pairing, trainee: Person, *, to: Person) -> None:
    start(page)
    follow(page, f"Forbered din overdragelse: {TOWN}")
    look(page, "Forbered overdragelsen")
    page.get_by_label("Hvem overtager?").select_option(label=to.name)
    page.get_by_label("Hvad skal den næste vide om arbejdet i teamet?").fill(TEAM)
    page.get_by_label(f"Et par ord om, hvad {trainee.name} skal lære").fill(ABOUT)
    press(page, "Gem, og se den igennem")
    look(page, f"Overdragelse: {TOWN}")
    press(page, f"Send til {to.name}")
    said(page, "Den er sendt.")

    sent = Handover.objects.sent().in_pairing(pairing).order_by("sent_at").last()
    assert (sent.state, sent.receiver) == (Handover.State.SENT, to)
    assert sent.texts.filter(text=TEAM).exists()


def read_and_take_over(page: Page, pairing: Pairing, *, of: Person, is_last: bool = False) -> None:
    """Read what the log and the mentor say, and confirm it; with the last, the pairing closes."""
    start(page)
    follow(page, f"Overdraget til dig: {TOWN}")
    look(page, f"Overdragelse: {TOWN}")
    for text in (f"overdraget af {of.name}", TEAM, ABOUT, NEXT_STEP, WENT_WELL, "75 min"):
        expect(page.get_by_role("main")).to_contain_text(text)
    press(page, "Bekræft, at jeg overtager")
    said(page, "Du har overtaget. Tak.")

    handover = Handover.objects.in_pairing(pairing).get(member__person=of)
    assert (handover.state, handover.settled_by) == (Handover.State.CONFIRMED, handover.receiver)
    assert handover.member.ends_on is not None
    pairing.refresh_from_db()
    assert (pairing.state == Pairing.State.CLOSED) == is_last


def see_nothing_any_more(page: Page, session: Session) -> None:
    """The mentor's access has ended with the handover."""
    start(page)
    expect(page.get_by_role("link", name="Log en session")).to_have_count(0)
    answer = page.goto(session.get_absolute_url())
    assert answer is not None
    assert answer.status == 404


# --- Afterwards -----------------------------------------------------------------------------------


def write_how_it_goes(page: Page, pairing: Pairing) -> FollowUp:
    """The first follow-up, done from the handover it belongs to."""
    planned = FollowUp.objects.filter(handover__member__pairing=pairing).order_by("months")
    assert [one.months for one in planned] == [1, 3, 6]
    first = planned[0]
    assert first.owner.name == "Rejsende Sagsbehandler Demo 1"

    follow_to(page, first)
    look(page, f"Opfølgning: {TOWN}")
    page.get_by_label("Hvordan går det?").fill(SEEN)
    press(page, "Det er gjort")
    said(page, "Det er gjort. Tak.")
    expect(page.get_by_role("main")).to_contain_text(SEEN)

    first.refresh_from_db()
    assert (first.done_on, first.done_by, first.note) == (today(), first.owner, SEEN)
    return first


def read_how_it_goes(page: Page, follow_up: FollowUp) -> None:
    """The coordinator sees the pairing closed and the follow-up done."""
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Lukket")
    look(page)
    follow(page, "Forløb")
    follow(page, "Opfølgninger")
    look(page, "Opfølgninger")
    follow(page, "Vis dem, der er gjort")
    look(page, "Opfølgninger")
    follow_to(page, follow_up)
    expect(page.get_by_role("main")).to_contain_text(SEEN)
    look(page, f"Opfølgning: {TOWN}")
