"""A seminar of two days: five municipalities are invited, a workshop is full, and how it was.

What comes of it is followed to the half-year report: a decision, an action that is late at the next
meeting of the steering group, a municipality that has not delivered.

The host works at 1,280 px; whoever answers for a delegation and whoever comes on a phone of 360 px.
"""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cooperation.events.actions.dealing import deal_due
from cooperation.models import (
    Body,
    Decision,
    Event,
    EventOutput,
    Initiative,
    Invitation,
    Participant,
    WorkshopWish,
)
from core.periods import local_day
from people.models import Organisation
from tests.browser.steering import (
    be_late_at_the_meeting,
    give_an_action,
    let_it_lie_in_the_half_year,
    plan_the_next_meeting,
    report_and_freeze,
)
from tests.browser.steps import DESK, PHONE, follow, look, press, said

pytestmark = pytest.mark.browser

TITLE = "Tolken i samtalen"
WORKSHOP = "Øv samtalen med tolk"
#: Organisation, whom it is asked to send, and the seats it is promised.
INVITED = [
    ("avannaata", "Fagchefer og teamledere", 2),
    ("qeqqata", "Sagsbehandlere", 2),
    ("sermersooq", "Forvaltningschefer", 1),
    ("qeqertalik", "Udvalgsformænd", 1),
    ("kujalleq", "Forvaltningschefer", 1),
]
OUTPUT = "Kommunerne bestiller tolk sammen med indkaldelsen."


def test_a_seminar_from_invitation_to_the_half_year_report(visit, people):
    host = visit("koordinator2", "/da/start/", **DESK)
    answering = visit("koordinator1", None, **PHONE)
    participant = visit("sagsbehandler1", None, **PHONE)

    initiative = Initiative.objects.get(number=1)
    event = plan(host, initiative)
    put_on_the_programme(host, event)
    invite_and_send(host, event)
    find_it_in_the_catalogue(participant)
    for key, names in (
        ("qeqqata", [people("sagsbehandler1").email, "Bo Demo", "Camilla Demo"]),
        ("sermersooq", ["Dorthe Demo"]),
        ("qeqertalik", ["Erik Demo"]),
    ):
        register(answering, event, key, names)
        choose_the_workshop(answering, event, key)
    say_what_one_needs(participant, event)
    let_answers_be_in(event)
    read_why(answering, event)
    sign_off_and_move_up(answering, event)
    let_it_be_over(event)
    tick_who_was_there(host, event)
    say_how_it_was(participant, event)
    decision = write_what_came_of_it(host, event)
    action = give_an_action(host, decision, people("fagchef2"))
    meeting = plan_the_next_meeting(host, decision.body)
    be_late_at_the_meeting(host, meeting, action)

    reporting = visit("koordinator1", None, **DESK)
    half = let_it_lie_in_the_half_year(event, initiative, people("koordinator1"))
    report_and_freeze(reporting, event, initiative, half)


def today() -> date:
    return local_day(timezone.now())


def plan(page: Page, initiative: Initiative) -> Event:
    page.goto("/da/samarbejde/seminarer/")
    look(page, "Seminarer og konferencer")
    follow(page, "Planlæg et seminar")
    page.get_by_label("Hvad hedder det?").fill(TITLE)
    page.get_by_label("Hvem er vært?").select_option(
        label=Organisation.objects.get(key="avannaata").name
    )
    page.get_by_label("I hvilken by?").select_option(label="Ilulissat")
    starts_on = today() + timedelta(days=40)
    page.get_by_label("Første dag").fill(starts_on.isoformat())
    page.get_by_label("Sidste dag").fill((starts_on + timedelta(days=1)).isoformat())
    page.get_by_label("Svarfrist").fill((today() + timedelta(days=9)).isoformat())
    page.get_by_label("Hvor mange pladser er der?").fill("9")
    page.locator(f'input[name="initiatives"][value="{initiative.pk}"]').check()
    press(page, "Gem seminaret")
    said(page, "Seminaret er gemt.")
    look(page, TITLE)

    event = Event.objects.get(title_da=TITLE)
    assert (event.state, len(event.days)) == (Event.State.DRAFT, 2)
    return event


def put_on_the_programme(page: Page, event: Event) -> None:
    for title, day, seats in (("Velkomst", 0, ""), (WORKSHOP, 0, "2"), ("Tak for i dag", 1, "")):
        page.goto(f"/da/samarbejde/seminarer/{event.pk}/program/nyt/")
        look(page, "Sæt noget på programmet")
        page.get_by_label("Hvad sker der?").fill(title)
        page.get_by_label("Hvilken dag?").select_option(event.days[day].isoformat())
        page.get_by_label("Hvad tid?").fill("13:00")
        page.get_by_label("Pladser, hvis man skal tilmelde sig").fill(seats)
        press(page, "Gem")
        said(page, "Det er gemt.")
    assert event.programme.workshops().get().capacity == 2


def invite_and_send(page: Page, event: Event) -> None:
    page.goto(event.get_absolute_url())
    press(page, "Offentliggør seminaret")
    said(page, "Seminaret er offentliggjort.")
    for key, role, seats in INVITED:
        page.goto(f"/da/samarbejde/seminarer/{event.pk}/invitationer/ny/")
        name = Organisation.objects.get(key=key).name
        page.get_by_label("Hvilken organisation?").select_option(label=name)
        page.get_by_label("Hvem er inviteret?").select_option(label=role)
        page.get_by_label("Hvor mange pladser?").fill(str(seats))
        press(page, "Gem invitationen")
        said(page, "Den er gemt.")
    press(page, "Send 5 invitationer")
    said(page, "5 invitationer er sendt.")
    assert Invitation.objects.sent().filter(event=event).count() == len(INVITED)


def find_it_in_the_catalogue(page: Page) -> None:
    page.goto("/da/kurser/?type=seminar")
    look(page)
    follow(page, TITLE)
    look(page, TITLE)


def invitation_of(event: Event, key: str) -> Invitation:
    return event.invitations.get(organisation__key=key)


def register(page: Page, event: Event, key: str, names: list[str]) -> None:
    page.goto(invitation_of(event, key).get_absolute_url())
    look(page)
    follow(page, "Skriv, hvem der kommer")
    for n, name in enumerate(names, start=1):
        line = page.get_by_role("group", name=f"Person {n}", exact=True)
        is_address = "@" in name
        line.get_by_label("Navn").fill("Sagsbehandler Demo 1" if is_address else name)
        line.get_by_label("Sektor").select_option("social")
        if is_address:
            line.get_by_label("E-mail").fill(name)
    press(page, "Tilmeld delegationen")
    said(page, "Delegationen er tilmeldt.")
    there = invitation_of(event, key).participants.signed_up()
    assert there.count() == len(names)


def choose_the_workshop(page: Page, event: Event, key: str) -> None:
    follow(page, "Vælg workshops")
    look(page, "Vælg workshops")
    for name in invitation_of(event, key).participants.values_list("name", flat=True):
        page.get_by_label(name).check()
    press(page, "Gem valget")
    said(page, "Jeres valg af workshops er gemt.")


def say_what_one_needs(page: Page, event: Event) -> None:
    page.goto("/da/start/")
    look(page)
    follow(page, TITLE)
    follow(page, "Sig, hvad du har brug for")
    look(page, "Hvad har du brug for?")
    page.get_by_label("Rejse").fill("Kommer dagen før.")
    press(page, "Gem")
    said(page, "Det er gemt til en måned efter seminaret.")


def let_answers_be_in(event: Event) -> None:
    """Ten days go by; the seats are dealt."""
    back = timedelta(days=10)
    Event.objects.filter(pk=event.pk).update(answer_by=today() - timedelta(days=1))
    for model in (Participant, WorkshopWish):
        model.objects.update(asked_on=today() - back)
    deal_due(timezone.now())
    wishes = WorkshopWish.objects.standing().filter(workshop__event=event)
    assert wishes.filter(seated_at__isnull=False).count() == 2
    assert wishes.filter(seated_at__isnull=True).count() == 3


def read_why(page: Page, event: Event) -> None:
    page.goto(invitation_of(event, "qeqqata").get_absolute_url())
    look(page)
    page.goto(f"/da/samarbejde/seminarer/{event.pk}/pladser/")
    look(page, "Sådan fordeles pladserne")
    expect(page.get_by_role("heading", name=f"Workshop: {WORKSHOP}")).to_be_visible()
    expect(page.get_by_text("i lodtrækningen").first).to_be_visible()


def sign_off_and_move_up(page: Page, event: Event) -> None:
    wishes = WorkshopWish.objects.standing().filter(workshop__event=event)
    leaving = (
        wishes.filter(seated_at__isnull=False)
        .exclude(participant__name="Sagsbehandler Demo 1")[0]
        .participant
    )
    page.goto(leaving.invitation.get_absolute_url())
    press(page, re.compile(f"^Meld fra.*{leaving.name}$"))
    said(page, f"{leaving.name} er meldt fra og har fået besked.")
    assert wishes.filter(seated_at__isnull=False).count() == 2


def let_it_be_over(event: Event) -> None:
    """The two days are yesterday and the day before."""
    Event.objects.filter(pk=event.pk).update(
        starts_on=today() - timedelta(days=2),
        ends_on=today(),
        answer_by=today() - timedelta(days=20),
    )


def tick_who_was_there(page: Page, event: Event) -> None:
    page.goto(event.get_absolute_url())
    follow(page, "Hvem var der")
    look(page, "Hvem var der")
    page.get_by_label("Sagsbehandler Demo 1").check()
    press(page, "Gem, hvem der var der")
    said(page, "1 var der.")


def say_how_it_was(page: Page, event: Event) -> None:
    page.goto("/da/start/")
    follow(page, f"Sig, hvordan {TITLE} var")
    look(page, "Hvordan var det?")
    question = page.get_by_role("main").get_by_role("group").first
    question.get_by_label("5 – i høj grad").check()
    press(page, "Send svarene")
    said(page, "Tak. Ingen kan se, hvem der har svaret hvad.")


def write_what_came_of_it(page: Page, event: Event) -> Decision:
    page.goto(event.get_absolute_url())
    follow(page, "Det kom der ud af det")
    page.get_by_label("Hvad kom der ud af det?").fill(OUTPUT)
    press(page, "Gem")
    said(page, "Det er gemt.")
    output = EventOutput.objects.get(event=event)
    assert output.text == OUTPUT

    body = Body.objects.create(
        kind="steering",
        name_da="Styregruppen Demo",
        keeper=event.host,
        starts_on=today(),
        created_at=timezone.now(),
    )
    follow(page, "Gør det til en beslutning")
    look(page, "Gør det til en beslutning")
    page.get_by_label("I hvilken gruppe?").select_option(label="Styregruppen Demo")
    press(page, "Gem")
    said(page, "Det er gemt.")
    decision = body.decisions.get()
    assert decision.source == TITLE
    return decision
