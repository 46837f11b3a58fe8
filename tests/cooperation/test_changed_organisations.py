"""When an organisation changes, what is under way follows and what is over stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from cooperation.events.permissions import (
    answered_invitations,
    answerers,
    kept_events,
    kept_series,
)
from cooperation.meetings import actions as meetings
from cooperation.meetings.minutes import drawn, hash_of
from cooperation.models import Event, EventSeries, Invitation, Pact, Participant
from cooperation.permissions import kept_bodies, kept_initiatives
from people.actions import New, change_organisations
from people.models import Organisation
from tests.cooperation.meeting import hold, plan
from tests.cooperation.test_partners_and_agreements import agree, keep
from tests.factories.cooperation import make_body, make_initiative, make_member, standing
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
