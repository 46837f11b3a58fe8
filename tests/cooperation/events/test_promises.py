"""Seats that are promised to a delegation, and no more than there are."""

import uuid
from datetime import timedelta

import pytest

from cooperation.events.actions.dealing import deal_due, deal_seats
from cooperation.events.actions.inviting import save_invitation, withdraw_invitation
from cooperation.events.actions.planning import save_event
from cooperation.events.actions.refusing import EventRefused
from cooperation.events.actions.registering import (
    sign_off,
)
from cooperation.models import Dealing, Event, Participant
from notices.models import Notice
from tests.cooperation.events.seated import LAST_MINUTE, TOO_LATE, names_with_seat, seats
from tests.factories.events import (
    ANSWER_BY,
    DEALT_AT,
    make_event,
    make_invitation,
    register,
)
from tests.factories.people import AT

pytestmark = pytest.mark.django_db


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
