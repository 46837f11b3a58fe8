"""Free seats are dealt after the last day for answers, and everybody reads why."""

from datetime import UTC, datetime, timedelta

import pytest

from cooperation.events.actions.dealing import deal_due, deal_seats
from cooperation.events.actions.registering import (
    choose_workshops,
    sign_off,
)
from cooperation.events.explaining import dealings_of
from cooperation.models import Dealing, Participant
from tests.cooperation.events.seated import LAST_MINUTE, TOO_LATE, in_workshop, names_with_seat
from tests.factories.events import (
    ANSWER_BY,
    DEALT_AT,
    STARTS,
    make_event,
    make_invitation,
    make_workshop,
    register,
)
from tests.factories.people import AT

pytestmark = pytest.mark.django_db


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
