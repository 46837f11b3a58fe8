"""Confirmed: what is kept, whose access ends, and what is followed up when."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.periods import months_after
from mentoring.actions import add_member, edit_pairing, end_member, log_session
from mentoring.handover.actions import (
    confirm,
    write_handover,
)
from mentoring.handover.dossier import dossier_of
from mentoring.handover.schedule import days_for
from mentoring.models import (
    FollowUp,
    Handover,
    Pairing,
    still_to_hand_over,
)
from people.models import Person
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_pairing,
    make_person,
    mentor_of,
    people_of,
    send,
)
from tests.mentoring.handover.doing import (
    confirm_now,
    confirmed,
    member_of,
    refused,
    sent,
    today,
    told,
)

pytestmark = pytest.mark.django_db


def test_confirming_closes_the_pairing_ends_access_and_plans_follow_ups(
    pairing: Pairing, receiver: Person
) -> None:
    handover = confirmed(pairing, receiver)

    pairing.refresh_from_db()
    day = today()
    assert (pairing.state, handover.state) == ("closed", "confirmed")
    assert (handover.settled_by, len(handover.sha256)) == (receiver, 64)
    assert dict(pairing.members.values_list("side", "ends_on")) == {
        "mentor": day,
        "caseworker": None,
    }
    assert list(FollowUp.objects.soonest_first().values_list("months", "due_on", "owner")) == [
        (months, months_after(day, months), receiver.pk) for months in (1, 3, 6)
    ]
    assert told(mentor_of(pairing)) == ["mentoring.handover_confirmed"]


def test_confirmed_twice_it_is_confirmed_once(pairing: Pairing, receiver: Person) -> None:
    handover = sent(pairing, receiver)
    seen = dossier_of(handover).sha256

    for _time in range(2):
        confirm(handover, by=receiver, seen=seen, at=timezone.now())

    assert FollowUp.objects.count() == 3
    assert told(mentor_of(pairing)) == ["mentoring.handover_confirmed"]


def test_what_has_changed_since_it_was_read_is_read_once_more(
    pairing: Pairing, receiver: Person
) -> None:
    handover = sent(pairing, receiver)
    seen = dossier_of(handover).sha256
    send(pairing, at=timezone.now(), held_on=str(today()))

    assert refused(confirm, handover, by=receiver, seen=seen, at=timezone.now()) == "changed"
    handover.refresh_from_db()
    assert handover.state == "sent"
    confirm_now(handover)


def test_one_mentor_of_several_leaves_and_the_pairing_goes_on(receiver: Person) -> None:
    pairing = make_pairing(mentors=2)
    first, second = people_of(pairing, "mentor")

    confirmed(pairing, receiver, member=member_of(pairing, first))

    pairing.refresh_from_db()
    assert pairing.state == "active"
    assert dict(pairing.members.filter(side="mentor").values_list("person", "ends_on")) == {
        first.pk: today(),
        second.pk: None,
    }
    assert not FollowUp.objects.exists()
    send(pairing, author=second, at=timezone.now(), held_on=str(today()))

    confirmed(pairing, receiver, member=member_of(pairing, second))
    pairing.refresh_from_db()
    assert pairing.state == "closed"
    assert FollowUp.objects.count() == 3


def test_a_mentor_who_is_still_to_come_keeps_the_pairing_open(
    pairing: Pairing, receiver: Person
) -> None:
    next_one = make_person("mentor", name="Mentor Næste")
    add_member(pairing, next_one, "mentor", starts_on=today() + timedelta(days=20))

    confirmed(pairing, next_one)

    pairing.refresh_from_db()
    assert pairing.state != "closed"
    assert [one.person for one in still_to_hand_over(pairing)] == [next_one]


def test_who_comes_back_hands_over_the_last_stay_alone(pairing: Pairing, receiver: Person) -> None:
    member = member_of(pairing)
    end_member(member, on=today() - timedelta(days=3))
    add_member(pairing, member.person, "mentor", starts_on=today() - timedelta(days=1))

    assert [one.starts_on for one in still_to_hand_over(pairing)] == [today() - timedelta(days=1)]


def test_a_stay_that_never_began_is_not_handed_over(pairing: Pairing, receiver: Person) -> None:
    late = make_person("mentor", name="Mentor Ny")
    member = add_member(pairing, late, "mentor", starts_on=today() + timedelta(days=5))
    end_member(member, on=today())

    confirmed(pairing, receiver)

    pairing.refresh_from_db()
    assert pairing.state == "closed"


def test_a_mentor_who_has_handed_over_stays_gone_when_the_pairing_is_prolonged(
    receiver: Person,
) -> None:
    ends = today() + timedelta(days=10)
    pairing = make_pairing(mentors=2, ends_on=ends)
    first = member_of(pairing)
    confirmed(pairing, receiver, member=first)
    pairing.members.filter(pk=first.pk).update(ends_on=ends)  # as one closed from the log may be

    edit_pairing(
        pairing,
        kind=pairing.kind,
        starts_on=pairing.starts_on,
        ends_on=ends + timedelta(days=30),
        language_note="",
        recommendations=[],
    )

    first.refresh_from_db()
    assert first.ends_on == ends


@pytest.mark.parametrize("days_ago", [0, 1])
def test_what_was_written_during_the_stay_still_arrives_and_changes_no_dossier(
    pairing: Pairing, receiver: Person, days_ago: int
) -> None:
    """Also a session of the very morning before it was confirmed."""
    handover = confirmed(pairing, receiver)
    mentor = mentor_of(pairing)

    log_session(
        mentor,
        pairing,
        session_id=uuid.uuid4(),
        version_id=uuid.uuid4(),
        content=content_for(
            caseworker_of(pairing),
            held_on=str(today() - timedelta(days=days_ago)),
            place="upernavik",
        ),
        at=timezone.now(),
    )

    assert pairing.sessions.count() == 1
    assert dossier_of(Handover.objects.get(pk=handover.pk)).content["count"] == 0


@pytest.mark.parametrize(
    ("left_on", "today", "expected"),
    [
        (
            date(2027, 1, 31),
            date(2027, 1, 31),
            [(1, date(2027, 2, 28)), (3, date(2027, 4, 30)), (6, date(2027, 7, 31))],
        ),
        (
            date(2027, 1, 31),
            date(2027, 2, 27),
            [(1, date(2027, 2, 28)), (3, date(2027, 4, 30)), (6, date(2027, 7, 31))],
        ),
        (
            date(2027, 1, 31),
            date(2027, 2, 28),
            [(1, date(2027, 3, 7)), (3, date(2027, 4, 30)), (6, date(2027, 7, 31))],
        ),
        (
            date(2027, 1, 31),
            date(2027, 5, 1),
            [(3, date(2027, 5, 8)), (6, date(2027, 7, 31))],
        ),
        (date(2027, 1, 31), date(2028, 1, 1), [(6, date(2028, 1, 8))]),
        (
            date(2027, 8, 31),
            date(2027, 8, 31),
            [(1, date(2027, 9, 30)), (3, date(2027, 11, 30)), (6, date(2028, 2, 29))],
        ),
    ],
)
def test_follow_ups_come_1_3_and_6_months_after_the_mentor_left(
    left_on: date, today: date, expected: list[tuple[int, date]]
) -> None:
    assert days_for(left_on, today=today) == expected


def test_written_for_nobody_of_a_closed_pairing(pairing: Pairing, receiver: Person) -> None:
    confirmed(pairing, receiver)
    member = member_of(pairing)
    options = {"receiver": receiver, "notes": {}, "seen": "", "at": timezone.now()}
    assert refused(write_handover, member, **options) == "closed"
