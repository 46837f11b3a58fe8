"""A delegation is registered by one person: who is who, signing off and moving up, needs."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from cooperation.events.actions.refusing import EventRefused
from cooperation.events.actions.registering import (
    Entry,
    decline,
    save_delegation,
    say_needs,
    sign_off,
)
from cooperation.models import Participant, ParticipantNeeds
from notices.models import Notice
from tests.cooperation.events.seated import LAST_MINUTE, TOO_LATE, names_with_seat, seats
from tests.factories.events import (
    STARTS,
    entries,
    make_event,
    make_invitation,
    register,
)
from tests.factories.people import AT, make_person

pytestmark = pytest.mark.django_db


# --- The own seats ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"), [(LAST_MINUTE, [True, True, False]), (TOO_LATE, [False] * 3)]
)
def test_own_seats_are_given_at_once_until_the_last_day(at, expected):
    invitation = make_invitation(make_event(), seats=2)

    register(invitation, "Anna", "Bo", "Camilla", at=at)

    assert seats(invitation) == expected


def test_registering_twice_with_the_same_keys_makes_nobody_twice():
    invitation, people, by = make_invitation(make_event()), entries("Anna", "Bo"), make_person()

    for _time in range(2):
        save_delegation(invitation, people, all_or_none=False, by=by, at=AT)

    assert [one.name for one in invitation.participants.all()] == ["Anna", "Bo"]


def test_whoever_is_left_out_is_signed_off_and_the_next_moves_up():
    invitation = make_invitation(make_event(), seats=1)
    anna, bo = register(invitation, "Anna", "Bo")
    kept = [Entry(bo.pk, "Bo", "social")]

    save_delegation(invitation, kept, all_or_none=False, by=make_person(), at=AT)

    anna.refresh_from_db()
    assert anna.cancelled_at == AT
    assert names_with_seat(invitation.event) == ["Bo"]


def test_somebody_else_may_come_instead_and_keeps_the_seat_but_not_the_needs():
    invitation = make_invitation(make_event(), seats=1)
    by = make_person()
    anna, instead = entries("Anna")[0], "bo@example.org"
    save_delegation(invitation, [anna], all_or_none=False, by=by, at=AT)
    seat = invitation.participants.get()
    say_needs(seat, lodging=True, travel="", diet="Vegetar", access="", at=AT)

    other = Entry(anna.key, "Bo", "health", instead)
    save_delegation(invitation, [other], all_or_none=False, by=by, at=AT)

    seat.refresh_from_db()
    assert (seat.name, seat.sector, seat.seated_at) == ("Bo", "health", AT)
    assert not ParticipantNeeds.objects.exists()


def with_account(address):
    person = make_person()
    person.email = address
    person.save()
    return person


def two_with_accounts():
    """Anna has a seat and has said what she needs, Bo waits; both have accounts."""
    for name in ("anna", "bo"):
        with_account(f"{name}@example.org")
    invitation, lines = make_invitation(make_event(), seats=1), entries("Anna", "Bo")
    save_delegation(invitation, lines, all_or_none=False, by=make_person(), at=AT)
    anna, bo = invitation.signed_up()
    say_needs(anna, lodging=True, travel="", diet="", access="", at=AT)
    Notice.objects.all().delete()
    return invitation, lines, anna, bo


def written(lines, *names):
    """What the form sends when these names are written into the lines from the top."""
    return [replace(new, key=line.key) for line, new in zip(lines, entries(*names), strict=False)]


def places(invitation):
    return [(one.name, one.pk, one.seated_at is not None) for one in invitation.signed_up()]


def test_lines_that_change_places_are_still_the_same_people():
    invitation, lines, anna, bo = two_with_accounts()

    swapped = written(lines, "Bo", "Anna")
    for _time in range(2):
        save_delegation(invitation, swapped, all_or_none=False, by=make_person(), at=AT)

    assert places(invitation) == [("Bo", bo.pk, False), ("Anna", anna.pk, True)]
    assert ParticipantNeeds.objects.get().participant == anna
    assert not Notice.objects.exists()


def test_whoever_moves_up_a_line_leaves_no_account_and_no_needs_of_somebody_else_behind():
    invitation, lines, anna, bo = two_with_accounts()

    up = written(lines, "Bo")
    save_delegation(invitation, up, all_or_none=False, by=make_person(), at=AT)

    assert places(invitation) == [("Bo", bo.pk, True)]
    anna.refresh_from_db()
    assert anna.cancelled_at == AT
    assert not ParticipantNeeds.objects.exists()


def test_somebody_new_may_be_written_above_those_who_are_there():
    invitation, lines, anna, bo = two_with_accounts()

    down = written([*lines, *entries("")], "Camilla", "Anna", "Bo")
    for _time in range(2):
        save_delegation(invitation, down, all_or_none=False, by=make_person(), at=AT)

    assert places(invitation) == [
        ("Camilla", down[2].key, False),
        ("Anna", anna.pk, True),
        ("Bo", bo.pk, False),
    ]


def test_an_account_whose_address_has_changed_moves_to_the_line_that_names_it():
    invitation, lines, anna, bo = two_with_accounts()
    person = anna.person
    person.email = "ny@example.org"
    person.save()

    instead = [replace(lines[1], email="ny@example.org"), lines[0]]
    save_delegation(invitation, instead, all_or_none=False, by=make_person(), at=AT)

    bo.refresh_from_db()
    assert (bo.email, bo.person) == ("ny@example.org", person)


@pytest.mark.parametrize(("before", "after"), [("", "anna@example.org"), ("anna@example.org", "")])
def test_a_name_that_gets_an_address_or_loses_it_is_still_the_same_person(before, after):
    invitation, by = make_invitation(make_event()), make_person()
    line = replace(entries("Anna")[0], email=before)
    save_delegation(invitation, [line], all_or_none=False, by=by, at=AT)
    anna = invitation.participants.get()
    say_needs(anna, lodging=True, travel="", diet="", access="Rampe", at=AT)

    changed = replace(line, email=after)
    save_delegation(invitation, [changed], all_or_none=False, by=by, at=AT)

    assert places(invitation) == [("Anna", anna.pk, True)]
    assert ParticipantNeeds.objects.get().access == "Rampe"


@pytest.mark.parametrize(("before", "after"), [("", "bo@example.org"), ("anna@example.org", "")])
def test_another_name_is_somebody_else_when_only_one_of_the_two_has_an_address(before, after):
    invitation, by = make_invitation(make_event()), make_person()
    line = replace(entries("Anna")[0], email=before)
    save_delegation(invitation, [line], all_or_none=False, by=by, at=AT)
    say_needs(invitation.participants.get(), lodging=True, travel="", diet="", access="", at=AT)

    instead = replace(line, name="Bo", email=after)
    save_delegation(invitation, [instead], all_or_none=False, by=by, at=AT)

    assert not ParticipantNeeds.objects.exists()


def test_an_emptied_address_leaves_the_account_the_event_and_the_needs():
    invitation, lines, anna, _bo = two_with_accounts()

    emptied = [replace(lines[0], email=""), lines[1]]
    for _time in range(2):
        save_delegation(invitation, emptied, all_or_none=False, by=make_person(), at=AT)

    person = anna.person
    anna.refresh_from_db()
    assert (anna.email, anna.person) == ("", person)
    assert ParticipantNeeds.objects.get().participant == anna
    assert not Notice.objects.exists()


def test_another_address_lets_go_of_an_account_whose_own_was_emptied():
    invitation, lines, anna, _bo = two_with_accounts()
    emptied = [replace(lines[0], email=""), lines[1]]
    save_delegation(invitation, emptied, all_or_none=False, by=make_person(), at=AT)

    other = [replace(lines[0], email="anna2@example.org"), lines[1]]
    save_delegation(invitation, other, all_or_none=False, by=make_person(), at=AT)

    told = anna.person
    anna.refresh_from_db()
    assert anna.person is None
    assert not ParticipantNeeds.objects.exists()
    assert [one.kind for one in Notice.objects.filter(person=told)] == ["cooperation.signed_off"]


def test_an_address_that_moves_to_another_line_takes_its_person_along():
    invitation, by = make_invitation(make_event()), make_person()
    named, unnamed = entries("Anna", "Anna")
    unnamed = replace(unnamed, email="")
    save_delegation(invitation, [named, unnamed], all_or_none=False, by=by, at=AT)
    first, second = invitation.signed_up()
    say_needs(first, lodging=True, travel="", diet="", access="", at=AT)

    moved = [replace(named, email=""), replace(unnamed, email=named.email)]
    save_delegation(invitation, moved, all_or_none=False, by=by, at=AT)

    assert [one.pk for one in invitation.signed_up()] == [second.pk, first.pk]
    assert ParticipantNeeds.objects.get().participant.email == named.email


def test_an_account_that_another_line_names_goes_there():
    invitation, lines, anna, bo = two_with_accounts()
    person = anna.person
    person.email = "ny@example.org"
    person.save()

    instead = [replace(lines[0], email=""), replace(lines[1], email="ny@example.org")]
    save_delegation(invitation, instead, all_or_none=False, by=make_person(), at=AT)

    anna.refresh_from_db()
    bo.refresh_from_db()
    assert (anna.person, bo.person) == (None, person)
    assert ParticipantNeeds.objects.get().participant == anna


def test_who_was_signed_off_can_be_signed_up_again_in_the_same_line():
    invitation, lines, _anna, bo = two_with_accounts()
    sign_off(bo, at=AT)
    assert [name for name, _key, _seat in places(invitation)] == ["Anna"]

    save_delegation(invitation, lines, all_or_none=False, by=make_person(), at=AT)

    assert [name for name, _key, _seat in places(invitation)] == ["Anna", "Bo"]
    bo.refresh_from_db()
    assert bo.cancelled_at == AT


def test_a_line_of_another_delegation_is_no_line_of_this_one():
    invitation, lines, *_people = two_with_accounts()
    other = make_invitation(invitation.event)

    with pytest.raises(EventRefused) as refusal:
        save_delegation(other, lines, all_or_none=False, by=make_person(), at=AT)

    assert refusal.value.code == "changed"


def test_an_address_with_an_account_leads_to_its_person_whatever_its_capitals():
    person = make_person()
    person.email = "anna@example.org"
    person.save()
    invitation = make_invitation(make_event())

    entry = Entry(uuid.uuid4(), "Anna", "social", "Anna@example.org")
    save_delegation(invitation, [entry], all_or_none=False, by=person, at=AT)

    assert invitation.participants.get().person == person


@pytest.mark.parametrize("day", [STARTS - timedelta(days=1), STARTS])
def test_answers_are_taken_until_the_day_before(day):
    invitation = make_invitation(make_event())
    at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)

    if day == STARTS:
        with pytest.raises(EventRefused) as refusal:
            register(invitation, "Anna", at=at)
        assert refusal.value.code == "over"
        assert not invitation.participants.exists()
    else:
        assert [one.name for one in register(invitation, "Anna", at=at)] == ["Anna"]


def test_the_second_of_two_who_change_it_at_once_is_told_and_nothing_is_lost():
    invitation, by = make_invitation(make_event()), make_person()
    seen = invitation.version
    save_delegation(invitation, entries("Anna"), all_or_none=False, by=by, at=AT, seen=seen)

    with pytest.raises(EventRefused) as refusal:
        save_delegation(invitation, entries("Bo"), all_or_none=False, by=by, at=AT, seen=seen)

    assert refusal.value.code == "changed"
    assert [one.name for one in invitation.participants.signed_up()] == ["Anna"]


def test_the_same_address_twice_and_a_number_like_a_cpr_number_are_refused():
    invitation, by = make_invitation(make_event()), make_person()
    twice = [Entry(uuid.uuid4(), name, "social", "a@example.org") for name in ("Anna", "Bo")]
    with pytest.raises(EventRefused) as refusal:
        save_delegation(invitation, twice, all_or_none=False, by=by, at=AT)
    number = [Entry(uuid.uuid4(), "Anna 010170-1234", "social")]
    with pytest.raises(ValidationError):
        save_delegation(invitation, number, all_or_none=False, by=by, at=AT)

    assert refusal.value.code == "twice"
    assert not Participant.objects.exists()


def test_declining_signs_everybody_off_and_can_be_taken_back():
    invitation, by = make_invitation(make_event()), make_person()
    register(invitation, "Anna")

    decline(invitation, by=by, at=AT)
    invitation.refresh_from_db()
    assert invitation.declined_at == AT
    assert seats(invitation) == []

    register(invitation, "Bo")
    invitation.refresh_from_db()
    assert invitation.declined_at is None
    assert names_with_seat(invitation.event) == ["Bo"]


# --- Needs ------------------------------------------------------------------------------------


def test_nothing_said_is_nothing_kept():
    [anna] = register(make_invitation(make_event()), "Anna")
    say_needs(anna, lodging=True, travel=" ", diet="", access="", at=AT)
    assert ParticipantNeeds.objects.get().lodging

    say_needs(anna, lodging=False, travel=" ", diet="", access="", at=AT)

    assert not ParticipantNeeds.objects.exists()


def test_needs_go_when_somebody_is_signed_off():
    [anna] = register(make_invitation(make_event()), "Anna")
    say_needs(anna, lodging=True, travel="", diet="", access="", at=AT)

    sign_off(anna, at=AT)

    assert not ParticipantNeeds.objects.exists()
