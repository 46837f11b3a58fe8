"""When an organisation changes, what is under way follows and what is over stays as it was."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.decisions.actions import decide
from cooperation.events.permissions import (
    answered_invitations,
    answerers,
    hosted_events,
    kept_events,
    kept_series,
    readable_invitations,
)
from cooperation.meetings import actions as meetings
from cooperation.meetings.minutes import drawn, hash_of
from cooperation.models import Event, EventSeries, Invitation, Pact, Participant
from cooperation.permissions import (
    kept_bodies,
    kept_initiatives,
    readable_bodies,
    readable_pacts,
    run_meetings,
    written_practices,
)
from cooperation.practice.actions import approve, practice_seen, save_practice
from cooperation.practice.views import may_withdraw
from people.actions import New, change_organisations
from people.models import Organisation, Person
from tests.cooperation.meeting import hold, plan
from tests.cooperation.test_partners_and_agreements import agree, keep
from tests.factories.cooperation import (
    make_body,
    make_initiative,
    make_member,
    make_organisation,
    standing,
)
from tests.factories.events import make_event, make_invitation, register
from tests.factories.people import AT, make_person, make_role, make_town
from tests.people.conftest import COMMAND_LINE

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def avannaata() -> Organisation:
    make_town("Upernavik")
    return make_town("Ilulissat").municipality


def rename(old: Organisation, name: str = "Ny Kommune Demo") -> Organisation:
    return change_organisations([old], [New(name)], on=TODAY, by=COMMAND_LINE, at=AT).main


def divide(old: Organisation) -> tuple[Organisation, Organisation]:
    parts = [
        New("Syd Demo", [make_town("Ilulissat")]),
        New("Nord Demo", [make_town("Upernavik")]),
    ]
    south, north = change_organisations([old], parts, on=TODAY, by=COMMAND_LINE, at=AT).new
    return south, north


def test_old_minutes_say_for_whom_somebody_spoke_then_and_new_ones_for_whom_now(avannaata):
    body = make_body(avannaata)
    member = make_member(body, role="chair", title="Forvaltningschef")
    before = hold(plan(body, AT - timedelta(days=30)))
    meetings.note_attendance(before, {member: "present"})
    meetings.send_minutes(before, by=None, at=AT)
    approved = meetings.approve(before, seen=hash_of(before), by=member.person, at=AT)
    content: Any = approved.content

    new = rename(avannaata)

    approved.refresh_from_db()
    assert approved.content == content
    assert approved.sha256 == hash_of(approved)
    assert [one.organisation for one in drawn(approved.content).present] == ["Avannaata Kommunia"]
    seat = body.members.get(ends_on=None)
    assert (seat.person, seat.organisation, seat.role) == (member.person, new, "chair")
    assert (seat.title, seat.starts_on) == ("Forvaltningschef", TODAY)
    member.refresh_from_db()
    assert (member.organisation, member.ends_on) == (avannaata, TODAY)


def test_what_is_under_way_is_kept_by_the_heir_and_what_is_over_by_the_old_one(avannaata):
    going_on, over = make_body(avannaata), make_body(avannaata, ends_on=TODAY)
    own, ended = make_initiative(owner=avannaata), make_initiative(owner=avannaata, ends_on=TODAY)
    for one in (own, ended):
        one.organisations.add(avannaata)
    coordinator = make_person(make_role("coordinator", avannaata))

    new = rename(avannaata)

    for record, kept_by in ((going_on, new), (over, avannaata)):
        record.refresh_from_db()
        assert record.keeper == kept_by
    assert [list(one.organisations.all()) for one in (own, ended)] == [[new], [avannaata]]
    now = standing(coordinator)
    assert list(kept_bodies(now)) == [going_on]
    assert set(readable_bodies(now)) == {going_on, over}
    assert list(kept_initiatives(now)) == [own]


def test_after_a_division_cards_go_with_their_town_and_agreements_name_all_heirs(avannaata):
    here, there = keep(make_town("Ilulissat")), keep(make_town("Upernavik"))
    pact, ended = agree(avannaata), agree(avannaata, ends_on=TODAY)

    south, north = divide(avannaata)

    for partner, keeper in ((here, south), (there, north)):
        partner.refresh_from_db()
        assert partner.keeper == keeper
    pact.refresh_from_db()
    assert pact.keeper == south
    assert {south, north} < set(pact.parties.all())
    assert avannaata not in pact.parties.all()
    assert avannaata in Pact.objects.get(pk=ended.pk).parties.all()


# --- What is over is read on ---------------------------------------------------------------------


@pytest.fixture
def on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are opened on the day of the change."""
    monkeypatch.setattr(timezone, "now", lambda: AT)


def coordinator_of(*municipalities: Organisation) -> Person:
    return make_person(*(make_role("coordinator", one) for one in municipalities))


def ended(keeper: Organisation) -> dict[str, Any]:
    """A group with minutes and a decision, an agreement and a seminar, all of them over."""
    body = make_body(keeper, ends_on=TODAY)
    chair = make_member(body, role="chair").person
    meeting = hold(plan(body, AT - timedelta(days=30)))
    meetings.send_minutes(meeting, by=None, at=AT)
    facts = {"title_da": "Tolk i tide", "text_da": "", "decided_on": TODAY - timedelta(days=30)}
    decision = decide(body, key=uuid.uuid4(), by=chair, at=AT, **facts)
    long_ago = TODAY - timedelta(days=90)
    event, invitation = host_and_guests(
        keeper,
        starts_on=long_ago,
        ends_on=long_ago + timedelta(days=2),
        answer_by=long_ago - timedelta(days=9),
    )
    return {
        "group": body.get_absolute_url(),
        "minutes": meeting.get_absolute_url(),
        "decision": decision.get_absolute_url(),
        "agreement": agree(keeper, ends_on=TODAY).get_absolute_url(),
        "participants": reverse("cooperation:participants", args=[event.pk]),
        "list to take along": reverse("cooperation:participants-csv", args=[event.pk]),
        "what they said": reverse("cooperation:results", args=[event.pk]),
        "delegation": invitation.get_absolute_url(),
    }


def opened_by(person: Person, addresses: dict[str, Any]) -> set[str]:
    client = Client()
    client.force_login(person.user)
    return {name for name, one in addresses.items() if client.get(one).status_code == 200}


def become_new_name(old: Organisation) -> list[Organisation]:
    return [rename(rename_long_ago(old))]


def rename_long_ago(old: Organisation) -> Organisation:
    """The name it bore for a while; names follow each other."""
    day = TODAY - timedelta(days=1)
    return change_organisations([old], [New("Kort Demo")], on=day, by=COMMAND_LINE, at=AT).main


def become_parts(old: Organisation) -> list[Organisation]:
    return list(divide(old))


def become_part_of_a_larger_one(old: Organisation) -> list[Organisation]:
    other = make_town("Sisimiut").municipality
    change = change_organisations(
        [old, other], [New("Fælles Demo")], on=TODAY, by=COMMAND_LINE, at=AT
    )
    return [change.main]


@pytest.mark.parametrize("become", [become_new_name, become_parts, become_part_of_a_larger_one])
def test_what_had_ended_is_read_by_those_who_coordinate_what_the_municipality_became(
    avannaata, become, on_that_day
):
    over = ended(avannaata)
    elsewhere = make_organisation(kind="municipality")

    heirs = become(avannaata)

    for one in heirs:
        assert opened_by(coordinator_of(one), over) == set(over)
    assert opened_by(coordinator_of(elsewhere), over) == set()


def test_what_had_ended_is_written_by_nobody_of_the_new_name(avannaata, on_that_day):
    body = make_body(avannaata, ends_on=TODAY)
    meeting = hold(plan(body, AT - timedelta(days=30)))
    pact = agree(avannaata, ends_on=TODAY)
    days = {"starts_on": date(2026, 1, 5), "ends_on": date(2026, 1, 6)}
    event = make_event(host=avannaata, answer_by=date(2026, 1, 1), **days)

    coordinator = coordinator_of(rename(avannaata))

    writing = {
        "group": reverse("cooperation:edit-body", args=[body.pk]),
        "seat": reverse("cooperation:add-seat", args=[body.pk]),
        "minutes": reverse("cooperation:attendance", args=[meeting.pk]),
        "agreement": reverse("cooperation:edit-pact", args=[pact.pk]),
        "event": reverse("cooperation:edit-event", args=[event.pk]),
        "attendance": reverse("cooperation:event-attendance", args=[event.pk]),
        "outputs": reverse("cooperation:outputs", args=[event.pk]),
    }
    assert opened_by(coordinator, writing) == set()
    assert not run_meetings(standing(coordinator)).exists()


@pytest.mark.parametrize(
    ("kind", "place", "reads"),
    [("leader", "municipality", True), ("leader", "town", True), ("caseworker", "town", False)],
)
def test_leaders_read_an_agreement_that_ended_under_the_earlier_name(avannaata, kind, place, reads):
    over = agree(avannaata, ends_on=TODAY)

    new = rename(avannaata)

    where = new if place == "municipality" else make_town("Ilulissat")
    where.refresh_from_db()
    assert (over in readable_pacts(standing(make_person(make_role(kind, where))))) == reads


@pytest.mark.parametrize("become", [become_new_name, become_part_of_a_larger_one])
def test_an_approved_example_follows_a_new_name_alone(avannaata, become):
    author, reviewer = make_person(make_role("mentor")), make_person(make_role("reviewer"))
    facts = {"kind": "effort", "title_da": "Sagslisten", "problem_da": "P", "done_da": "D"}
    more = {"ask": "Familieafdelingen", "source": "Os selv", "organisation": avannaata}
    practice = save_practice(
        uuid.uuid4(), seen=None, initiatives=[], by=author, at=AT, send=True, **facts, **more
    )
    practice = approve(practice, seen=practice_seen(practice), by=reviewer, at=AT)

    [new] = become(avannaata)

    practice.refresh_from_db()
    is_same = become is become_new_name
    assert practice.organisation == (new if is_same else avannaata)
    now = standing(coordinator_of(new))
    assert (practice in written_practices(now)) == may_withdraw(now, practice) == is_same


@pytest.mark.parametrize("count", [1, 6])
def test_reading_what_had_ended_asks_the_same_however_much_there_is(
    avannaata, count, on_that_day, django_assert_num_queries
):
    for _number in range(count):
        make_body(avannaata, ends_on=TODAY)
    client = Client()
    client.force_login(coordinator_of(rename(avannaata)).user)
    address = reverse("cooperation:bodies")
    client.get(address)

    with django_assert_num_queries(5):
        # session and account, roles; the names of before, the groups, whether one may enter some
        page = client.get(address)

    assert len(page.context["others"]) == count


# --- Events ---------------------------------------------------------------------------------------


def host_and_guests(owner: Organisation, **fields: Any) -> tuple[Event, Invitation]:
    """An event that one holds, and to which another is invited."""
    event = make_event(host=owner, **fields)
    return event, make_invitation(event, owner)


def seats_of(event: Event) -> dict[str, list[str]]:
    """Who is signed up, by the organisation that is invited now."""
    return {
        str(one.organisation): [two.name for two in one.signed_up()]
        for one in Invitation.objects.standing().filter(event=event).order_by("pk")
    }


def test_who_holds_an_event_or_is_invited_goes_on_under_the_new_name(avannaata):
    series = EventSeries.objects.create(
        title_da="Seminar", keeper=avannaata, next_host=avannaata, made_at=AT
    )
    event, invitation = host_and_guests(avannaata)
    register(invitation, "Anna", "Bo")
    long_ago = TODAY - timedelta(days=90)
    over, old_guests = host_and_guests(
        avannaata,
        starts_on=long_ago,
        ends_on=long_ago + timedelta(days=2),
        answer_by=long_ago - timedelta(days=9),
    )
    coordinator = make_person(make_role("coordinator", avannaata))

    new = rename(avannaata)

    for record in (series, event, invitation, over, old_guests):
        record.refresh_from_db()
    assert (series.keeper, series.next_host) == (new, new)
    assert (event.host, invitation.organisation) == (new, new)
    assert (over.host, old_guests.organisation) == (avannaata, avannaata)
    now = standing(coordinator)
    assert list(kept_events(now)) == [event]
    assert list(kept_series(now)) == [series]
    assert list(answered_invitations(now)) == [invitation]
    assert set(hosted_events(now)) == {event, over}
    assert set(readable_invitations(now)) == {invitation, old_guests}
    assert seats_of(event) == {"Ny Kommune Demo": ["Anna", "Bo"]}
    assert list(answerers(invitation, on=TODAY)) == [coordinator]


def test_what_is_still_answered_has_its_host_and_what_is_cancelled_stays(avannaata):
    yesterday = TODAY - timedelta(days=1)
    days = {
        "starts_on": yesterday,
        "ends_on": TODAY,
        "answer_by": TODAY - timedelta(days=9),
    }
    held, _guests = host_and_guests(avannaata, **days)
    off, _guests = host_and_guests(avannaata, state="cancelled", cancelled_reason="Stormen")

    new = rename(avannaata)

    for event, host in ((held, new), (off, avannaata)):
        event.refresh_from_db()
        assert event.host == host


def test_after_a_division_an_event_is_held_by_the_heir_of_its_town(avannaata):
    here = make_event(host=avannaata, place=make_town("Ilulissat"))
    there = make_event(host=avannaata, place=make_town("Upernavik"))

    south, north = divide(avannaata)

    for event, host in ((here, south), (there, north)):
        event.refresh_from_db()
        assert event.host == host


def test_two_that_are_joined_are_invited_once_with_the_seats_and_people_of_both(avannaata):
    qeqqata = make_town("Sisimiut").municipality
    event = make_event(seats=9)
    first = make_invitation(event, avannaata, seats=2, sent_at=AT - timedelta(days=1))
    second = make_invitation(event, qeqqata, seats=3)
    other = make_invitation(event, qeqqata, role="head", seats=1)
    register(first, "Anna", "Bo")
    register(second, "Carl", "Ditte", "Erik", "Frida")
    twice = second.participants.get(name="Ditte")
    first.participants.filter(name="Anna").update(email="d@example.org", seated_at=None)
    Participant.objects.filter(pk=twice.pk).update(email="D@example.org")

    new = change_organisations(
        [avannaata, qeqqata], [New("Fælles Demo")], on=TODAY, by=COMMAND_LINE, at=AT
    ).main

    for record in (first, second, other, twice):
        record.refresh_from_db()
    assert (first.organisation, first.seats, first.withdrawn_at) == (new, 5, None)
    assert (second.organisation, second.withdrawn_at) == (qeqqata, AT)
    assert (other.organisation, other.seats) == (new, 1)
    people = first.signed_up()
    assert [one.name for one in people] == ["Anna", "Bo", "Carl", "Erik", "Frida"]
    assert [one.seated_at is not None for one in people] == [True, True, True, True, False]
    assert twice.cancelled_at == AT
