"""A delegation is registered by one person; seats, waiting, dealing, signing off and moving up."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from cooperation.events.actions.dealing import deal_due, deal_seats
from cooperation.events.actions.inviting import save_invitation, withdraw_invitation
from cooperation.events.actions.planning import save_event
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.actions.registering import (
    Entry,
    choose_workshops,
    decline,
    save_delegation,
    say_needs,
    sign_off,
)
from cooperation.events.explaining import dealings_of
from cooperation.models import Dealing, Event, Participant, ParticipantNeeds, WorkshopWish
from notices.models import Notice
from tests.factories.events import (
    ANSWER_BY,
    DEALT_AT,
    STARTS,
    entries,
    make_event,
    make_invitation,
    make_workshop,
    register,
)
from tests.factories.people import AT, make_person

pytestmark = pytest.mark.django_db
#: In Nuuk the last minute of the last day for answers, and the first of the day after.
LAST_MINUTE = datetime(2027, 10, 1, 0, 59, tzinfo=UTC)
TOO_LATE = LAST_MINUTE + timedelta(minutes=1)


def seats(invitation):
    return [one.seated_at is not None for one in invitation.participants.signed_up().in_order()]


def names_with_seat(event):
    found = Participant.objects.seated().filter(invitation__event=event)
    return sorted(found.values_list("name", flat=True))


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


# --- Promises ---------------------------------------------------------------------------------


def test_no_more_seats_are_promised_than_there_are():
    event = make_event(seats=5)
    first = make_invitation(event, seats=3)
    asked = {"organisation": make_invitation(make_event()).organisation, "role": "head", "at": AT}

    with pytest.raises(EventRefused) as refusal:
        save_invitation(event, uuid.uuid4(), seats=3, **asked)
    made = save_invitation(event, uuid.uuid4(), seats=2, **asked)

    assert refusal.value.code == "seats"
    assert first.seats + made.seats == 5


def test_an_invitation_cannot_promise_less_than_its_delegation_has_taken():
    event = make_event()
    invitation = make_invitation(event, seats=2)
    register(invitation, "Anna", "Bo")

    with pytest.raises(EventRefused) as refusal:
        save_invitation(
            event,
            invitation.pk,
            organisation=invitation.organisation,
            role="leader",
            seats=1,
            at=AT,
        )

    assert refusal.value.code == "seats"


@pytest.mark.parametrize(("at", "count"), [(LAST_MINUTE, 2), (TOO_LATE, 1)])
def test_whoever_waits_gets_the_seats_that_are_promised_later(at, count):
    invitation = make_invitation(make_event(), seats=1)
    register(invitation, "Anna", "Bo", "Camilla")
    Notice.objects.all().delete()

    save_invitation(
        invitation.event,
        invitation.pk,
        organisation=invitation.organisation,
        role="leader",
        seats=2,
        at=at,
    )

    assert names_with_seat(invitation.event) == ["Anna", "Bo"][:count]


def test_an_invitation_that_is_taken_back_signs_its_people_off():
    invitation = make_invitation(make_event())
    register(invitation, "Anna")

    withdraw_invitation(invitation, at=AT)

    assert names_with_seat(invitation.event) == []


@pytest.fixture
def gone_on():
    """An event of ten seats: five were promised and not used, all ten have gone to others."""
    event = make_event(seats=10)
    promised = make_invitation(event, seats=5)
    register(make_invitation(event, seats=0), *(f"Deltager Demo {n}" for n in range(10)))
    deal_seats(event, at=DEALT_AT)
    return promised


def move_last_day(event, **more):
    later = ANSWER_BY + timedelta(days=7)
    return save_event(event.pk, by=None, at=DEALT_AT, answer_by=later, **more)


def test_a_later_last_day_does_not_promise_again_what_has_gone_on_to_others(gone_on):
    event = gone_on.event
    with pytest.raises(EventRefused) as refusal:
        move_last_day(event)
    assert (refusal.value.code, list(refusal.value.error_dict)) == ("seats", ["answer_by"])

    move_last_day(event, seats=15)  # room for both
    with pytest.raises(EventRefused) as refusal:
        save_invitation(
            event,
            uuid.uuid4(),
            organisation=gone_on.organisation,
            role="head",
            seats=1,
            at=DEALT_AT,
        )
    assert refusal.value.code == "seats"
    register(gone_on, *"ABCDE", at=DEALT_AT)

    assert len(names_with_seat(event)) == 15


def test_nobody_is_seated_beyond_the_seats_of_the_event_whatever_was_promised(gone_on):
    event = gone_on.event
    Event.objects.update(answer_by=ANSWER_BY + timedelta(days=7))
    gone_on.refresh_from_db()
    register(gone_on, *"ABCDE", at=DEALT_AT)
    assert seats(gone_on) == [False] * 5
    sign_off(Participant.objects.seated().first(), at=DEALT_AT)

    deal_due(DEALT_AT + timedelta(days=8))

    assert len(names_with_seat(event)) == 10
    assert seats(gone_on) == [True, *[False] * 4]


def test_an_event_with_more_people_than_seats_stops_no_dealing():
    event = make_event(seats=2)
    register(make_invitation(event, seats=2), "Anna", "Bo", "Camilla")
    Event.objects.update(seats=1)

    assert deal_due(DEALT_AT) == 1
    assert Dealing.objects.get().free == 0


# --- Dealing ----------------------------------------------------------------------------------


def test_nothing_is_dealt_until_the_last_day_is_over():
    event = make_event(seats=3)
    register(make_invitation(event, seats=1), "Anna", "Bo")

    assert deal_seats(event, at=LAST_MINUTE) == 0
    assert names_with_seat(event) == ["Anna"]
    assert deal_seats(event, at=TOO_LATE) == 1
    assert names_with_seat(event) == ["Anna", "Bo"]


def test_the_day_s_late_answers_wait_for_the_next_morning():
    event = make_event(seats=3)
    register(make_invitation(event, seats=1), "Anna", at=DEALT_AT)

    assert deal_seats(event, at=DEALT_AT) == 0
    assert deal_seats(event, at=DEALT_AT + timedelta(days=1)) == 1
    assert names_with_seat(event) == ["Anna"]


FIRST_MORNING = datetime(STARTS.year, STARTS.month, STARTS.day, 11, tzinfo=UTC)


def test_who_asks_on_the_last_day_gets_a_free_seat_on_the_first_day_of_the_event():
    event = make_event(seats=2)
    invitation = make_invitation(event, seats=2)
    [anna] = register(invitation, "Anna", at=FIRST_MORNING - timedelta(days=1))
    workshop = make_workshop(event)
    choose_workshops(invitation, {workshop: {anna.pk}}, at=FIRST_MORNING - timedelta(days=1))

    assert deal_due(FIRST_MORNING - timedelta(days=1)) == 0
    assert deal_due(FIRST_MORNING) == 2
    assert names_with_seat(event) == in_workshop(workshop) == ["Anna"]


def test_seats_are_dealt_although_one_answers_until_the_day_before():
    event = make_event(seats=3, answer_by=STARTS - timedelta(days=1))
    register(make_invitation(event, seats=1), "Anna", "Bo")

    deal_due(FIRST_MORNING)

    assert names_with_seat(event) == ["Anna", "Bo"]


def test_the_delegation_with_the_fewest_seats_gets_the_next_one():
    event = make_event(seats=4)
    register(make_invitation(event, seats=2), "Anna", "Bo", "Camilla")
    register(make_invitation(event, seats=0), "Dorthe", "Erik", "Frida")

    deal_seats(event, at=DEALT_AT)

    assert names_with_seat(event) == ["Anna", "Bo", "Dorthe", "Erik"]


def test_a_delegation_that_wants_all_or_none_gets_all_or_none():
    event = make_event(seats=3)
    register(make_invitation(event, seats=1), "Anna", "Bo", "Camilla", "Dorthe", all_or_none=True)
    register(make_invitation(event, seats=1), "Erik", "Frida")

    deal_seats(event, at=DEALT_AT)

    assert names_with_seat(event) == ["Anna", "Erik", "Frida"]


def test_who_signs_off_after_the_dealing_leaves_the_seat_to_the_next():
    event = make_event(seats=2)
    anna, _bo = register(make_invitation(event, seats=2), "Anna", "Bo")
    register(make_invitation(event, seats=0), "Camilla")
    deal_seats(event, at=DEALT_AT)
    assert names_with_seat(event) == ["Anna", "Bo"]

    sign_off(anna, at=DEALT_AT + timedelta(days=1))
    sign_off(anna, at=DEALT_AT + timedelta(days=1))  # twice is once

    assert names_with_seat(event) == ["Bo", "Camilla"]


def test_dealing_again_and_again_writes_nothing_new():
    event = make_event(seats=2)
    register(make_invitation(event, seats=1), "Anna", "Bo", "Camilla")

    written = [deal_due(DEALT_AT + timedelta(hours=hours)) for hours in range(4)]

    assert written == [1, 0, 0, 0]
    assert Dealing.objects.count() == 1


def test_everybody_reads_what_their_delegation_got_and_why():
    event = make_event(seats=2)
    first = make_invitation(event, seats=1)
    register(first, "Anna", "Bo", "Camilla")
    deal_seats(event, at=DEALT_AT)

    [dealing] = dealings_of(event, workshops=[])

    [row] = dealing.rows
    assert (row.invitation, row.wanted, row.got, row.held) == (first, 2, 1, 1)
    assert row.counted_on == ANSWER_BY
    assert "1 af 2" in row.words


def test_every_dealing_stays_readable_the_newest_first():
    event = make_event(seats=3)
    first, late = make_invitation(event, seats=0), make_invitation(event, seats=0)
    workshop = make_workshop(event)
    [anna] = register(first, "Anna")
    choose_workshops(first, {workshop: {anna.pk}}, at=AT)
    deal_seats(event, at=DEALT_AT)
    register(late, "Bo", at=DEALT_AT)
    deal_seats(event, at=DEALT_AT + timedelta(days=1))

    found = dealings_of(event, workshops=[workshop])

    assert [(one.workshop, [row.invitation for row in one.rows]) for one in found] == [
        (None, [late]),
        (None, [first]),
        (workshop, [first]),
    ]


def test_no_seat_is_dealt_of_an_event_that_is_cancelled_or_has_begun():
    cancelled = make_event(seats=9, state="cancelled", cancelled_reason="Storm")
    begun = make_event(seats=9)
    for event in (cancelled, begun):
        invitation = make_invitation(event, seats=0)
        invitation.participants.create(position=1, name="Anna", sector="social", asked_on=ANSWER_BY)

    assert deal_due(DEALT_AT) == 1  # the other one, before it begins
    Participant.objects.update(seated_at=None)
    Dealing.objects.all().delete()
    assert deal_due(datetime(2027, 11, 10, 15, tzinfo=UTC)) == 0  # its first day is over


# --- Workshops --------------------------------------------------------------------------------


def in_workshop(workshop):
    found = WorkshopWish.objects.standing().filter(workshop=workshop, seated_at__isnull=False)
    return sorted(found.values_list("participant__name", flat=True))


def test_a_full_workshop_is_dealt_among_those_who_have_a_seat():
    event = make_event(seats=4)
    workshop = make_workshop(event, capacity=2)
    large, small = make_invitation(event, seats=3), make_invitation(event, seats=1)
    first, second, third = register(large, "Anna", "Bo", "Camilla")
    [only] = register(small, "Dorthe")
    waits = make_invitation(event, seats=0)
    [without] = register(waits, "Erik")
    choose_workshops(large, {workshop: {first.pk, second.pk, third.pk}}, at=AT)
    choose_workshops(small, {workshop: {only.pk}}, at=AT)
    choose_workshops(waits, {workshop: {without.pk}}, at=AT)

    deal_seats(event, at=DEALT_AT)

    assert in_workshop(workshop) == ["Anna", "Dorthe"]
    sign_off(only, at=DEALT_AT)
    assert in_workshop(workshop) == ["Anna", "Erik"]  # who has a seat in the event by now
    sign_off(without, at=DEALT_AT)
    assert in_workshop(workshop) == ["Anna", "Bo"]


def test_all_or_none_of_a_workshop():
    event = make_event(seats=4)
    workshop = make_workshop(event, capacity=2)
    large, small = make_invitation(event, seats=3), make_invitation(event, seats=1)
    three = register(large, "Anna", "Bo", "Camilla")
    [only] = register(small, "Dorthe")
    choose_workshops(large, {workshop: {one.pk for one in three}}, all_or_none={workshop.pk}, at=AT)
    choose_workshops(small, {workshop: {only.pk}}, at=AT)

    deal_seats(event, at=DEALT_AT)

    assert in_workshop(workshop) == ["Dorthe"]


def test_nobody_is_in_two_workshops_at_one_time():
    event = make_event()
    one, other = make_workshop(event), make_workshop(event)
    after = make_workshop(event, starts_at=one.ends_at)
    invitation = make_invitation(event)
    [anna] = register(invitation, "Anna")

    with pytest.raises(EventRefused) as refusal:
        choose_workshops(invitation, {one: {anna.pk}, other: {anna.pk}}, at=AT)
    assert refusal.value.code == "overlap"
    assert not WorkshopWish.objects.exists()

    choose_workshops(invitation, {one: {anna.pk}, after: {anna.pk}}, at=AT)
    assert WorkshopWish.objects.standing().count() == 2


def test_a_wish_that_stands_keeps_its_day_and_one_left_out_is_taken_back():
    event = make_event()
    workshop = make_workshop(event)
    invitation = make_invitation(event)
    anna, bo = register(invitation, "Anna", "Bo")
    choose_workshops(invitation, {workshop: {anna.pk, bo.pk}}, at=AT)

    choose_workshops(invitation, {workshop: {anna.pk}}, at=AT + timedelta(days=3))

    [wish] = WorkshopWish.objects.standing()
    assert (wish.participant, wish.asked_on) == (anna, AT.date())


def test_a_participant_of_another_delegation_cannot_be_put_into_a_workshop():
    event = make_event()
    workshop = make_workshop(event)
    own, other = make_invitation(event), make_invitation(event)
    [anna] = register(other, "Anna")

    choose_workshops(own, {workshop: {anna.pk}}, at=AT)

    assert not WorkshopWish.objects.exists()


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
